"""The text of a token: made here, checked here, and stored nowhere but as its sha256.

``vt_`` names us to scanners of leaked secrets, 40 random characters of base 62 are 238 bits, and 6 of
checksum let a mistyped or invented one be refused without a look into the database.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib

#: Base 62: no character that a shell, a header or an address would want quoted.
ALPHABET = string.digits + string.ascii_letters
#: What may be shown of a token, and is enough to tell one's tokens apart: "vt_" and 8 characters.
PREFIX_LENGTH = 11

_SECRET_LENGTH = 40
_CHECKSUM_LENGTH = 6
_SHAPE = re.compile(rf"vt_[0-9A-Za-z]{{{_SECRET_LENGTH + _CHECKSUM_LENGTH}}}")


def mint() -> str:
    """Make a new token; whoever calls shows it once and forgets it."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(_SECRET_LENGTH))
    return f"vt_{secret}{_checksum(secret)}"


def is_well_formed(text: str) -> bool:
    """Tell whether we can have made this; says nothing of whether it opens anything."""
    if not _SHAPE.fullmatch(text):
        return False
    secret, checksum = text[3:-_CHECKSUM_LENGTH], text[-_CHECKSUM_LENGTH:]
    return _checksum(secret) == checksum


def digest(text: str) -> str:
    """Give what is stored: a plain sha256, for 238 random bits need no slow hash and no salt."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(secret: str) -> str:
    value, digits = zlib.crc32(secret.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        value, digit = divmod(value, len(ALPHABET))
        digits += ALPHABET[digit]
    return digits
