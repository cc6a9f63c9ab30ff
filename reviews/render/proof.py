"""What is proved of a chunk, in one sentence: in which states, under which table, assuming what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vimagetrack.look.characters import attribute, visible
from vimagetrack.look.words import count, join, short_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofWords:
    """The sentence, its badge, and what stands behind it."""

    badge: str
    sentence: SafeString
    macros: Sequence[str]
    refused: Sequence[tuple[int, str, str]]  # number of the change, rule, reason
    tables: Sequence[str]


def proof_words(
    *,
    kind: str,
    changes: int,
    states: Sequence[str],
    assumptions: Sequence[str],
    tables: Sequence[str],
    macros: Sequence[str],
    refused: Sequence[tuple[int, str, str]],
    stragglers: Sequence[str],
) -> ProofWords:
    """Say what is proved; ``refused`` are the changes that the kernel gave back, with its reasons.

    Whatever is not said to be proved must be read by a human; undecided is never said to be proved.
    """
    refused = refused if kind == "meat" else ()  # what is opaque needs no reason of its own
    badge = "undecided" if kind == "meat" and len(refused) == changes else kind
    if kind in ("null-macro", "vocabulary", "cosmetic"):
        sentence = _proved(kind, changes, states, assumptions, tables)
    else:
        sentence = _unproved(kind, changes, len(refused))
    return ProofWords(
        badge=badge,
        sentence=SafeString(sentence + _straggling(stragglers)),
        macros=macros,
        refused=refused,
        tables=tables,
    )


def _proved(
    kind: str, changes: int, states: Sequence[str], assumptions: Sequence[str], tables: Sequence[str]
) -> str:
    does = {
        "null-macro": "to the same tokens",
        "vocabulary": "to nothing: they define or include transition macros",
        "cosmetic": "to the same tokens, without any macro",
    }[kind]
    subject = "This change compiles" if changes == 1 else f"These {changes:,} changes compile"
    if changes == 1 and kind == "vocabulary":
        does = "to nothing: it defines or includes transition macros"
    where = format_html(" in {}", _codes(states)) if states else SafeString("")
    under = format_html(", under {}", _tables(tables)) if tables else SafeString("")
    given = (
        format_html(", where the owner vouches for {}", _codes(assumptions))
        if assumptions
        else SafeString(", without an assumption")
    )
    return format_html("<b>{} {}</b>{}{}{}.", subject, does, where, under, given)


def _unproved(kind: str, changes: int, refused: int) -> str:
    if kind == "opaque":
        judged = "this change" if changes == 1 else f"these {changes:,} changes"
        what = "It is" if changes == 1 else "Each is"
        return format_html(
            "<b>No token proof can judge {}.</b> {} binary, a mode, a rename, or no C.", judged, what
        )
    if refused:
        return format_html(
            "<b>{} of {} could not be proved null</b>, so a human must read them. The reasons stand below.",
            f"{refused:,}",
            count(changes, "change"),
        )
    return format_html("<b>{}, nothing of it proved:</b> a human must read it.", count(changes, "change"))


def _straggling(slugs: Sequence[str]) -> str:
    if not slugs:
        return ""
    return format_html(" Came too late for {}, which has landed.", _codes(slugs))


def _codes(names: Sequence[str]) -> SafeString:
    return SafeString(join([f"<code>{visible(name)}</code>" for name in names]))


def _tables(digests: Sequence[str]) -> SafeString:
    noun = "the definitions" if len(digests) == 1 else f"{len(digests)} sets of definitions,"
    shown = format_html_join(
        ", ", '<code title="{}">{}</code>', ((attribute(d), short_digest(d)) for d in digests[:3])
    )
    more = f" and {len(digests) - 3} more" if len(digests) > 3 else ""
    return format_html("{} {}{}", noun, shown, more)
