"""Codes of rooms, keys of teachers, secrets of phones: how they are made and compared.

A code has four letters, as a class can read them from a wall: no vowels, so that it is no word, and nothing that looks
like a digit. It only lets one answer; the teacher's key (128 bits) and a phone's secret (96 bits) are kept as digests.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from ..classroom.room import SEAT_NUMBERS

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LETTERS = 4
_CODE = re.compile(rf"[{LETTERS}]{{{CODE_LETTERS}}}")
KEY_BYTES, SECRET_BYTES = 16, 12


def new_code() -> str:
    """One of 160,000 codes."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))


def read_code(text: str) -> str | None:
    """A code as somebody typed it (small letters, spaces); None for what cannot be one."""
    code = text[:20].strip().upper()
    return code if _CODE.fullmatch(code) else None


def new_key() -> str:
    """A teacher's key."""
    return secrets.token_urlsafe(KEY_BYTES)


def new_secret() -> str:
    """A phone's secret."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_seat(taken: dict[int, str]) -> int | None:
    """A random number that no seat has; None where nearly all are taken."""
    for _ in range(200):
        if (seat := secrets.choice(SEAT_NUMBERS)) not in taken:
            return seat
    return None


def secret_digest(secret: str) -> str:
    """What is kept of a key or a secret (random, so a plain digest does)."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def same_secret(secret: str, digest: str | None) -> bool:
    """Whether it is the one of that digest, in the same time for all that are not."""
    return digest is not None and hmac.compare_digest(secret_digest(secret), digest)
