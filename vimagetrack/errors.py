"""The few ways in which a service says no, with the words that every door shows.

Expected bad outcomes are values; these are for what the caller asked and cannot have. They have the shape of
the engine's errors: what, where, what to do. Doors map them to 400, 403, 409 or 413, never to 500.
"""

from __future__ import annotations


class DomainError(Exception):
    """A request that the rules of the records refuse; nothing of it was kept.

    ``message`` is a sentence without its full stop, ``field`` names what the caller sent (empty: the whole),
    ``hint`` is one sentence on what to do.
    """

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, field: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else f"{self.message}."


class NotAllowed(DomainError):
    """The actor may see the thing, but not do this to it."""

    code = "not-allowed"


class TooLarge(DomainError):
    """More bytes than a stated limit; nothing was kept."""

    code = "too-large"


class Conflict(DomainError):
    """What is stored says otherwise: taken names, a plan that changed meanwhile."""

    code = "conflict"


class PermanentFailure(DomainError):
    """A task that will fail again however often it runs: park it, with these words."""

    code = "failed"


class TemporaryFailure(DomainError):
    """A task that may succeed later: run it again."""

    code = "try-again"
