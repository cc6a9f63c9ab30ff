"""One macro definition: read from its line, written in its one spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS, tokenize
from vimagetrack.engine.lex.directives import Directive, directives

#: The name of the variable arguments where the macro gives them no other.
VARIADIC: Final = b"__VA_ARGS__"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One macro: ``params`` is None for an object-like one, and holds the variadic name last if ``variadic``.

    ``spaces[i]`` says whether white space stands before ``body[i]``; the first is always False, since
    white space around a body is no part of it. ``family`` marks a definition that a pattern made.
    """

    name: bytes
    params: tuple[bytes, ...] | None
    variadic: bool
    body: tuple[bytes, ...]
    spaces: tuple[bool, ...]
    family: bool = False

    @cached_property
    def head(self) -> bytes:
        """Write the definition up to its body, in its one spelling."""
        if self.params is None:
            return b"#define " + self.name
        names = [*self.params[:-1], self.params[-1] + b"..."] if self.variadic else self.params
        return b"#define " + self.name + b"(" + b",".join(names) + b")"

    @cached_property
    def canonical(self) -> bytes:
        """Write the definition in its one spelling; equal spellings are equal macros, and only those."""
        text = b"".join(
            (b" " if space else b"") + word for word, space in zip(self.body, self.spaces, strict=True)
        )
        return self.head + b" " + text

    @cached_property
    def operates(self) -> bool:
        """Say whether the body uses # or ## (a # in an object-like macro is plain text, and counts all the
        same).
        """
        return not _OPERATORS.isdisjoint(self.body)

    @cached_property
    def identifiers(self) -> frozenset[bytes]:
        """Give the identifiers of the body."""
        return frozenset(word for word in self.body if KINDS[word] is IDENTIFIER)


_OPERATORS: Final = frozenset({b"#", b"##", b"%:", b"%:%:", b"__VA_OPT__"})


def read_definition(tokens: Sequence[bytes], directive: Directive) -> Definition:
    """Read a ``#define`` line. Raises TableError where it is none that a compiler takes."""
    if not directive.words:
        raise TableError("#define without a name", hint="Give the macro a name.")
    first = directive.words[0]
    name = tokens[first]
    if KINDS[name] is not IDENTIFIER or name == b"defined":
        raise TableError(f"#define of {say(name)}", hint="A macro's name is an identifier.")
    rest = list(directive.words[1:])
    params, variadic, used = (
        _read_params(tokens, rest, name) if rest and rest[0] == first + 1 else (None, False, 0)
    )
    rest = rest[used:]
    body = tuple(tokens[index] for index in rest)
    spaces = tuple(position > 0 and index != rest[position - 1] + 1 for position, index in enumerate(rest))
    return Definition(name=name, params=params, variadic=variadic, body=body, spaces=spaces)


def _read_params(
    tokens: Sequence[bytes], rest: Sequence[int], name: bytes
) -> tuple[tuple[bytes, ...] | None, bool, int]:
    """Read a parameter list that stands glued to the name; give it, variadic, and how many words it took."""
    if tokens[rest[0]] != b"(":
        return None, False, 0
    words = [tokens[index] for index in rest]
    try:
        end = words.index(b")")
    except ValueError:
        raise TableError(
            f"#define {say(name)} lacks ) after its parameters", hint="Close the list."
        ) from None
    inner, variadic = words[1:end], False
    if inner and inner[-1] == b"...":
        variadic = True
        inner = [*inner[:-1], VARIADIC] if len(inner) == 1 or inner[-2] == b"," else inner[:-1]
    params = tuple(inner[::2])
    sound = all(word == b"," for word in inner[1::2]) and len(inner) % 2 == bool(inner)
    if not sound or len(set(params)) != len(params) or any(KINDS[p] is not IDENTIFIER for p in params):
        raise TableError(
            f"#define {say(name)} has no proper parameter list", hint="Separate names by commas."
        )
    return params, variadic, end + 1


def say(name: bytes) -> str:
    """Spell a name for a sentence."""
    return name.decode("utf-8", "backslashreplace")


def define(name: str, value: str) -> Definition:
    """Make the definition that ``-D name=value`` makes (the name may carry a parameter list)."""
    text = tokenize(f"#define {name} {value}\n".encode("utf-8", "surrogateescape"))
    return read_definition(text, next(directives(text)))
