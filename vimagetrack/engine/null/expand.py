"""Expand macros by the standard's algorithm with hide sets (Prosser's), on tokens, never on text.

Where the standard leaves the result open, or a compiler would reject the call, the expander raises
``Unexpandable``: its caller must take the place as undecided. It never guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from vimagetrack.engine.lex.ctokens import CHAR, COMMENT, KINDS, STRING, tokenize
from vimagetrack.engine.null.spelling import stringise
from vimagetrack.engine.null.units import Reader, Tok, Unexpandable, Unit, body_token, source_token

if TYPE_CHECKING:
    from vimagetrack.engine.null.table import Definition, Table

#: A hostile table can double its output a hundred times; real units have a few hundred tokens.
MOST_TOKENS: Final = 100_000
#: Arguments in arguments: more is undecided, since each level takes some of Python's stack.
MOST_NESTED: Final = 40
_PASTE: Final = (b"##", b"%:%:")
_STRINGISE: Final = (b"#", b"%:")


@dataclass(slots=True)
class _Work:
    """Tokens still to be looked at (a stack, the next one last), and where more may come from."""

    pending: list[Tok]
    reader: Reader | None
    out: list[Tok] = field(default_factory=list)

    def peek(self) -> bytes | None:
        if self.pending:
            return self.pending[-1].text
        return self.reader.peek() if self.reader else None

    def take(self) -> Tok:
        if self.pending:
            return self.pending.pop()
        assert self.reader is not None  # peek() said that there is more
        return self.reader.take()


class Expander:
    """Expands under one table; keeps no state between units but counters."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._operators = False
        self._indirect: set[bytes] = set()
        self._calls: list[bytes] = []
        self._handed: set[bytes] = set()
        self._made = 0
        self._nested = 0

    def unit(self, reader: Reader, *, before: bytes = b"") -> Unit:
        """Expand what starts at the reader's next token; the reader stands behind it afterwards.

        ``before`` is the significant token before it. Raises Unexpandable.
        """
        first = reader.indexes[reader.position]
        tok = reader.take()
        if not self.table.is_fixed(tok.text):
            return self._unit(tok, reader, before, first)
        known = self.table.units.get((tok.text, tok.space))
        if known is None:
            known = self.table.units[tok.text, tok.space] = self._unit(tok, reader, before, first)
        return Unit(first, reader.last, known.tokens, known.indirect, known.calls, known.handed)

    def _unit(self, tok: Tok, reader: Reader, before: bytes, first: int) -> Unit:
        self._begin()
        work = _Work([tok], reader)
        self._run(work, before)
        return Unit(
            first=first,
            last=reader.last,
            tokens=tuple(work.out),
            indirect=frozenset(self._indirect),
            calls=tuple(dict.fromkeys(self._calls)),
            handed=frozenset(self._handed),
        )

    def _begin(self) -> None:
        self._operators = False
        self._calls, self._handed, self._indirect = [], set(), set()
        self._made = self._nested = 0

    def words(self, words: Sequence[bytes], spaces: Sequence[bool] | None = None) -> tuple[Tok, ...]:
        """Expand a list of words that nothing follows, such as a directive's. Raises Unexpandable."""
        self._begin()
        given = spaces or [True] * len(words)
        toks = [source_token(word, space=space) for word, space in zip(words, given, strict=True)]
        return tuple(self._isolated(toks))

    def _isolated(self, toks: Sequence[Tok]) -> list[Tok]:
        work = _Work(list(reversed(toks)), None)
        self._nested += 1
        self._run(work, b"")
        self._nested -= 1
        return work.out

    def _run(self, work: _Work, before: bytes) -> None:
        """Replace until nothing is pending: rescanning may take a call's arguments from the reader."""
        while work.pending:
            tok = work.pending.pop()
            definition = None if tok.text in tok.hide else self.table.get(tok.text)
            if definition is None or self._is_member(definition, work.out[-1].text if work.out else before):
                work.out.append(tok)
                continue
            produced = self._replace(tok, definition, work)
            if produced is None:
                work.out.append(tok)
                continue
            self._made += len(produced)
            if self._made > MOST_TOKENS:
                raise Unexpandable("R05", tok.text, "expands to too many tokens")
            work.pending.extend(reversed(produced))
            if not produced and tok.space and work.pending:  # the blank before what vanished stays
                work.pending[-1] = work.pending[-1]._replace(space=True)

    @staticmethod
    def _is_member(definition: Definition, before: bytes) -> bool:
        """A family's pattern never names a member."""
        return definition.family and before in (b".", b"->")

    def _replace(self, tok: Tok, definition: Definition, work: _Work) -> list[Tok] | None:
        """Give what a macro name becomes; None where a function-like one has no call behind it."""
        if definition.params is None:
            self._calls.append(tok.text)
            return self._substitute(definition, [], tok.hide | {tok.text}, tok)
        if work.peek() != b"(":
            if work.peek() is None and work.reader is not None and work.reader.open_end:
                raise Unexpandable("R06", tok.text, "what follows this function-like macro is out of sight")
            return None
        if self._nested > MOST_NESTED:
            raise Unexpandable("R05", tok.text, "calls are nested too deep in its arguments")
        work.take()
        groups, commas, closing = self._arguments(tok, work)
        if tok.hide:
            self._handed |= {one.text for group in groups for one in group if not one.made}
        arguments = _fitted(definition, groups, commas)
        self._calls.append(tok.text)
        lost = tok.hide - closing.hide
        if lost and not lost.isdisjoint(self._within(tok.text, groups)):
            raise Unexpandable(
                "R05", tok.text, "a rescan takes its arguments from outside and meets a hidden name"
            )
        return self._substitute(definition, arguments, (tok.hide & closing.hide) | {tok.text}, tok)

    def _within(self, name: bytes, groups: Sequence[Sequence[Tok]]) -> set[bytes]:
        """Collect every name that a call can come to, through its body and through its arguments."""
        found = set(self.table.reached(name))
        for group in groups:
            for tok in group:
                found.add(tok.text)
                found |= self.table.reached(tok.text)
        return found

    def _arguments(self, name: Tok, work: _Work) -> tuple[list[list[Tok]], list[Tok], Tok]:
        """Read up to the closing parenthesis; give the arguments as written, the commas between them and
        that parenthesis.
        """
        groups: list[list[Tok]] = [[]]
        commas: list[Tok] = []
        depth = 0
        while work.peek() is not None:
            tok = work.take()
            if tok.text == b")" and not depth:
                return groups, commas, tok
            if tok.text == b"," and not depth:
                groups.append([])
                commas.append(tok)
                continue
            depth += (tok.text == b"(") - (tok.text == b")")
            groups[-1].append(tok)
        raise Unexpandable("R30", name.text, "its argument list does not end in sight")

    def _substitute(
        self, definition: Definition, arguments: Sequence[Sequence[Tok]], hide: frozenset[bytes], name: Tok
    ) -> list[Tok]:
        if b"__VA_OPT__" in definition.body:
            raise Unexpandable("R31", definition.name, "__VA_OPT__ is not expanded here")
        written = all(not (one.made or one.hide) for argument in arguments for one in argument)
        direct = written and (not name.hide or not any(arguments))
        out = _Substitution(self, definition, arguments, direct=direct).run()
        made = [Tok(tok.text, tok.space, tok.hide | hide, tok.made) for tok in out if tok.text]
        if made:
            made[0] = made[0]._replace(space=name.space)
        return made

    @property
    def used_operators(self) -> bool:
        """Say whether # or ## took part in the last expansion."""
        return self._operators

    def keeps_blanks(self, name: bytes) -> bool:
        """Say whether a macro surely leaves the blanks around and in what it is given as they are: one word
        for another, or all arguments handed on as they come.
        """
        found = self.table.get(name)
        if found is None or found.variadic:
            return False
        if found.params is None:
            return len(found.body) == 1
        handed = [word for param in found.params for word in (b",", param)]
        return found.body[1:] == (b"(", *handed[1:], b")") and not any(found.spaces)

    def prescan(self, argument: Sequence[Tok]) -> list[Tok]:
        """Expand an argument by itself, as for a parameter that neither # nor ## touches."""
        return self._isolated(argument)

    def note_operator(self, argument: Sequence[Tok] = (), *, direct: bool = True) -> None:
        """Remember that a spelling took part in the result, and what of it is not the source's own."""
        self._operators = True
        if not direct:
            self._indirect |= {tok.text for tok in argument}


def _fitted(definition: Definition, groups: list[list[Tok]], commas: list[Tok]) -> list[list[Tok]]:
    """Match arguments with parameters. Raises Unexpandable where their number is wrong."""
    params = definition.params or ()
    if not params:
        if groups != [[]]:
            raise Unexpandable("R31", definition.name, "takes no argument and is given some")
        return []
    if definition.variadic:
        fixed = len(params) - 1
        if len(groups) < fixed:
            raise Unexpandable(
                "R31", definition.name, f"takes {fixed} arguments or more and is given {len(groups)}"
            )
        variable = _joined(groups[fixed:], commas[fixed:])
        if len(groups) > fixed and not variable and _has_gnu_comma(definition):
            raise Unexpandable("R31", definition.name, "its variable arguments are there and empty")
        return [*groups[:fixed], variable]
    if len(groups) != len(params):
        raise Unexpandable(
            "R31", definition.name, f"takes {len(params)} arguments and is given {len(groups)}"
        )
    return groups


#: Tokens of C++ that no C has.
_NOT_C: Final = frozenset({b"::", b".*", b"->*", b"<=>"})


def _is_token(text: bytes) -> bool:
    """Say whether two tokens pasted are one, in every C; may say no of one that C++ or a newer C has."""
    if tokenize(text) != [text] or KINDS[text] is COMMENT or text in _NOT_C:
        return False
    head = text.partition(b"'")[0] if KINDS[text] is CHAR else text.partition(b'"')[0]
    return KINDS[text] not in (CHAR, STRING) or head in (b"", b"L", b"u", b"U")


def _has_gnu_comma(definition: Definition) -> bool:
    """Say whether the variable arguments stand behind ``, ##``, whose rules differ."""
    return any(two in _PASTE and one == b"," for one, two in pairwise(definition.body))


def _joined(groups: Sequence[Sequence[Tok]], commas: Sequence[Tok]) -> list[Tok]:
    """Give the variable arguments as one, with their commas: # sees the blanks before these, too."""
    out: list[Tok] = []
    for number, group in enumerate(groups):
        if number:
            out.append(commas[number - 1])
        out.extend(group)
    return out


class _Substitution:
    """One body with its arguments put in: #, ## and GNU's comma before empty variable arguments."""

    def __init__(
        self,
        expander: Expander,
        definition: Definition,
        arguments: Sequence[Sequence[Tok]],
        *,
        direct: bool,
    ) -> None:
        self.expander = expander
        self.direct = direct  # the arguments are as the source has them
        self.definition = definition
        self.arguments = dict(zip(definition.params or (), arguments, strict=True))
        self.ready: dict[bytes, list[Tok]] = {}
        self.out: list[Tok] = []

    def run(self) -> list[Tok]:
        body, position, pasting = self.definition.body, 0, False
        while position < len(body):
            used = self._item(position)
            item, width = used
            if pasting:
                self._glue(item, position, width)
            else:
                self.out.extend(item)
            position += width
            pasting = position < len(body) and body[position] in _PASTE and position > 0
            position += pasting
        if pasting:
            raise Unexpandable("R04", self.definition.name, "its body ends in ##")
        return self.out

    def _item(self, position: int) -> tuple[list[Tok], int]:
        """Give what stands for one place of the body, and how many of its tokens that takes."""
        body = self.definition.body
        word, space = body[position], self.definition.spaces[position]
        following = body[position + 1] if position + 1 < len(body) else b""
        if self.definition.params is not None and word in _STRINGISE:
            if following not in self.arguments:
                raise Unexpandable("R03", self.definition.name, "# stands before what is no parameter")
            self.expander.note_operator(self.arguments[following], direct=self.direct)
            return [body_token(self._string(following), space=space)], 2
        if word not in self.arguments:
            return [body_token(word, space=space)], 1
        pasted = following in _PASTE or (position > 0 and body[position - 1] in _PASTE)
        item = list(self.arguments[word]) if pasted else self._expanded(word)
        if pasted:
            self.expander.note_operator(item, direct=self.direct)
            if not item and following in _PASTE and self.out and self.out[-1].text == b",":
                raise Unexpandable("R31", self.definition.name, "compilers differ on the comma before it")
            item = item or [body_token(b"", space=space)]
        return [item[0]._replace(space=space), *item[1:]] if item else [], 1

    def _string(self, param: bytes) -> bytes:
        argument = self.arguments[param]
        if len(argument) > 1 and not all(
            self.expander.keeps_blanks(name) for tok in argument for name in tok.hide
        ):
            raise Unexpandable("R03", self.definition.name, "# sees blanks that macros may have left")
        return stringise(argument)

    def _expanded(self, param: bytes) -> list[Tok]:
        if param not in self.ready:
            self.ready[param] = self.expander.prescan(self.arguments[param])
        return self.ready[param]

    def _glue(self, item: list[Tok], position: int, width: int) -> None:
        """Paste the last token so far to the first of an item, which is that of a place of the body."""
        definition = self.definition
        if self._is_gnu_comma(position):
            self._check_gnu_comma(item, position + width)
            if not item[0].text:  # GNU: the comma stays with arguments and goes without
                item = [self.out.pop()._replace(text=b"")]
            self.out.extend(item)
            return
        left, right = self.out.pop(), item[0]
        text = left.text + right.text
        if left.text and right.text and not _is_token(text):
            raise Unexpandable(
                "R04", definition.name, f"## makes {text.decode('utf-8', 'backslashreplace')}, no token"
            )
        self.expander.note_operator()
        self.out.append(Tok(text=text, space=left.space, hide=left.hide & right.hide, made=True))
        self.out.extend(item[1:])

    def _is_gnu_comma(self, position: int) -> bool:
        """Say whether a place of the body is that of the variable arguments in ``, ## __VA_ARGS__``."""
        definition = self.definition
        last = (definition.params or (b"",))[-1]
        return definition.variadic and definition.body[position] == last and self.out[-1].text == b","

    def _check_gnu_comma(self, given: Sequence[Tok], following: int) -> None:
        """Compilers do not agree on what is pasted twice, or on when the arguments are expanded."""
        body, name = self.definition.body, self.definition.name
        if not {*body[following : following + 1], *body[max(following - 4, 0) : following - 3]}.isdisjoint(
            _PASTE
        ):
            raise Unexpandable("R04", name, "what stands around , ## is pasted again")
        if any(self.expander.table.get(tok.text) for tok in given):
            raise Unexpandable("R31", name, "a macro stands in variable arguments behind , ##")
