"""The rules of the house, read from the source: who may import whom, and how large things may grow.

A rule looks at one module's imports or functions and yields findings; `inspect_tree` runs all of them over a
folder. It parses and never imports, so it works on a planted tree as well as on ours.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("vimagetrack", "milestones", "reviews")
FOUNDATION = ("vimagetrack.people", "vimagetrack.events", "vimagetrack.jobs")
APPS = (*FOUNDATION, "milestones", "reviews")
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_MEDIAN_LINES = 12

RECORDS, SERVICES, DOORS = 1, 2, 3
LAYERS = {
    **dict.fromkeys(("models", "querysets", "gates", "fields", "rights", "migrations"), RECORDS),
    **dict.fromkeys(("services", "ingest", "mail"), SERVICES),
    **dict.fromkeys(("views", "api", "tasks", "management", "admin", "urls", "forms", "patchwork"), DOORS),
}
LAYER_NAMES = {RECORDS: "records", SERVICES: "services", DOORS: "doors"}

# What would make the engine's answer depend on more than its input. `datetime` gives the dates of a plan; its
# clock is looked for by name below.
IMPURE = frozenset(
    """asyncio ctypes fcntl getpass glob http io locale logging os pathlib platform pwd random secrets select
    shutil signal socket sqlite3 ssl subprocess sys tempfile time urllib uuid""".split()  # noqa: SIM905
)
PURE_ALL_THE_SAME = frozenset({"pathlib.PurePosixPath", "io.BytesIO"})
IMPURE_CALLS = frozenset({"open", "input", "print", "exec", "eval", "now", "today", "utcnow", "getenv"})
GUESTS = {"unidiff": "vimagetrack.engine.diff", "rapidfuzz": "vimagetrack.engine.split"}
#: What belongs to the command line: it opens files and runs compilers, on the user's machine only.
ENGINE_DOORS = ("vimagetrack.engine.__main__", "vimagetrack.engine.commands")
SIGNALS = (
    "django.dispatch",
    "django.db.models.signals",
    "django.core.signals",
    "django.contrib.auth.signals",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule; prints as file:line: what: why."""

    path: str
    lineno: int
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.what}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One source file, parsed; `name` is dotted, a package's own file has the package's name."""

    path: str
    name: str
    lines: int
    tree: ast.Module

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield each imported module, wherever the import stands; `from a import b` yields a.b."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        keep = len(parts) - node.level + (1 if self.path.endswith("__init__.py") else 0)
        return ".".join([*parts[:keep], *([node.module] if node.module else [])])

    def functions(self) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
        """Yield each function with its length: from `def` to its end, without the docstring."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0]
                docstring = 0
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    docstring = (first.end_lineno or 0) - first.lineno + 1
                yield node, (node.end_lineno or 0) - node.lineno + 1 - docstring

    def for_annotations(self) -> frozenset[int]:
        """Give the lines under `if TYPE_CHECKING:`, which are never run."""
        blocks = (node for node in ast.walk(self.tree) if isinstance(node, ast.If))
        return frozenset(
            lineno
            for block in blocks
            if ast.unparse(block.test) == "TYPE_CHECKING"
            for statement in block.body
            for lineno in range(statement.lineno, (statement.end_lineno or 0) + 1)
        )


def within(name: str, package: str) -> bool:
    """Tell whether a dotted name is the package or in it."""
    return name == package or name.startswith(f"{package}.")


def app_of(name: str) -> str | None:
    """Give the app that a module belongs to."""
    return next((app for app in APPS if within(name, app)), None)


def layer_of(name: str) -> int | None:
    """Give the layer that a module's place in its app says; None for what stands beside the layers."""
    app = app_of(name)
    if app is None:
        return None
    parts = name.removeprefix(app).strip(".").split(".")
    return next((LAYERS[part] for part in parts if part in LAYERS), None)


def engine_is_pure(module: Module) -> Iterator[Finding]:
    """Let the engine see its arguments and the standard library's pure part only."""
    if not within(module.name, "vimagetrack.engine") or _is_engine_door(module.name):
        return
    for lineno, name in module.imports():
        top = name.split(".")[0]
        if within(name, "vimagetrack.engine") or name in PURE_ALL_THE_SAME:
            continue
        if top in GUESTS and within(module.name, GUESTS[top]):
            continue
        if top in IMPURE:
            yield _finding(module, lineno, name, "the engine has no clock, network, environment or files")
        elif top not in sys.stdlib_module_names:
            yield _finding(module, lineno, name, "the engine knows the standard library and itself only")
    yield from _impure_calls(module)


def _is_engine_door(name: str) -> bool:
    return any(within(name, door) for door in ENGINE_DOORS)


def commands_are_for_users(module: Module) -> Iterator[Finding]:
    """Keep the commands to the command line: no server runs what they run."""
    for lineno, name in module.imports():
        if within(name, ENGINE_DOORS[1]) and not _is_engine_door(module.name):
            yield _finding(module, lineno, name, "the commands belong to the command line")


def _impure_calls(module: Module) -> Iterator[Finding]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in IMPURE_CALLS and not (name == "open" and isinstance(called, ast.Attribute)):
                yield _finding(module, node.lineno, f"{name}()", "the engine takes values and gives values")


def imports_point_down(module: Module) -> Iterator[Finding]:
    """Let doors use services, services use records, and nobody the other way round."""
    layer = layer_of(module.name)
    for lineno, name in module.imports():
        target = layer_of(name)
        if layer is not None and target is not None and target > layer:
            reason = f"{LAYER_NAMES[layer]} must not know {LAYER_NAMES[target]}"
            yield _finding(module, lineno, name, reason)


def apps_know_the_right_apps(module: Module) -> Iterator[Finding]:
    """Let reviews know milestones, both know people, events and jobs, and none the reverse.

    A membership is one of a project: the foundation may say that type in an annotation, as its key does.
    """
    mine = app_of(module.name)
    annotations = module.for_annotations() if mine in FOUNDATION else frozenset()
    forbidden = {"milestones": ("reviews",), **dict.fromkeys(FOUNDATION, ("milestones", "reviews"))}
    for lineno, name in module.imports():
        theirs = app_of(name)
        if lineno in annotations and within(name, "milestones.models"):
            continue
        if mine and theirs in forbidden.get(mine, ()):
            yield _finding(module, lineno, name, f"{mine} must not know {theirs}")


def local_stands_apart(module: Module) -> Iterator[Finding]:
    """Keep the supervisor out of the application, and the application out of it."""
    inside = within(module.name, "vimagetrack.local")
    for lineno, name in module.imports():
        if not inside and within(name, "vimagetrack.local"):
            yield _finding(module, lineno, name, "the application must not know how one machine runs it")
        elif inside and app_of(name):
            yield _finding(module, lineno, name, "the supervisor must not know the application")


def no_signals(module: Module) -> Iterator[Finding]:
    """Keep receivers out: what happens on save must stand where it is saved."""
    for lineno, name in module.imports():
        if name.endswith(".receiver") and name.startswith(SIGNALS):
            yield _finding(module, lineno, name, "no signals: call a service")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "connect" and _is_signal(module, node.value):
            yield _finding(module, node.lineno, ast.unparse(node), "no signals: call a service")


def _is_signal(module: Module, value: ast.expr) -> bool:
    imported = {name.rsplit(".", 1)[1] for _, name in module.imports() if name.startswith(SIGNALS)}
    return "signals." in ast.unparse(value) or (isinstance(value, ast.Name) and value.id in imported)


def no_drawers(module: Module) -> Iterator[Finding]:
    """Refuse modules whose name says nothing."""
    if module.name.rsplit(".", 1)[-1] in {"utils", "util", "helpers", "misc", "common"}:
        yield _finding(module, 1, module.name, "a name that says what is inside")


def files_stay_small(module: Module) -> Iterator[Finding]:
    """Refuse files above the budget."""
    if module.lines > MOST_FILE_LINES and ".migrations." not in module.name:
        yield _finding(module, 1, f"{module.lines} lines", f"{MOST_FILE_LINES} at most")


def functions_stay_small(module: Module) -> Iterator[Finding]:
    """Refuse functions above the budget."""
    for node, length in module.functions():
        if length > MOST_FUNCTION_LINES:
            what = f"{node.name} has {length} lines"
            yield _finding(module, node.lineno, what, f"{MOST_FUNCTION_LINES} at most")


RULES: tuple[Callable[[Module], Iterator[Finding]], ...] = (
    engine_is_pure,
    commands_are_for_users,
    imports_point_down,
    apps_know_the_right_apps,
    local_stands_apart,
    no_signals,
    no_drawers,
    files_stay_small,
    functions_stay_small,
)


def modules(root: Path) -> list[Module]:
    """Parse every source file of our packages below `root`."""
    paths = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return [_parse(root, path) for path in paths]


def _parse(root: Path, path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    shown = str(path.relative_to(root))
    return Module(path=shown, name=name, lines=len(text.splitlines()), tree=ast.parse(text, filename=shown))


def inspect_tree(root: Path) -> list[Finding]:
    """Give every finding of every rule, in order of the files."""
    return [finding for module in modules(root) for rule in RULES for finding in rule(module)]


def median_function_lines(root: Path) -> float:
    """Give the median length of all functions; 0 without any."""
    lengths = [length for module in modules(root) for _, length in module.functions()]
    return statistics.median(lengths) if lengths else 0


def _finding(module: Module, lineno: int, what: str, reason: str) -> Finding:
    return Finding(path=module.path, lineno=lineno, what=what, reason=reason)
