"""Primitives of the pictures: x in percent, y in pixels, colours by class; no style attribute anywhere.

The picture stretches with the page while its text keeps its size, so every x is a share of the width.
"""

from __future__ import annotations

import html

from vimagetrack.look.badges import HATCHED


def pct(share: float) -> str:
    """Write a share of 0 to 1 as a percentage with two digits."""
    return f"{share * 100:.2f}%"


def text(value: str) -> str:
    """Escape text for an element or an attribute of a picture."""
    return html.escape(value)


def rect(tone: str, x: float, width: float, *, y: str = "0", height: str = "100%", extra: str = "") -> str:
    """Draw a filled box, hatched where the tone asks for it; ``x`` and ``width`` are shares of 0 to 1.

    ``tone`` is a colour's class suffix. Nothing narrower than 0.3 percent: it could not be seen.
    """
    place = f'x="{pct(x)}" width="{pct(max(width, 0.003))}" y="{y}" height="{height}"{extra}'
    hatch = f'<rect fill="url(#hatch)" {place}/>' if tone in HATCHED else ""
    return f'<rect class="f-{tone}" {place}/>{hatch}'


def at(x: float, inner: str, *, y: str = "50%") -> str:
    """Place a mark of fixed size at a share of the width."""
    return f'<svg x="{pct(x)}" y="{y}" overflow="visible">{inner}</svg>'


def vertical(css: str, x: float, *, y1: str = "0", y2: str = "100%") -> str:
    """Draw a vertical line at a share of the width."""
    return f'<line class="{css}" x1="{pct(x)}" x2="{pct(x)}" y1="{y1}" y2="{y2}"/>'


def horizontal(css: str, x1: float, x2: float, *, y: str = "50%") -> str:
    """Draw a horizontal line between two shares of the width."""
    return f'<line class="{css}" x1="{pct(x1)}" x2="{pct(x2)}" y1="{y}" y2="{y}"/>'
