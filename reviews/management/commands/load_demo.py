"""Load the demo: people, a project, and its monolith for the worker to split."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from vimagetrack import playground


class Command(BaseCommand):
    """``manage.py load_demo``: a second run changes nothing."""

    help = "Load the demo project with its people; where the project is there already, change nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build the demo and say what there is; silent at verbosity 0."""
        built = playground.build_demo(password=playground.demo_password(), now=timezone.now())
        if not options["verbosity"]:
            return
        if not built.created:
            self.stdout.write(f"The project {built.project.slug} is there already; nothing was changed.")
            return
        self.stdout.write(
            f"The project {built.project.slug} has {len(built.revisions)} revisions; the worker splits them."
        )
        self.stdout.write(playground.demo_accounts())
