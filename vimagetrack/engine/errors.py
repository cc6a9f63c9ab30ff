"""The engine's few errors: each says what, where, and what to do.

Expected bad outcomes (a refuted proof, an undecided change) are values, never exceptions.
"""

from __future__ import annotations


class EngineError(Exception):
    """A broken promise of the input, with its place in the diff.

    ``path`` is the file that the diff names, ``diff_lineno`` the 1-based line of the diff,
    ``hint`` one sentence on what to do. None means that the place is not known.
    """

    code = "engine-error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        path: str | None = None,
        diff_lineno: int | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.path = path
        self.diff_lineno = diff_lineno
        self.hint = hint

    @property
    def place(self) -> str:
        """Name file and diff line in words, or the empty string."""
        parts = [self.path] if self.path else []
        if self.diff_lineno is not None:
            parts.append(f"diff line {self.diff_lineno}")
        return ", ".join(parts)

    def __str__(self) -> str:
        text = f"{self.message} ({self.place})." if self.place else f"{self.message}."
        return f"{text} {self.hint}" if self.hint else text


class ParseError(EngineError):
    """The diff cannot be accounted for byte by byte."""

    code = "parse-error"


class PlanError(EngineError):
    """The plan is not one; ``toml_lineno`` is its 1-based line, None where it is not known."""

    code = "plan-error"

    def __init__(self, message: str, *, toml_lineno: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.toml_lineno = toml_lineno

    @property
    def place(self) -> str:
        """Name the plan's line in words, or the empty string."""
        return f"plan line {self.toml_lineno}" if self.toml_lineno is not None else ""


class TableError(EngineError):
    """A table of transition macros is not preprocessor text that we can hold."""

    code = "table-error"


class ApplyError(EngineError):
    """A patch does not fit the text that it is applied to."""

    code = "apply-error"


class SplitError(EngineError):
    """A split broke one of the engine's laws: nothing of it may be used."""

    code = "split-error"
