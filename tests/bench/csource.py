"""Kernel-like C, made line by line: the words, the 200 transition macros, and statements with holes.

Used by monolith.py. Everything is drawn from one ``random()``, so that a seed gives the same bytes; numbers,
members and locals vary enough that no answer can be had by having seen the line before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_PROTOCOLS = "tcp udp ip ip6 icmp icmp6 arp in in6 nd6 igmp carp pf ipsec".split()  # noqa: SIM905
_MATTERS = """
delack_enabled do_rfc1323 mssdflt sendspace recvspace rexmit_min hash_mask forwarding ttl_default
drop_redirect keepidle maxfrags log_redirect blackhole reass_qsize autosndbuf_max quotelen checkif
""".split()  # noqa: SIM905
_STEMS = """
ifp ifa rt ro inp so sb sa tp th ip6 m mb sc td p cred lo nd ln dr pr sin pcb req entry node key tbl bkt
frag opt hdr arg buf pkt seg lle mod vif grp src dst nxt prev head tail old new tmp cur
""".split()  # noqa: SIM905
_NOUNS = """
count flags addr mask state queue timer lock len off seq win ack ttl cksum route peer cache hash index
limit proto mtu scope zone lladdr prefix expire refcnt list link vnode socket window burst rate quota
epoch
""".split()  # noqa: SIM905
_VERBS = """
alloc free init attach detach lookup insert remove update check input output drain purge enter leave join
clone destroy notify enqueue dequeue rehash reset flush expire resolve forward deliver
""".split()  # noqa: SIM905
_PROSE = """
the interface must not go away while we hold this reference since its address list is walked without lock
here and a packet that arrives late would find freed memory unless the timer was stopped before see also
what callers do when an error comes back from below or the route changed under us in between
""".split()  # noqa: SIM905

#: Names of ints, structs and list heads that the macros stand for.
INTS = [f"{p}_{m}" for p in _PROTOCOLS[:8] for m in _MATTERS][:120]
STRUCTS = [f"{p}stat" for p in _PROTOCOLS] + [f"{p}_cb_info" for p in _PROTOCOLS[:6]]
HEADS = [f"{p}_{n}_head" for p in _PROTOCOLS[:10] for n in ("addr", "prefix")]
#: Members that a function-like macro reaches: VP_name(x) is (x)->name.
REACHED = [f"{p}_vnet_{n}" for p in _PROTOCOLS[:7] for n in ("ctx", "gen")]
_EMPTY = [f"INIT_VNET_{name}(arg)" for name in ("NET", "INET", "INET6", "IPSEC", "PF", "GIF", "KERN")]
_EMPTY += ["INIT_VPROCG(arg)", "INIT_VCPU(arg)", "CURVNET_SET(arg)", "CURVNET_RESTORE()", "VNET_ASSERT(cond)"]
INITS = [name.partition("(")[0] for name in _EMPTY[:9]]


def table() -> str:
    """Give the 200 macros: a quarter of the values in parentheses through helpers, the rest plain."""
    rows = ["#define\tVSYM(base, sym)\t(sym)", "#define\tVNET_NET(sym)\tVSYM(vnet_net, sym)"]
    for number, name in enumerate(INTS + STRUCTS + HEADS):
        body = f"VNET_NET({name})" if number % 4 == 3 else name
        rows.append(f"#define\tV_{name}\t{body}")
    rows += [f"#define\tVP_{name}(ptr)\t((ptr)->{name})" for name in REACHED]
    rows += [f"#define\tVC_{verb}(a, b)\tvnet_{verb}(a, b)" for verb in _VERBS[: 188 - len(rows)]]
    rows += [f"#define\t{name}" for name in _EMPTY]
    return "\n".join(rows) + "\n"


CALLED = [name for name in _VERBS if f"VC_{name}(" in table()]

# Holes: a pointer, n local int, e member, f function, c constant, d number, h hexadecimal, t struct tag,
# s string, w word, l label; and of what is renamed: G int, S struct, H list head, P member, K call.
_HOLES = re.compile(r"\{(\w)\}")
Template = tuple[str, str]


def template(text: str) -> Template:
    """Compile a line with holes into a format and the holes' letters."""
    return _HOLES.sub("%s", text.replace("%", "%%")), "".join(_HOLES.findall(text))


def _templates(text: str) -> list[Template]:
    return [template(line) for line in text.split("\n") if line]


PLAIN = _templates(r"""
{n} = {a}->{e};
{a}->{e} = {n} + {d};
{a} = {f}({a}, {n});
{f}({a}->{e}, {n}, {d});
{n} += {d};
{a}->{e} |= {c};
{a}->{e} &= ~{c};
{n} = ({a}->{e} & {h}) >> {d};
{a} = (struct {t} *){a}->{e};
bcopy({a}->{e}, (caddr_t)&{a}->{e}, sizeof(struct {t}));
{n} = ntohs({a}->{e}) - {d};
mtx_lock(&{a}->{e});
mtx_unlock(&{a}->{e});
log(LOG_ERR, "{s}: {s} %d\n", {n});
KASSERT({a}->{e} > {d}, ("{s}: {s}"));
{a}->{e}[{n}] = (u_char)({n} * {d});
{n} = {f}(&{a}->{e}, {c}, {d});
(void){f}({a}, sizeof({a}->{e}));
callout_reset(&{a}->{e}, {d} * hz, {f}, {a});
{n} = {a}->{e} ? {a}->{e} : {d};
{a}->{e}++;
{n}--;
bzero({a}, sizeof(*{a}));
goto {l};
{a}->{e} = htonl({h});
printf("{s} %s\n", {a}->{e});
""")
HEADERS = _templates(r"""
if ({a}->{e} == {d})
if ({n} > {d} && {a}->{e} != NULL)
if (({n} & {c}) == 0)
if ({a} == NULL || {n} < {d})
for ({n} = 0; {n} < {d}; {n}++)
while ({n}-- > {d})
TAILQ_FOREACH({a}, &{a}->{e}, {e})
if ({f}({a}, {n}) != 0)
if ({a}->{e} & {h})
if (!{f}({a}->{e}))
""")
#: Spelled with macros. Each has a d, so that the same line may change for good as well.
RENAMED = _templates(r"""
if ({G} > {d})
{G} = {d};
{n} = {G} + {d};
if ({a}->{e} < {G} && {n} != {d})
{S}.{e} += {d};
{S}.{e}[{d}]++;
{f}(&{S}, {a}, {d});
TAILQ_FOREACH({a}, &{H}, {e}_{d})
{n} = min({G}, {G}) * {d};
{f}({a}, {G}, {d});
TAILQ_INSERT_TAIL(&{H}, {a}, {e}_{d});
{a}->{e} = {G} - {d};
{n} = {P} & {d};
{K}({a}, {n} + {d});
{n} += {S}.{e} >> {d};
bzero(&{S}.{e}, {d});
if ({G} && ({n} & {h}) == {d})
return ({G} ? {n} : {d});
log(LOG_DEBUG, "{s} %d %d\n", {G}, {d});
{G} = ({G} + {d}) & {h};
""")
DECLARED = _templates(r"""
struct {t} *{a};
int {n};
u_int32_t {n} = {d};
struct {t} {e}_{d};
char {e}[{d}];
u_char *{e}_{d} = NULL;
int {n} = {h}, {e}_{d};
const struct {t} *{a} = NULL;
""")
MEMBERS = _templates(r"""
struct	{t} *{e}_{d};
int	{e}_{d};		/* {w} {w} {w} */
u_short	{e}_{d};
struct	{t} {e}_{d}[{d}];
TAILQ_ENTRY({t}) {e}_{d};
u_int32_t {e}_{d};	/* {w} {w} */
void	(*{f})(struct {t} *, int);
#define	{c}_{d}	{h}
""")
COMMENT = template("/* {w} {w} {w} {w} {w}. */")
PROSE = template(" * {w} {w} {w} {w} {w} {w} {w}")
NEEDED = [
    template(text)
    for text in ("#include <sys/{e}{d}.h>", "#include <net/{e}_{e}.h>", "#define\t{c}_{d}\t{d}")
]
SYSCTL = template('SYSCTL_INT(_net_inet_{e}, OID_AUTO, {e}_{d}, CTLFLAG_RW, &{G}, {d}, "{s} {s}");')


class Words:
    """The words of one file, which fill the holes: a new one a file, so that files are not alike."""

    def __init__(self, random: Callable[[], float], shared: dict[str, list[str]]) -> None:
        self.random = random
        stems = [f"{self._one(_STEMS)}_{self._one(_NOUNS)}" for _ in range(60)]
        self.pools = shared | {
            "a": [*(self._one(_STEMS) for _ in range(6)), *stems[:18]],
            "n": ["i", "error", "len", "off", *(f"n{stem}" for stem in stems[18:30])],
            "e": [f"{self._one(_STEMS)}_{self._one(_NOUNS)}" for _ in range(70)],
            "f": [f"{stem}_{self._one(_VERBS)}" for stem in stems[20:60]],
            "c": [f"{stem.upper()}" for stem in stems[:40]],
            "t": stems[10:30],
            "l": ["out", "bad", "done", "drop", "again"],
        }

    def _one(self, pool: list[str]) -> str:
        return pool[int(self.random() * len(pool))]

    def one(self, letter: str) -> str:
        """Draw one word."""
        pool = self.pools[letter]
        return pool[int(self.random() * len(pool))]

    def any(self, templates: list[Template]) -> Template:
        """Draw one template."""
        return templates[int(self.random() * len(templates))]

    def line(self, chosen: Template) -> str:
        """Fill a template without names that are renamed."""
        random, pools = self.random, self.pools
        text, letters = chosen
        return text % tuple([pools[hole][int(random() * len(pools[hole]))] for hole in letters])

    def respelled(self, chosen: Template, *, changed: bool = False) -> tuple[str, str]:
        """Fill a template twice: as it was, and with macros; changed, its numbers differ as well."""
        text, letters = chosen
        old, new = [], []
        for hole in letters:
            if hole in "GSH":
                name = self.one(hole)
                old.append(name)
                new.append(f"V_{name}")
            elif hole == "P":
                name, pointer = self.one(hole), self.one("a")
                old.append(f"(({pointer})->{name})")
                new.append(f"VP_{name}({pointer})")
            elif hole == "K":
                name = self.one(hole)
                old.append(f"vnet_{name}")
                new.append(f"VC_{name}")
            else:
                old.append(self.one(hole))
                new.append(self.one(hole) if changed and hole == "d" else old[-1])
        return text % tuple(old), text % tuple(new)

    def rewritten(self, chosen: Template) -> tuple[str, str]:
        """Fill a template twice, so that one word differs at least."""
        text, letters = chosen
        old = [self.one(hole) for hole in letters]
        new = list(old)
        while new == old:
            at = int(self.random() * len(new))
            new[at] = self.one(letters[at])
        return text % tuple(old), text % tuple(new)


def shared_words(random: Random) -> dict[str, list[str]]:
    """Make the words that all files share: numbers, prose, and what the macros rename."""
    phrases = [" ".join(random.choices(_PROSE, k=3)) for _ in range(400)]
    return {
        "d": [str(number) for number in range(2, 4098)],
        "h": [f"{number:#06x}" for number in random.sample(range(65536), 4096)],
        "s": phrases,
        "w": _PROSE,
        "G": INTS,
        "S": STRUCTS,
        "H": HEADS,
        "P": REACHED,
        "K": CALLED,
    }
