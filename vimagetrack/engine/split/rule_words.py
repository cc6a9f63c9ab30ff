"""The rules and guards of the kernel in a few words each, as docs/proofs.md has them."""

from __future__ import annotations

from typing import Final

from vimagetrack.engine.null.assumptions import Assumption

_WORDS: Final = {
    "white-space": "only white space, comments or line ends differ",
    "expansion": "the tokens are the same once the macros are replaced",
    "conditionals": "what differs stands under a condition that every state decides",
    "empty-conditionals": "a conditional group of which nothing is left",
    "empty-statements": "an empty statement more or less",
    "parentheses": "parentheses that a macro puts around one operand",
    "bare-blocks": "braces that a macro leaves around statements",
    "bodies-in-force": "the body of a macro is the same once the table's macros are replaced",
    "vocabulary": "a definition that the plan's table has, or the include of its header",
    "tokens": "the tokens are not the same",
    "R00": "a name that its own expansion hides",
    "R01": "the table is not the one in force here",
    "R02": "a macro may see how its argument is spelled",
    "R03": "a macro may see the blanks in its argument",
    "R04": "# or ## on what another macro handed on",
    "R05": "a function-like macro without its parentheses",
    "R06": "an expansion without one result",
    "R07": "a directive that differs",
    "R08": "a literal that is not surely one token",
    "R09": "splices, trigraphs and the like, which compilers read in different ways",
    "R11": "an empty statement where none may surely be dropped",
    "R12": "a comma out of a macro",
    "R13": "code may ask for a line or a column",
    "R15": "a condition that nobody decides",
    "R16": "an include that goes while its names stay, or comes below a use",
    "R18": "not proved in every state",
    "R19": "assembly, or a language without a token proof",
    "R21": "parentheses where none may surely be dropped",
    "R24": "a character that compilers read in different ways",
    "R26": "the layout changes, and warnings may stop the build",
    "R27": "another spelling of an operator",
    "R29": "braces where none may surely be dropped",
    "R30": "what begins out of sight, above or below",
    "R31": "a call that compilers take in different ways, or not at all",
    "R32": "a file under another name",
    "scaffold": "the block of definitions that a step needs for a while",
}


def words_of(rule: str) -> str:
    """Say a rule or guard in words; the empty string for one that has none."""
    if rule in frozenset(Assumption):
        return "it needs an assumption that the plan does not grant"
    return _WORDS.get(rule, "")
