"""Where the meat is: a squarified treemap of files in folders, as SVG without a style attribute.

Tiles follow Bruls, Huizing and van Wijk: rows of tiles are filled while that makes them squarer. Places are
shares of the picture, so it stretches with the page; labels stand only where they fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.safestring import SafeString

from vimagetrack.look import svg
from vimagetrack.look.characters import attribute
from vimagetrack.look.words import number, percent

if TYPE_CHECKING:
    from reviews.pictures import FileMeat

WIDTH: Final = 1000.0
HEIGHT: Final = 440.0
#: Files of a folder that have a tile of their own; the rest share one.
FILES_A_FOLDER: Final = 9
FOLDERS: Final = 12
_HEAD: Final = 16.0  # height of a folder's name
#: Width of a letter in units of the picture, where it is drawn at 560 and at 350 pixels.
_LETTER_WIDE: Final = 11.5
_LETTER_NARROW: Final = 18.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A leaf or a folder with its weight in changed lines."""

    name: str
    title: str
    lines: int
    meat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A place in units of the picture."""

    x: float
    y: float
    width: float
    height: float


def squarify(weights: Sequence[float], box: Box) -> list[Box]:
    """Cut a box into one box a weight, areas in proportion, in the given (falling) order."""
    scale = box.width * box.height / (sum(weights) or 1)
    areas = [weight * scale for weight in weights]
    boxes: list[Box] = []
    while areas:
        side = min(box.width, box.height) or 1e-9
        row = 1
        while row < len(areas) and _worst(areas[: row + 1], side) <= _worst(areas[:row], side):
            row += 1
        placed, box = _lay(areas[:row], box)
        boxes += placed
        areas = areas[row:]
    return boxes


def _worst(areas: Sequence[float], side: float) -> float:
    total = sum(areas) or 1e-9
    return max(max(side**2 * a / total**2, total**2 / (side**2 * max(a, 1e-9))) for a in areas)


def _lay(areas: Sequence[float], box: Box) -> tuple[list[Box], Box]:
    """Lay a row along the shorter side; give its boxes and what is left."""
    flat = box.width <= box.height
    depth = sum(areas) / ((box.width if flat else box.height) or 1e-9)
    boxes, offset = [], 0.0
    for area in areas:
        length = area / (depth or 1e-9)
        boxes.append(
            Box(x=box.x + offset, y=box.y, width=length, height=depth)
            if flat
            else Box(x=box.x, y=box.y + offset, width=depth, height=length)
        )
        offset += length
    if flat:
        return boxes, Box(x=box.x, y=box.y + depth, width=box.width, height=max(box.height - depth, 0))
    return boxes, Box(x=box.x + depth, y=box.y, width=max(box.width - depth, 0), height=box.height)


def draw(files: Sequence[FileMeat]) -> SafeString:
    """Draw the whole picture."""
    from reviews.pictures import treemap_label

    folders = _folders(files)
    weights = [sum(tile.lines for tile in tiles) for _, tiles in folders]
    boxes = squarify(weights, Box(x=0, y=0, width=WIDTH, height=HEIGHT))
    parts = [_folder(name, tiles, box) for (name, tiles), box in zip(folders, boxes, strict=True)]
    label = attribute(treemap_label(files))
    return SafeString(
        f'<svg class="pic tmap" height="{HEIGHT:.0f}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def _folders(files: Sequence[FileMeat]) -> list[tuple[str, list[Tile]]]:
    """Group files by folder, largest first; what is too small to see shares a tile that says so."""
    by_folder: dict[str, list[FileMeat]] = defaultdict(list)
    for file in files:
        by_folder[file.path.rpartition("/")[0] or "."].append(file)
    ranked = sorted(by_folder.items(), key=lambda item: (-sum(f.lines for f in item[1]), item[0]))
    kept = ranked[: FOLDERS - 1] if len(ranked) > FOLDERS else ranked
    rest = [file for _, inside in ranked[len(kept) :] for file in inside]
    names = _short_names([name for name, _ in kept])
    folders = [(names[name], _tiles(inside)) for name, inside in kept]
    return [*folders, (f"{len(ranked) - len(kept)} other folders", _tiles(rest))] if rest else folders


def _short_names(names: Sequence[str]) -> dict[str, str]:
    """Leave out the parts that all folders have in common."""
    heads = [name.split("/")[:-1] for name in names]
    common = 0
    while heads and all(len(head) > common and head[common] == heads[0][common] for head in heads):
        common += 1
    return {name: "/".join(name.split("/")[common:]) for name in names}


def _tiles(files: Sequence[FileMeat]) -> list[Tile]:
    ranked = sorted(files, key=lambda file: (-file.lines, file.path))
    kept = ranked[: FILES_A_FOLDER - 1] if len(ranked) > FILES_A_FOLDER else ranked
    rest = ranked[len(kept) :]
    tiles = [Tile(name=f.path.rpartition("/")[2], title=f.path, lines=f.lines, meat=f.meat) for f in kept]
    if rest:
        name = f"other {len(rest)}"
        lines, meat = sum(f.lines for f in rest), sum(f.meat for f in rest)
        tiles.append(Tile(name=name, title=f"{name} files", lines=lines, meat=meat))
    return sorted(tiles, key=lambda tile: -tile.lines)


def _folder(name: str, tiles: Sequence[Tile], box: Box) -> str:
    fits = len(name) * _LETTER_WIDE < box.width and box.height > 3 * _HEAD
    top = _HEAD if fits else 0
    inner = Box(x=box.x, y=box.y + top, width=max(box.width - 6, 1), height=max(box.height - top - 4, 1))
    css = "em" if len(name) * _LETTER_NARROW < box.width else "em o"
    head = (
        f'<svg {_place(box)}><text class="{css}" x="1" y="11">{attribute(name)}</text></svg>' if fits else ""
    )
    places = squarify([tile.lines for tile in tiles], inner)
    return head + "".join(_tile(tile, place) for tile, place in zip(tiles, places, strict=True))


def _tile(tile: Tile, box: Box) -> str:
    cut = Box(x=box.x, y=box.y, width=max(box.width - 2, 0.5), height=max(box.height - 2, 0.5))
    share = tile.meat / max(tile.lines, 1)
    said = f"{tile.title}: {number(tile.lines)} changed lines, {percent(tile.meat, tile.lines)} meat"
    meat = (
        f'<rect class="f-meat" y="{svg.pct(1 - share)}" width="100%" height="{svg.pct(share)}"/>'
        if share
        else ""
    )
    return (
        f"<svg {_place(cut)}><title>{attribute(said)}</title>"
        f'<rect class="f-null" width="100%" height="100%"/>{meat}{_tile_label(tile, cut)}</svg>'
    )


def _tile_label(tile: Tile, box: Box) -> str:
    if len(tile.name) * _LETTER_WIDE + 14 > box.width or box.height < 20:
        return ""
    narrow = "" if len(tile.name) * _LETTER_NARROW + 14 < box.width else " o"
    counted = box.height >= 36
    ground = f'<rect class="lb{narrow}" width="100%" height="{31 if counted else 18}"/>'
    name = f'<text class="t-ink{narrow}" x="5" y="13">{attribute(tile.name)}</text>'
    lines = f'<text class="{narrow.strip()}" x="5" y="26">{number(tile.lines)}</text>' if counted else ""
    return ground + name + lines


def _place(box: Box) -> str:
    x, width = svg.pct(box.x / WIDTH), svg.pct(box.width / WIDTH)
    return f'x="{x}" y="{svg.pct(box.y / HEIGHT)}" width="{width}" height="{svg.pct(box.height / HEIGHT)}"'
