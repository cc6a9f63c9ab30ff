"""Make a token for a person, and print it once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from vimagetrack.errors import DomainError
from vimagetrack.people.models import Person, Scope
from vimagetrack.people.services import create_token


class Command(BaseCommand):
    """``manage.py create_token HANDLE --scopes read,upload [--project SLUG] [--days N] [--label TEXT]``."""

    help = "Make a token for a person and print it once; only its sha256 is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command reads."""
        parser.add_argument("handle", help="whose rights the token has at most")
        parser.add_argument("--scopes", default="read", help="comma-separated: " + ", ".join(Scope))
        parser.add_argument("--project", help="slug of the one project that it opens; default: all")
        parser.add_argument("--days", type=int, help="days until it expires; default: never")
        parser.add_argument("--label", default="made on the command line", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the words, make the token, print it alone on stdout."""
        person = Person.objects.called(options["handle"]).filter(user__is_active=True).first()
        if person is None:
            raise CommandError(f"There is no person {options['handle']!r} with an active account.")
        text = self._create(person, options)
        self.stdout.write(text)

    def _create(self, person: Person, options: dict[str, Any]) -> str:
        now = timezone.now()
        days = options["days"]
        try:
            token, text = create_token(
                person=person,
                scopes=_scopes(options["scopes"]),
                project=_project(options["project"]),
                label=options["label"],
                expires_at=None if days is None else now + timedelta(days=days),
                now=now,
            )
        except (DomainError, OverflowError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(
            f"Token {token.prefix}... of {person.handle}: {', '.join(token.scopes)}. Shown once:"
        )
        return text


def _scopes(text: str) -> set[Scope]:
    words = {word.strip() for word in text.split(",") if word.strip()}
    unknown = words - set(Scope)
    if unknown:
        raise CommandError(f"Unknown scopes: {', '.join(sorted(unknown))}. There are: {', '.join(Scope)}.")
    return {Scope(word) for word in words}


def _project(slug: str | None) -> Any:
    """Find the project by its slug; people know no milestones, so the app registry is asked."""
    if slug is None:
        return None
    project = apps.get_model("milestones", "Project").objects.filter(slug=slug).first()
    if project is None:
        raise CommandError(f"There is no project {slug!r}.")
    return project
