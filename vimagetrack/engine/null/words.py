"""Words of C that the rules on statements go by."""

from __future__ import annotations

from typing import Final

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS

CONTROL: Final = frozenset({b"if", b"while", b"for", b"switch"})
#: Words that begin a statement and nothing else.
STATEMENT: Final = frozenset(
    {*CONTROL, b"do", b"return", b"goto", b"break", b"continue", b"asm", b"__asm__", b"__asm"}
)
#: Words that stand among statements only; asm is at file level too.
SURELY_STATEMENT: Final = STATEMENT - {b"asm", b"__asm__", b"__asm"}
#: Words behind which no empty statement before them may vanish.
CONTINUES: Final = frozenset(
    {b"else", b"case", b"default", b"catch", b"__label__", b"__except", b"__finally", b"_Pragma", b"__pragma"}
)
STRUCTS: Final = frozenset({b"struct", b"union", b"enum", b"class"})
TYPES: Final = frozenset(
    {
        *STRUCTS,
        *b"void char short int long float double signed unsigned _Bool bool _Complex __int128".split(),
        *b"wchar_t __signed__ __signed __complex__ _Float128 __builtin_va_list __uint128_t auto".split(),
        *b"__auto_type size_t".split(),
        *b"typeof __typeof__ __typeof decltype typename _Atomic".split(),
    }
)
#: Words that may begin a declaration; the rest of the declaration is not looked at.
DECLARES: Final = frozenset(
    {
        *TYPES,
        *b"const volatile static extern register typedef inline restrict __const __volatile__".split(),
        *b"__inline".split(),
        *b"__inline__ __thread _Thread_local thread_local _Static_assert static_assert _Alignas".split(),
        *b"alignas".split(),
        *b"__attribute__ __attribute __extension__ __declspec _Noreturn template using namespace".split(),
        *b"constexpr".split(),
        *b"friend virtual public private protected operator mutable explicit".split(),
    }
)
#: Calls of these take types, or look at how an operand is written.
TAKES_TYPES: Final = frozenset(
    {
        *b"typeof __typeof__ __typeof _Alignof __alignof__ __alignof alignof _Alignas alignas".split(),
        *b"va_arg __builtin_va_arg offsetof __offsetof __builtin_offsetof".split(),
        *b"__builtin_types_compatible_p".split(),
        *b"__attribute__ __attribute __declspec _Generic defined decltype _Atomic asm __asm__ __asm".split(),
        *b"__builtin_choose_expr __builtin_constant_p __builtin_convertvector __builtin_object_size".split(),
    }
)
ATTRIBUTES: Final = frozenset(b"__attribute__ __attribute __declspec _Alignas alignas".split())
KEYWORDS: Final = frozenset(
    {
        *STATEMENT,
        *CONTINUES,
        *DECLARES,
        *TAKES_TYPES,
        *b"sizeof volatile __volatile new delete throw try catch co_return co_await co_yield this".split(),
        *b"__real__ __real __imag__ __imag __builtin_has_attribute typeof_unqual __typeof_unqual__".split(),
        *b"__typeof_unqual requires concept noexcept constinit consteval".split(),
    }
)
#: Words behind which an expression may begin, or a parenthesis that holds one.
BEFORE_OPERAND: Final = frozenset({*CONTROL, b"sizeof", b"return", b"case", b"else", b"do"})
#: What a compiler brings that takes plain operands; all else of its own may look at how they are written.
_PLAIN_BUILTINS: Final = frozenset(
    b"__builtin_" + name
    for name in (
        *b"expect prefetch unreachable trap abs labs memcpy memmove memset memcmp strlen strcmp".split(),
        *b"bswap16 bswap32 bswap64 ffs ffsl ffsll clz clzl clzll ctz ctzl ctzll".split(),
        *b"popcount popcountl popcountll parity".split(),
    )
)
ASSIGNS: Final = frozenset({b"=", b"+=", b"-=", b"*=", b"/=", b"%=", b"&=", b"|=", b"^=", b"<<=", b">>="})
BINARY: Final = frozenset(
    {*ASSIGNS, b"==", b"!=", b"<", b">", b"<=", b">=", b"<<", b">>", b"+", b"-", b"*", b"/", b"%"}
    | {b"&", b"|", b"^", b"&&", b"||", b"?", b":"}
)


#: Names whose meaning is the line where they stand.
OBSERVERS: Final = frozenset({b"__LINE__", b"__COUNTER__", b"__builtin_LINE", b"assert"})
#: Names, and parts of names, that ask for a column, for the place of a call elsewhere, or for a count.
WATCHERS: Final = (b"__COUNTER__", b"__builtin_LINE", b"__builtin_COLUMN", b"source_location")


def is_watcher(word: bytes) -> bool:
    """Say whether a name, or one of those in a text, asks for more than the line where it stands."""
    return any(part in word for part in WATCHERS)


def is_name(token: bytes) -> bool:
    """Say whether a token is an identifier that is no keyword."""
    return KINDS[token] is IDENTIFIER and token not in KEYWORDS


def is_spelling_seen(callee: bytes) -> bool:
    """Say whether a word before a parenthesis is one of the language or its compiler that may look at how
    what is in it is written: ``asm goto (...)``, ``typeof (...)``, ``__builtin_has_attribute (...)``.
    """
    if callee.startswith(b"__builtin_"):
        return callee not in _PLAIN_BUILTINS
    return callee in KEYWORDS and callee not in BEFORE_OPERAND


def is_directive(token: bytes) -> bool:
    """Say whether a token of a stream is a directive or a word of a macro's body."""
    return token[:1] == b"\n"


def is_head(token: bytes) -> bool:
    """Say whether a token of a stream begins a directive (a # in a macro's body does not)."""
    return token[:2] == b"\n#" and (token[2:3] == b" " or token[2:3].isalpha())


def is_body_word(token: bytes) -> bool:
    """Say whether a token of a stream is a word of a macro's body."""
    return token[:1] == b"\n" and not is_head(token)
