from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tarfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from vimagetrack import demo
from vimagetrack.demo import regenerate
from vimagetrack.engine.diff.emit import emit
from vimagetrack.engine.diff.model import FileOp
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.plan import DueKind, dump_plan, parse_plan

CFLAGS = ["-c", "-O", "-Wall", "-Werror", "-ffreestanding", "-nostdinc", "-D_KERNEL", "-Isys"]


@pytest.fixture(scope="module")
def gcc():
    found = shutil.which("gcc")
    if found is None:
        pytest.skip("There is no gcc here, and only a compiler can say that the demo's trees compile.")
    return found


@pytest.fixture(scope="module", params=demo.VERSIONS)
def version(request):
    return request.param


@pytest.fixture(scope="module")
def finals(tmp_path_factory):
    folders = {}
    for number in demo.VERSIONS:
        folders[number] = tmp_path_factory.mktemp("finals") / f"v{number}"
        regenerate.unfold(number, folders[number])
    return folders


def compile_tree(gcc: str, root: Path, *options: str) -> dict[str, bytes]:
    """Compile every C file below the root under its own name; an object is named by its source."""
    sources = sorted(path.relative_to(root).as_posix() for path in root.glob("sys/**/*.c"))
    subprocess.run([gcc, *CFLAGS, *options, *sources], cwd=root, check=True)
    return {source: (root / Path(source).with_suffix(".o").name).read_bytes() for source in sources}


def write_tree(root: Path, files: dict[str, bytes]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)
    return root


def test_the_monolith_makes_the_final_tree_of_the_base(version, finals):
    root = finals[version]
    paths = [path for path in root.rglob("*") if path.is_file()]
    got = {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    assert got == demo.final_digests(version)


def test_the_monolith_is_what_git_makes_of_the_final_tree(version, finals):
    assert regenerate.make_diff(finals[version]) == demo.monolith(version)


def test_the_engine_keeps_every_byte_of_it(version):
    diff = parse(demo.monolith(version))
    assert emit(diff) == demo.monolith(version)
    assert {warning.code for warning in diff.warnings} == {"binary", "deleted", "renamed"}


def test_it_has_every_kind_of_change_that_a_real_one_has():
    files = parse(demo.monolith()).files
    by_op = {op: [file for file in files if file.op is op] for op in FileOp}
    assert [file.path for file in by_op[FileOp.DELETE]] == ["sys/kern/kern_globals.c"]
    assert [(file.old_path, file.new_path) for file in by_op[FileOp.RENAME]] == [
        ("sys/netinet/ip_rand.c", "sys/netinet/ip_id.c")
    ]
    assert [file.path for file in files if file.binary] == ["share/doc/vimage/stacks.png"]
    assert {"sys/kern/kern_vimage.c", "sys/net/vnet.c"} <= {file.path for file in by_op[FileOp.CREATE]}
    assert {"sys/conf/files", "usr.sbin/jail/jail.8"} <= {file.path for file in by_op[FileOp.MODIFY]}
    added = b"".join(
        line for file in files for hunk in file.hunks for run in hunk.runs() for line in run.new_lines
    )
    for shape in (
        b"hostname_report(V_hostname, HOSTNAME_SHOUT);",
        b"INIT_VNET_NET(curvnet);",
        b"SYSCTL_V_INT(V_NET, vnet_net,",
        b"\tVNET_FOREACH(vnet_iter) {\n",
    ):
        assert shape in added


def test_the_second_regeneration_drifts_a_little():
    first, second = ({file.path: emit_hunks(file) for file in parse(demo.monolith(v)).files} for v in (1, 2))
    assert first.keys() == second.keys()
    assert 3 <= sum(first[path] != second[path] for path in first) <= 10


def emit_hunks(file) -> list[bytes]:
    return [hunk.body for hunk in file.hunks]


def test_the_plan_is_the_mails_schedule():
    plan = demo.plan()
    assert [(milestone.slug, milestone.layer, milestone.due.on) for milestone in plan.milestones] == [
        ("headsup", "announce", date(2008, 6, 9)),
        ("macros", "null", date(2008, 6, 15)),
        ("structs", "mixed", date(2008, 6, 29)),
        ("cleanup", "mixed", date(2008, 7, 13)),
        ("jail", "meat", date(2008, 7, 21)),
        ("many", "meat", date(2008, 7, 28)),
        ("modules", "open", date(2008, 8, 1)),
    ]
    assert plan.milestones[-1].due.kind is DueKind.MONTH
    assert [milestone.settle_days for milestone in plan.milestones] == [0, 14, 0, 0, 0, 0, 0]
    assert plan.milestones[0].landed_on == date(2008, 6, 9)
    assert parse_plan(dump_plan(plan)) == plan


def test_the_plan_knows_every_file_of_the_monolith():
    assert [file.path for file in parse(demo.monolith()).files if not demo.plan().area_of(file.path)] == []


def test_every_transition_macro_of_the_monolith_has_its_milestone():
    plan = demo.plan()
    uses = re.findall(
        r"\b(V_\w+|SYSCTL_V_\w+|INIT_V\w+|CURVNET_\w+|VNET_FOREACH)\b", demo.monolith().decode("latin-1")
    )
    known = {name for milestone in plan.milestones for name in milestone.defined_names}
    homes = {name: plan.null_milestone_of(name) for name in set(uses) & known}
    assert len(homes) > 50
    early = {name for name, slug in homes.items() if slug == "macros"}
    assert early == {name for name in homes if name.startswith(("V_", "SYSCTL_V_"))}
    assert set(homes.values()) == {"macros", "cleanup"}


def test_the_last_table_is_what_the_final_header_says(finals):
    header = (finals[1] / "sys/sys/vimage.h").read_bytes()
    assert demo.plan().milestone("many").table.strip() in header


def test_both_trees_compile_without_a_warning(gcc, finals, tmp_path):
    base = compile_tree(gcc, write_tree(tmp_path / "base", demo.base_files()))
    assert len(base) == 16
    for root in finals.values():
        copy = shutil.copytree(root, tmp_path / root.name)
        assert len(compile_tree(gcc, copy)) == 18


def test_regenerate_says_how_it_is_used(capsys, tmp_path):
    assert regenerate.main(["fold", "one", str(tmp_path)]) == 2
    assert "unfold 1 DIR" in capsys.readouterr().err
    assert regenerate.main(["unfold", "1", str(tmp_path / "v1")]) == 0
    assert (tmp_path / "v1" / "sys/kern/kern_vimage.c").is_file()


def test_the_base_as_a_tar_is_the_base():
    with tarfile.open(fileobj=BytesIO(demo.base_tar())) as tar:
        got = {name: tar.extractfile(name).read() for name in tar.getnames()}
    assert got == demo.base_files()
    assert demo.base_tar() == demo.base_tar()


# A null step by hand: the monolith's renames, made with nothing but a regular expression, so that the table
# is tried without our own engine. A registration keeps its words, since it stringises its name.

_WORDS = re.compile(
    rb'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|^SYSCTL_\w+\(.*?\);|(?:->\s*|\.\s*|struct\s+)?\b[A-Za-z_]\w*\b',
    re.DOTALL | re.MULTILINE,
)
_BODY = re.compile(rb"^\{\n", re.MULTILINE)


def renamed(text: bytes, names: set[bytes], statement: bytes = b"") -> bytes:
    """Spell the globals as V_ names, and put a statement at the top of every function."""
    spelled = _WORDS.sub(lambda word: b"V_" + word[0] if word[0] in names else word[0], text)
    return _BODY.sub(b"{\n" + statement, spelled)


@pytest.fixture(scope="module")
def compile_renamed(gcc, tmp_path_factory):
    """Give a function that compiles the base with every global renamed, under a milestone's tables."""
    plan = demo.plan()
    names = {name[2:] for name in re.findall(rb"#define (V_\w+)", plan.table_text(1))}
    assert len(names) > 30

    def compiled(slug: str, statement: bytes = b"") -> dict[str, bytes]:
        files = demo.base_files().items()
        tree = {
            path: renamed(text, names, statement) if path.endswith(".c") else text for path, text in files
        }
        root = write_tree(tmp_path_factory.mktemp("renamed"), tree)
        (root / "table.h").write_bytes(plan.table_text(plan.index_of(slug)))
        # -w: each table defines its names anew, and what gcc says of that is of no interest here
        return compile_tree(gcc, root, "-w", "-include", "table.h")

    return compiled


@pytest.fixture(scope="module")
def base_objects(gcc, tmp_path_factory):
    return compile_tree(gcc, write_tree(tmp_path_factory.mktemp("base"), demo.base_files()))


def test_the_macros_change_no_object(compile_renamed, base_objects):
    assert compile_renamed("macros") == base_objects


def test_the_structures_change_no_object_with_the_option_off(compile_renamed, base_objects):
    assert compile_renamed("structs") == base_objects


def test_a_change_that_is_not_null_is_seen_in_the_objects(compile_renamed, base_objects):
    got = compile_renamed("macros", statement=b"\tticks++;\n")
    assert [source for source in got if got[source] != base_objects[source]] != []
