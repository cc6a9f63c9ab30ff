"""The trusted prover: are two texts the same token stream after preprocessing?

The argument, in the order of the code. ``stream`` brings one side into a normal form, by rules that each
keep what the text compiles to (``rules/``, one argument a file). Equal normal forms therefore compile to
the same. Whatever a rule cannot be sure of it leaves in the stream, where the other side must have it too,
or it notes a problem; a problem on either side means undecided. ``prove`` only compares, and checks what
takes both sides to see: that no name changed its meaning between the two tables where it was not expanded,
and that lines and layout stay where someone may ask for them.

It is always safe to say undecided. It is never safe to say proved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import COMMENT, IDENTIFIER, KINDS, tokenize
from vimagetrack.engine.lex.directives import Directive, directives
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.condition import ConditionError
from vimagetrack.engine.null.hazards import Hazard
from vimagetrack.engine.null.lexical import Lexical
from vimagetrack.engine.null.rules import lines, shadows, vocabulary
from vimagetrack.engine.null.rules.conditionals import NAMES as CONDITIONAL_NAMES
from vimagetrack.engine.null.rules.conditionals import Conditionals
from vimagetrack.engine.null.rules.expansion import Expansion
from vimagetrack.engine.null.rules.reach import Macros, Reach
from vimagetrack.engine.null.rules.structure import Structure
from vimagetrack.engine.null.rules.text import DirectiveText
from vimagetrack.engine.null.stream import Language, Options, Problem, Rule, Side, Stream, Withheld
from vimagetrack.engine.null.words import is_directive

__all__ = [
    "Judgement",
    "Language",
    "Options",
    "Outcome",
    "Problem",
    "Rule",
    "Side",
    "Stream",
    "Withheld",
    "compare",
    "prove",
    "prove_created",
    "stream",
]


class Outcome(StrEnum):
    """Three values, never a bool: undecided is not null."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the kernel says of two texts in one state, with its evidence.

    ``rule`` is the rule or guard that decided, ``reason`` one sentence with the token and the place; line
    numbers are 1-based, None where no one place decides. The digests are sha256 of the token streams.
    """

    outcome: Outcome
    rule: str
    reason: str
    rules: tuple[str, ...]
    assumptions: frozenset[Assumption]
    hazards: tuple[Hazard, ...]
    before_digest: str
    after_digest: str
    before_lineno: int | None = None
    after_lineno: int | None = None


_CONDITIONALS_FIRST_UNSEEN: Final = (b"elif", b"elifdef", b"elifndef", b"else", b"endif")


def stream(side: Side, options: Options) -> Stream:
    """Bring one side into the normal form, with provenance. Never raises for any text.

    May leave a token that could go; must never drop or change one that counts.
    """
    reader = _Reader(side, options)
    made = reader.read()
    macros = reader.macros()
    made.stream.reached = frozenset(word for ways in macros.values() for way in ways for word in way.body)
    reach = Reach(macros, reader.texts.table)
    made.stream.observers = lines.observers(reach, options.known)
    made.stream.watchers = lines.watchers(reach, options.known)
    made.stream.find_hazards = shadows.finder(made.stream)
    Structure(made, side, options, macros, reader.local).apply()
    made.stream.sort_dropped()
    return made.stream


class _Reader:
    """Walks one text from directive to directive: phases 1 to 4, without the rules on statements."""

    def __init__(self, side: Side, options: Options) -> None:
        source = tokenize(side.text)
        self.side = side
        self.options = options
        self.stream = Stream(source=source)
        self.found = list(directives(source)) if b"#" in side.text or b"%:" in side.text else []
        self.texts = DirectiveText(self.stream, side, options, self.found)
        table = self.texts.table
        self.stream.words = self.different = different = frozenset(source)
        self.local = self.texts.local | options.known.contradicts(different, table)
        self.walk = Conditionals(source, table, self.local)
        layout = {token for token in different if KINDS[token] <= COMMENT}
        significant = [index for index, token in enumerate(source) if token not in layout]
        self.expansion = Expansion(
            self.stream,
            table,
            significant,
            table.active(different),
        )
        self.lexical = Lexical(self.stream, side, options.language, different)

    def macros(self) -> Macros:
        """Give the macros that take part and are not the table's: of the text, and of the other known
        texts.
        """
        own = self.texts.macros
        found = self.options.known.reached(self.different, self.texts.table)
        for name, ways in own.items():
            found[name] = [*ways, *(way for way in found.get(name, ()) if way not in ways)]
        return found

    def read(self) -> Expansion:
        """Give the expansion with its stream, ready for the rules on statements."""
        self.lexical.check_text()
        done = 0
        for directive in self.found:
            self._code(done, directive.first, is_last=False)
            self._directive(directive)
            done = directive.last
        self._code(done, len(self.stream.source), is_last=True)
        if any(self.side.whole or not group.shown for group in self.walk.groups):
            self.stream.problem("R15", len(self.stream.source) - 1, "an #if is not closed")
        return self.expansion

    def _code(self, first: int, last: int, *, is_last: bool) -> None:
        if not self.walk.live:
            self.stream.drop(first, last, Rule.CONDITIONALS)
            return
        if first == last:
            return
        self.lexical.check_code(first, last)
        self.expansion.code(first, last, open_end=not (is_last and self.side.whole))

    def _directive(self, directive: Directive) -> None:
        if directive.name in CONDITIONAL_NAMES:
            self._conditional(directive)
        elif not self.walk.live:
            self.stream.drop(directive.first, directive.last, Rule.CONDITIONALS)
        else:
            try:
                self.texts.take(directive, self.expansion)
            except TableError as error:
                self.stream.problem("R07", directive.hash_index, error.message)
                self.texts.keep(directive)

    def _conditional(self, directive: Directive) -> None:
        if directive.name in _CONDITIONALS_FIRST_UNSEEN and not self.walk.groups and not self.side.whole:
            self.texts.keep(directive)  # its #if is above the window: a token like any other
            return
        try:
            text = self.walk.take(directive)
        except ConditionError as error:
            self.stream.problem("R15", directive.hash_index, str(error))
            return
        if text is None:
            self.stream.drop(directive.first, directive.last, Rule.CONDITIONALS)
        else:
            self.stream.add([text], [directive.first], [directive.last])


def prove(before: Side, after: Side, options: Options) -> Judgement:
    """Judge whether two texts are the same after preprocessing, each under its own table.

    May say undecided of what is null. Never says proved of what may compile to something else under the two
    tables and the assumptions that it names.
    """
    return compare((stream(before, options), stream(after, options)), before, after, options)


def prove_created(side: Side, options: Options) -> Judgement:
    """Judge the creation of a transition header, which no text can have included before.

    Proved where nothing is left of it in this state but definitions that the table has. What these do is
    judged wherever the header comes to be included.
    """
    sides = Stream(source=[]), Stream(source=tokenize(side.text))
    sides[1].drop(0, len(sides[1].source), Rule.VOCABULARY)
    before = replace(side, text=b"")
    if side.path in options.headers and vocabulary.is_inert(side.text, side.table, options.known):
        return _judgement(Outcome.PROVED, Rule.VOCABULARY.value, "", sides, before, side, options)
    reason = "the header holds more than definitions that the table has"
    return _judgement(Outcome.UNDECIDED, "R07", reason, sides, before, side, options)


def compare(
    sides: tuple[Stream, Stream], before: Side, after: Side, options: Options, *, warn: bool = True
) -> Judgement:
    """Judge two streams, which must be those of these very sides under these options; see ``prove``.

    ``warn`` False leaves out the hazards of what is not proved: who looks for what is null throws it away.
    """
    found = _obstacle(sides, before, after, options)
    if found is not None:
        return replace(found, hazards=sides[1].hazards) if warn else found
    return _judgement(Outcome.PROVED, _proving_rule(sides), "", sides, before, after, options)


def _obstacle(sides: tuple[Stream, Stream], before: Side, after: Side, options: Options) -> Judgement | None:
    """Give the first thing that stands against a proof, None where nothing does."""

    def undecided(rule: str, reason: str, **places: int | None) -> Judgement:
        return _judgement(Outcome.UNDECIDED, rule, reason, sides, before, after, options, **places)

    for made, name in zip(sides, ("before", "after"), strict=True):
        for problem in made.problems[:1]:
            token = _say(made.source[problem.index])
            reason = f"{problem.reason} ({token}, line {problem.lineno} of the {name} text)"
            return undecided(problem.rule, reason, **{f"{name}_lineno": problem.lineno})
    landed = _landed(sides, before, after)
    if landed:
        return undecided(
            "R01",
            f"the name {_say(landed)} is in use before its macro is in force, or where it is not replaced",
        )
    missing = vocabulary.lost(*sides)
    if missing:
        return undecided("R16", f"what brings {_say(missing)} goes, and the name stays in use")
    if (before.tail or after.tail) and _first_line(before) != _first_line(after):
        return undecided("R30", "the first line may be the end of a macro's body that begins out of sight")
    if sides[0].tokens != sides[1].tokens and sides[0].strict != sides[1].strict:
        return _difference(sides, before, after, options)
    seen = lines.moved(sides, before, after, options) or lines.relaid(sides, before, after, options)
    return undecided(*seen) if seen else None


def _first_line(side: Side) -> bytes:
    return side.text.partition(b"\n")[0].rstrip(b"\r")


def _landed(sides: tuple[Stream, Stream], before: Side, after: Side) -> bytes | None:
    """Find a name that means another thing under the other table where no expansion shows it.

    Three places: the before text uses a name that only the after table defines (whatever it meant, it was
    no macro); a directive that stays has a name whose definitions differ; a macro of the texts comes to a
    macro of the table that is redefined.
    """
    if before.table is after.table:
        return None
    for made, here, there in ((sides[0], before.table, after.table), (sides[1], after.table, before.table)):
        words = {token for token in set(made.tokens) if token.startswith(b"\n")}
        names = {part for word in words for part in tokenize(word[1:]) if KINDS[part] is IDENTIFIER}
        names.update(word for word in made.reached if before.table.get(word))
        names.update(*[table.reached(name) for table in (here, there) for name in names])
        found = here.differing(there, names)
        if found:
            return min(found)
    used = after.table.active(sides[0].words)
    return min((name for name in used if after.table.get(name) and not before.table.get(name)), default=None)


def _difference(sides: tuple[Stream, Stream], before: Side, after: Side, options: Options) -> Judgement:
    """Say where the streams part: undecided where an assumption might have helped, else refuted."""
    one, two = sides
    at = next((i for i, (a, b) in enumerate(zip(one.tokens, two.tokens, strict=False)) if a != b), None)
    place = min(len(one.tokens), len(two.tokens)) if at is None else at
    spelt = [made.tokens[place].lstrip(b" ") for made in sides if place < len(made.tokens)]
    tokens = [_say(made.tokens[place]) if place < len(made.tokens) else _END for made in sides]
    linenos = [made.lineno(made.first[place]) if place < len(made.tokens) else None for made in sides]
    places = {"before_lineno": linenos[0], "after_lineno": linenos[1]}
    text = _became(tokens[0], tokens[1], linenos[1])
    missing = sorted({found.assumption.value for made in sides for found in made.withheld})
    if missing:
        reason = f"{text}; it may be null under {', '.join(missing)}, which is not granted"
        return _judgement(Outcome.UNDECIDED, missing[0], reason, sides, before, after, options, **places)
    rule = next((_DOUBTED[token] for token in spelt if token in _DOUBTED), None)
    if rule or any(is_directive(token) for token in spelt):
        reason = f"{text}, and no rule surely applies there"
        return _judgement(Outcome.UNDECIDED, rule or "R07", reason, sides, before, after, options, **places)
    return _judgement(Outcome.REFUTED, "tokens", text, sides, before, after, options, **places)


#: Tokens that a rule may drop, or another spelling of them: where they differ the rule could not be sure.
_DOUBTED: Final = {
    **dict.fromkeys((b";",), "R11"),
    **dict.fromkeys((b"(", b")"), "R21"),
    **dict.fromkeys((b"{", b"}", b"<%", b"%>", b"<:", b":>"), "R29"),
    **dict.fromkeys(b"and or not bitand bitor xor compl and_eq or_eq xor_eq not_eq".split(), "R27"),
}


def _became(one: str, two: str, lineno: int | None) -> str:
    where = f" in line {lineno}" if lineno else ""
    if one == two:  # they differ in the mark of a blank, or of a line's start, alone
        return f"the white space before {two} changed where it may be seen{where}"
    if two == _END:
        return f"the token {one} is gone, and nothing follows"
    return f"the token {two} was added{where}" if one == _END else f"the token {one} became {two}{where}"


def _proving_rule(sides: tuple[Stream, Stream]) -> str:
    """Name the rule that a reader would name: the one furthest from plain white space."""
    used = _rules(sides)
    return next((rule.value for rule in reversed(Rule) if rule in used), Rule.WHITE_SPACE.value)


def _rules(sides: tuple[Stream, Stream]) -> set[Rule]:
    if sides[0].strict == sides[1].strict:
        late = {Rule.EMPTY_STATEMENTS, Rule.PARENTHESES, Rule.BARE_BLOCKS, Rule.EMPTY_CONDITIONALS}
        return (sides[0].rules | sides[1].rules) - late
    return sides[0].rules | sides[1].rules


def _judgement(
    outcome: Outcome,
    rule: str,
    reason: str,
    sides: tuple[Stream, Stream],
    before: Side,
    after: Side,
    options: Options,
    **places: int | None,
) -> Judgement:
    rules = _rules(sides)
    return Judgement(
        outcome=outcome,
        rule=rule,
        reason=reason[:1].upper() + reason[1:] + "." if reason else "",
        rules=tuple(rule.value for rule in Rule if rule in rules) if rules else (),
        # Of what is not proved nothing is claimed, so nothing was assumed.
        assumptions=frozenset(_assumed(sides, before, after, options))
        if outcome is Outcome.PROVED
        else frozenset(),
        hazards=sides[1].hazards if outcome is Outcome.PROVED else (),
        before_digest=sides[0].digest[1],
        after_digest=sides[1].digest[1],
        before_lineno=places.get("before_lineno"),
        after_lineno=places.get("after_lineno"),
    )


def _assumed(
    sides: tuple[Stream, Stream], before: Side, after: Side, options: Options
) -> Iterable[Assumption]:
    """Collect the assumptions that were used; may name one too many, never one too few."""
    yield from sides[0].assumptions | sides[1].assumptions
    yield from lines.assumed(sides, before, after, options)


#: What stands for a token behind the last one.
_END: Final = "the end"


def _say(token: bytes) -> str:
    """Spell a token for a sentence: what a reader would not see as it is comes as an escape."""
    text = token.strip().decode("utf-8", "backslashreplace").encode("ascii", "backslashreplace").decode()
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    return text if len(text) <= 60 else f"{text[:57]}..."
