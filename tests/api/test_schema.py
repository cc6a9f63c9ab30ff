from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from tests.api.conftest import World
from vimagetrack.api.schema import document


def test_document_is_valid_and_made_without_a_warning(tmp_path: Any) -> None:
    validate_schema(document())
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_every_operation_has_a_name_of_ours_and_words() -> None:
    operations = [operation for methods in document()["paths"].values() for operation in methods.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert [o["operationId"] for o in operations if not o.get("description")] == []


def test_document_is_served_as_yaml_and_json_to_anyone(db: None) -> None:
    client = APIClient()
    assert client.get("/api/v1/schema/")["Content-Type"].startswith("application/vnd.oai.openapi")
    answer = client.get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert json.loads(answer.content)["info"]["title"] == "VimageTrack"


def test_docs_page_has_nothing_inline_and_nothing_from_elsewhere(db: None) -> None:
    page = APIClient().get("/api/v1/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in text
    assert "style=" not in text
    assert "<script>" not in text
    assert "//" not in text.replace("<!DOCTYPE html>", "")
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]


def test_docs_script_is_a_script_of_ours(db: None) -> None:
    script = APIClient().get("/api/v1/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert '"/api/v1/schema/"' in script.content.decode()


@pytest.mark.parametrize("query", ["?lang=</script>", '?version="><b>', "?script=&version=</script>"])
def test_docs_page_echoes_nothing_unescaped(query: str, db: None) -> None:
    text = APIClient().get(f"/api/v1/docs/{query}").content.decode()
    assert "<b>" not in text
    assert "=</script>" not in text


def test_answers_have_exactly_the_fields_that_the_document_names(
    world: World, ask: Callable[..., APIClient]
) -> None:
    """Lists are made from rows, not by serializers: this holds the two together."""
    schemas = document()["components"]["schemas"]
    client = ask(world.bob)
    base = "/api/v1/projects/vimage/"
    for path, name in {
        "/api/v1/projects/": "Project",
        f"{base}milestones/": "Milestone",
        f"{base}revisions/": "Revision",
        f"{base}revisions/main/v1/splits/": "Split",
        f"{base}chunks/": "Chunk",
        f"{base}chunks/uid1/v1/changes/?texts=true": "Change",
        f"{base}jobs/": "Job",
    }.items():
        assert set(client.get(path).json()["results"][0]) == set(schemas[name]["properties"]), name
    for path, name in {
        "/api/v1/": "Index",
        "/api/v1/me/": "Me",
        base: "Project",
        f"{base}plan/": "Plan",
        f"{base}milestones/macros/": "Milestone",
        f"{base}milestones/macros/status/": "Status",
        f"{base}revisions/main/v1/": "RevisionDetail",
        f"{base}revisions/main/v1/splits/1/": "SplitDetail",
        f"{base}chunks/uid1/": "ChunkDetail",
        f"{base}jobs/{world.job.pk}/": "Job",
    }.items():
        assert set(client.get(path).json()) == set(schemas[name]["properties"]), name
