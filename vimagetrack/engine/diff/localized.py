"""What GNU diff says in other languages where a change is not shown, as its own catalogues have it.

A line that is missed here is read as prose, and a change would pass unseen; a line too many is a
warning about nothing.
"""

from __future__ import annotations

import re

_BINARY = (
    ("Binärdateien ", " und ", " sind verschieden"),
    ("Les fichiers binaires ", " et ", " sont différents"),
    ("Los ficheros binarios ", " y ", " son distintos"),
    ("Los archivos binarios ", " y ", " son distintos"),
    ("I file binari ", " e ", " sono diversi"),
    ("Os arquivos binários ", " e ", " são diferentes"),
    ("Ficheiros binários ", " e ", " diferem"),
    ("Os ficheiros binarios ", " e ", " son diferentes"),
    ("Binaire bestanden ", " en ", " zijn verschillend"),
    ("Binarne pliki ", " i ", " różnią się"),
    ("Binární soubory ", " a ", " jsou rozdílné"),
    ("Binære filer ", " og ", " er forskellige"),
    ("Binærfilene ", " og ", " er ulike"),
    ("De binära filerna ", " och ", " skiljer"),
    ("Binääritiedostot ", " ja ", " eroavat"),
    ("Binarne datoteke ", " i ", " se razlikuju"),
    ("Fişierele binare ", " şi ", " diferă"),
    ("Двоичные файлы ", " и ", " различаются"),
    ("Двійкові файли ", " та ", " відрізняються"),
    ("Бинарне датотеке ", " и ", " различите"),
    ("Двоичните файлове ", " и ", " се различават"),
    ("Τα δυαδικά αρχεία ", " και ", " διαφέρουν"),
    ("İkili ", " ve ", " birbirinden farklı"),
    ("バイナリーファイル ", " と", " は異なります"),
    ("二进制文件 ", " 和 ", " 不同"),
    ("二元碼檔 ", " 與 ", " 不同"),
)
_ONLY_IN = (
    ("Nur in ", "Seulement dans ", "Sólo en ", "Solo in ", "Somente em ", "Só em ", "Só en ", "Alleen in ")
    + ("Tylko w ", "Pouze v ", "Kun i ", "Bare i ", "Endast i ", "Vain hakemistossa ", "Samo u ", "Doar în ")
    + ("Только в ", "Лише у ", "Само у ", "Само в ", "Μόνο στο ", "Csak ebben: ", "Hanya dalam ", "只在 ")
)


def _any(words: tuple[str, ...]) -> bytes:
    return b"|".join(re.escape(word.encode()) for word in words)


OPENINGS = _any((*(opening for opening, _, _ in _BINARY), *_ONLY_IN))
"""A pattern of how such lines begin."""
_BINARY_BYTES = tuple(tuple(part.encode() for part in words) for words in _BINARY)
_ONLY_IN_BYTES = tuple(word.encode() for word in _ONLY_IN)
_COLONS = (b": ", "：".encode())


def unshown(line: bytes) -> tuple[str, str] | None:
    """Say (code, what) of a line that speaks of a change without showing it, None of any other."""
    text = line.rstrip(b". ")
    for opening, between, end in _BINARY_BYTES:
        if text.startswith(opening) and text.endswith(end) and between in text:
            return "binary-not-shown", "a binary change is named but not shown"
    if text.startswith(_ONLY_IN_BYTES) and any(colon in text for colon in _COLONS):
        return "only-in", "a file is on one side only and is not shown"
    return None
