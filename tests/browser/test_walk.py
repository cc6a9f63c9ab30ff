"""From a plan to the patches in a real browser, as a new user goes; the policy is never broken on the way."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.conftest import Walk
from tests.cast import work_off
from vimagetrack import demo
from vimagetrack.engine.diff.parse import parse

PATIENCE_MS = 60_000
pytestmark = pytest.mark.browser


@dataclass(frozen=True, kw_only=True)
class Case:
    """A plan with its table files, a monolith, and the tree that it applies to."""

    slug: str
    plan: str
    tables: list[Path]
    monolith: Path
    base: dict[str, bytes]
    tar: bytes | None = None


def demo_case() -> Case:
    base = demo.base_files()
    return Case(
        slug="demo",
        plan=demo.plan_toml(),
        tables=[],
        monolith=Path(demo.__file__).with_name("monolith-v1.diff"),
        base=dict(base),
        tar=demo.base_tar(),
    )


def corpus_case(shared: Path) -> Case:
    folder = shared / "corpus" / "freebsd-2008-A-nearpure"
    monolith = folder / "full-context.diff"
    files = parse(monolith.read_bytes()).files
    return Case(
        slug="vimage-2008",
        plan=(folder / "plan.toml").read_text(),
        tables=sorted(path for path in (folder / "headers").rglob("*") if path.is_file()),
        monolith=monolith,
        base={file.old_path: file.hunks[0].old_text for file in files if file.old_path},
    )


@pytest.fixture(params=["demo", "freebsd-2008-A-nearpure"])
def case(request: pytest.FixtureRequest) -> Case:
    if request.param == "demo":
        return demo_case()
    return corpus_case(request.getfixturevalue("shared_dir"))


def test_from_the_plan_to_the_patches(walk: Walk, case: Case, tmp_path: Path) -> None:
    walk.sign_in("alice", "alice")
    create_project(walk, case)
    upload(walk, case)
    watch_it_finish(walk)
    patches = {name: walk.download(f'text="{name}"') for name in patch_names(walk)}
    assert len(patches) >= 2
    look_at_chunks(walk, case)
    assert apply_all(tmp_path / "ours", case.base, patches.values()) == apply_all(
        tmp_path / "theirs", case.base, [case.monolith.read_bytes()]
    )
    assert walk.complaints == []


def create_project(walk: Walk, case: Case) -> None:
    page = walk.page
    page.click("text=Make one from a plan")
    page.fill("#toml", case.plan)
    if case.tables:
        page.set_input_files("#tables", case.tables)
        assert case.tables[0].name in page.inner_text(".files")
    page.click("text=Make the project")
    page.wait_for_url(f"**/p/{case.slug}/")
    assert page.locator(".sched tbody tr").count() == case.plan.count("[[milestone]]")


def upload(walk: Walk, case: Case) -> None:
    page = walk.page
    page.click("text=Upload regeneration")
    page.set_input_files("#diff", case.monolith)
    if case.tar is not None:
        page.check('input[name="base"][value="tree"]')
        tar = {"name": "base.tar", "mimeType": "application/x-tar", "buffer": case.tar}
        page.set_input_files("#base_tar", tar)
    page.click('button[type="submit"]:has-text("Upload")')
    page.wait_for_url("**/s/main/v1/", timeout=PATIENCE_MS)


def watch_it_finish(walk: Walk) -> None:
    """See it wait, let the worker do its job, and see the page load itself again."""
    assert "Waiting for the worker" in walk.page.inner_text("main")
    walk.apart(work_off)
    walk.page.wait_for_selector("text=complete, current", timeout=PATIENCE_MS)
    assert walk.page.locator("svg.tmap rect.f-meat").count() > 0


def patch_names(walk: Walk) -> list[str]:
    return walk.page.locator('main table a[href*="/patches/"]').all_inner_texts()


def look_at_chunks(walk: Walk, case: Case) -> None:
    page = walk.page
    for kind, mark in (("null-macro", "ins.nul, td.k-null"), ("meat", "td.k-meat")):
        page.goto(f"{walk.url}/p/{case.slug}/chunks/?kind={kind}")
        page.click("main tbody th a >> nth=0")
        page.wait_for_selector("table.diff")
        assert page.locator(f"table.diff :is({mark})").count() > 0
        assert "nothing hidden" in page.inner_text("main")
        page.keyboard.press("v")
        page.wait_for_selector("table.diff.uni")
    page.check("#theme-dark", force=True)
    page.wait_for_function("() => document.querySelector('#theme-dark').hasAttribute('data-kept')")
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark"


def apply_all(folder: Path, base: dict[str, bytes], patches: object) -> dict[str, bytes]:
    """Apply patches in order with git, no fuzz, and read the tree."""
    for name, text in base.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    for patch in patches:  # type: ignore[attr-defined]
        subprocess.run(
            ["git", "apply", "--whitespace=nowarn", "-"],
            input=patch,
            cwd=folder,
            check=True,
            capture_output=True,
        )
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_typo_in_the_plan_is_shown_with_its_line(walk: Walk) -> None:
    walk.sign_in("alice", "alice")
    page = walk.page
    page.goto(f"{walk.url}/new/")
    page.fill("#toml", demo.plan_toml().replace("settle_days", "setle_days", 1))
    page.click("text=Make the project")
    page.wait_for_selector(".notice.stop")
    assert "setle_days" in page.inner_text(".notice.stop pre")
    assert page.input_value("#toml").startswith("#")
    assert [line for line in walk.complaints if "422" not in line] == []


def test_an_upload_that_is_refused_says_so_without_leaving_the_page(walk: Walk) -> None:
    walk.sign_in("alice", "alice")
    create_project(walk, demo_case())
    page = walk.page
    page.goto(f"{walk.url}/p/demo/upload/")
    page.set_input_files("#diff", {"name": "empty.diff", "mimeType": "text/x-diff", "buffer": b""})
    page.click('button[type="submit"]:has-text("Upload")')
    page.wait_for_selector("[data-upload-failure]:not([hidden])")
    assert "empty" in page.inner_text("[data-upload-failure]")
    assert "empty.diff" in page.inner_text("[data-drop-said]")
    assert [line for line in walk.complaints if "422" not in line] == []


def test_everything_works_without_a_script(walk: Walk) -> None:
    context = walk.page.context.browser.new_context(java_script_enabled=False)
    walk.page = context.new_page()
    walk.sign_in("alice", "alice")
    create_project(walk, Case(slug="demo", plan=demo.plan_toml(), tables=[], monolith=Path(), base={}))
    upload(walk, demo_case())
    assert "Waiting for the worker" in walk.page.inner_text("main")
    walk.apart(work_off)
    walk.page.wait_for_selector("text=complete, current", timeout=PATIENCE_MS)  # by its own refresh
    context.close()


def test_a_violation_of_the_policy_would_be_heard(walk: Walk) -> None:
    walk.page.goto(f"{walk.url}/login/")
    assert walk.complaints == []
    walk.page.evaluate("document.body.setAttribute('style', 'color: red')")
    walk.page.wait_for_timeout(200)
    assert any("Content Security Policy" in line for line in walk.complaints)
