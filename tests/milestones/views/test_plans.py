from __future__ import annotations

import pytest

from tests.browsing import Browse, few_queries, publish, text_of
from tests.cast import PLAN, Cast

CHANGED = PLAN.replace("2008-06-15", "2008-06-22")


@pytest.mark.parametrize(("handle", "status"), [("alice", 200), ("bob", 200), ("charlie", 404), ("", 404)])
@pytest.mark.parametrize("page", ["plan/", "plan/v1/", "plan.toml"])
def test_who_may_read_the_plan(browse: Browse, page: str, handle: str, status: int) -> None:
    client = browse(handle)
    with few_queries():
        assert client.get(f"/p/vimage/{page}").status_code == status


def test_the_plan_shows_its_values_and_its_text(browse: Browse) -> None:
    said = text_of(browse("bob").get("/p/vimage/plan/"))
    for words in ("Macros that change nothing", "15 June 2008", "14 days", "closed-world", "sys/kern/**"):
        assert words in said
    assert "Edit plan" not in said


def test_the_file_stands_alone_and_says_its_name(browse: Browse) -> None:
    answer = browse("bob").get("/p/vimage/plan.toml")
    assert answer["Content-Type"] == "application/toml"
    assert answer["Content-Disposition"] == 'attachment; filename="vimage.plan.toml"'
    assert b"#define V_hostname hostname" in answer.content


def test_the_lead_saves_a_new_version_with_a_reason(browse: Browse, cast: Cast) -> None:
    client = browse("alice")
    assert PLAN.split("\n")[1].replace('"', "&quot;") in client.get("/p/vimage/plan/edit/").content.decode()
    data = {"toml": CHANGED, "reason": "A week there-after.", "based_on": 1}
    answer = client.post("/p/vimage/plan/edit/", data)
    assert answer["Location"] == "/p/vimage/plan/"
    assert cast.project.plan_version.number == 2
    said = text_of(client.get("/p/vimage/plan/"))
    assert "22 June 2008" in said
    assert "A week there-after." in said
    assert "an old version" in text_of(client.get("/p/vimage/plan/v1/"))


def test_a_plan_that_changed_meanwhile_is_not_overwritten(browse: Browse, cast: Cast) -> None:
    client = browse("alice")
    client.post("/p/vimage/plan/edit/", {"toml": CHANGED, "based_on": 1})
    mine = PLAN.replace("2008-06-15", "2008-06-29")
    answer = client.post("/p/vimage/plan/edit/", {"toml": mine, "based_on": 1})
    assert answer.status_code == 422
    assert "2008-06-29" in answer.content.decode()
    assert cast.project.plan_version.number == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_reader_is_told_who_can_change_the_plan(browse: Browse, cast: Cast, method: str) -> None:
    answer = getattr(browse("bob"), method)("/p/vimage/plan/edit/", {"toml": CHANGED})
    assert answer.status_code == 403
    assert "You can read this, not change it." in text_of(answer)
    assert "In FreeBSD VIMAGE these can change the plan: alice." in text_of(answer)
    assert cast.project.plan_version.number == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_told_nothing_and_the_public_to_sign_in(
    browse: Browse, cast: Cast, method: str
) -> None:
    address = "/p/vimage/plan/edit/"
    for handle in ("charlie", ""):
        assert getattr(browse(handle), method)(address).status_code == 404
    publish(cast.project)
    assert getattr(browse("charlie"), method)(address).status_code == 403
    assert getattr(browse(""), method)(address)["Location"] == f"/login/?next={address}"


def test_a_version_that_is_not_there_is_404(browse: Browse) -> None:
    assert browse("alice").get("/p/vimage/plan/v7/").status_code == 404
