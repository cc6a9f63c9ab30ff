"""Fuzz the lexer: nothing is lost, the same text gives the same tokens, and no token looks back.

Run it: ``python -m tests.fuzz lex`` (README.md says what it needs).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.fuzz import seeds
from tests.fuzz.harness import instrumented, law, run

with instrumented("vimagetrack.engine.lex"):
    from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, _kind, tokenize
    from vimagetrack.engine.lex.directives import BLANK, directives, places


def check(text: bytes) -> None:
    """Raise where a law of the lexer is broken."""
    tokens = tokenize(text)
    law(holds=b"".join(tokens) == text, text="the tokens join to the text")
    law(holds=all(tokens), text="no token is empty")
    law(holds=tokenize(text) == tokens, text="the same text gives the same tokens")
    law(holds=all(KINDS[token] is _kind(token) for token in tokens), text="the memo says what the rule says")
    _check_borders(tokens)
    _check_directives(tokens)


def _check_borders(tokens: list[bytes]) -> None:
    """A text that begins where a token does has the tokens from there on: states hold at every border."""
    for cut in {len(tokens) // 3, len(tokens) // 2, len(tokens) - 1} if tokens else ():
        behind = tokenize(b"".join(tokens[cut:]))
        law(holds=behind == tokens[cut:], text=f"no token depends on what is before it (cut {cut})")


def _check_directives(tokens: list[bytes]) -> None:
    done = 0
    for found in directives(tokens):
        law(holds=done <= found.first <= found.hash_index < found.last <= len(tokens), text="ranges in order")
        law(holds=tokens[found.hash_index] in (b"#", b"%:"), text="a directive has its hash")
        inside = [tokens[index] for index in found.words]
        law(holds=not any(KINDS[token] in BLANK for token in inside), text="no word is blank")
        ends = [
            index for index in range(found.first, found.last) if KINDS[tokens[index]] is TokenKind.NEWLINE
        ]
        law(holds=ends in ([], [found.last - 1]), text="a directive ends at its line's end")
        law(holds=found.last == len(tokens) or bool(ends), text="or at the end of the text")
        done = found.last
    for token in set(tokens[:50]):
        wanted = [index for index, other in enumerate(tokens) if other == token]
        law(holds=list(places(tokens, token)) == wanted, text="places are those of the token")


def _seeds() -> Iterator[bytes]:
    yield from seeds.texts_of_cases()
    yield from seeds.bytes_in_tests("lex")


if __name__ == "__main__":
    run("lex", check, _seeds())
