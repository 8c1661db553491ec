"""Which encoding a text without a byte order mark is in, when it is not UTF-8.

Inside: the legacy encodings of Portuguese (Windows, old Mac, DOS), told apart by where each character stands; UTF-16
without its mark; a general detector for other scripts. Not inside: limits, marks and what is refused (uploads.py).

A character counts for what it is and for what stands beside it: º comes after a digit, an opening quotation mark before
a letter, a capital not after a small letter. charset-normalizer alone read 9 of 60 short, mostly Portuguese texts
(docs/decisions/0007); it is asked where no Western encoding fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import islice

from charset_normalizer import from_bytes

ENCODINGS = (
    "utf-8",
    "cp1252",
    "iso-8859-15",
    "mac_roman",
    "cp850",
    "cp860",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1251",
    "shift_jis",
    "gb18030",
)
"""What a person may choose instead of the detected encoding."""

WESTERN: Mapping[str, float] = {"cp1252": 0.15, "mac_roman": 0.02, "cp850": 0.05, "cp860": 0.0}
"""Tried before a general detector, with what speaks for each beforehand (for cp1252 always, for the others less the
more characters there are): cp1252 contains Latin-1's printable part; cp860 is the DOS of Portugal."""

SAMPLE_BYTES = 16 * 1024
"""How much is looked at: enough accents to decide, quick on a hostile file."""
MOST_WEIGHED = 1500
"""Characters beyond ASCII that are weighed."""
LEAST_FIT = 0.5
"""Mean weight of the characters below which a Western encoding is not believed; 0.7 where most letters are beyond
ASCII, as in other scripts."""

MOST_MISTAKEN = 8
"""Letters of another script that may be something else; where there are more, the text means them."""
SURE_FIT = 0.85
"""Mean weight from which valid UTF-8 is believed to be a Western encoding."""

_COMMON = frozenset("áàâãéêíóôõúüç")
_FAIR = frozenset("äëïöèìòùñîûœæßåøžš")
_WORDS = frozenset("éàóáôÉÀÓÁÔèÈ")
"""Letters that are words."""


def guess_encoding(data: bytes) -> str | None:
    """Python's name of the encoding that ``data`` (no UTF-8) is probably in; None where nothing fits."""
    sample = _odd_sample(data)
    weights = {encoding: _weight(sample, encoding) for encoding in WESTERN}
    few = min(1.0, 4 / max(1, sum(byte > 127 for byte in sample)))
    prior = {encoding: bonus * (1 if encoding == "cp1252" else few) for encoding, bonus in WESTERN.items()}
    best = max(WESTERN, key=lambda encoding: weights[encoding] + prior[encoding])
    if weights[best] >= (0.7 if _mostly_beyond_ascii(sample) else LEAST_FIT):
        return "iso-8859-15" if best == "cp1252" and _means_euro(sample) else best
    match = from_bytes(sample, cp_exclusion=["utf_7", "utf_16", "utf_16_be", "utf_16_le"]).best()
    return None if match is None else match.encoding


def happens_to_be_utf8(data: bytes, text: str) -> str | None:
    """The encoding of ``data`` where its few bytes beyond ASCII are UTF-8 by chance, ``text``; else None.

    ’á of an old Mac is an Armenian letter in UTF-8, É” of Windows one of phonetics: letters of another script inside
    words of ASCII letters, and nothing else beyond ASCII.
    """
    odd = [match for match in islice(re.finditer(r"[^\x00-\x7f]", text), MOST_MISTAKEN + 1)]
    if not 0 < len(odd) <= MOST_MISTAKEN:
        return None
    for match in odd:
        beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        foreign = "\u0250" <= match.group() < "\u0800" and not "\u0370" <= match.group() < "\u0400"
        if not foreign or not any(c.isascii() and c.isalpha() for c in beside):
            return None
    sample = _odd_sample(data)
    best = max(WESTERN, key=lambda encoding: _weight(sample, encoding))
    return best if _weight(sample, best) >= SURE_FIT else None


def unmarked_utf16(data: bytes) -> str | None:
    """utf-16-le or utf-16-be for a text whose every second byte is mostly NUL, as European letters give; else None."""
    sample = data[: SAMPLE_BYTES - SAMPLE_BYTES % 2]
    for encoding, nul in (("utf-16-le", 1), ("utf-16-be", 0)):
        high, low = sample[nul::2], sample[1 - nul :: 2]
        if 0 in low or high.count(0) < 0.3 * len(high):
            continue
        text = sample.decode(encoding, "replace")
        usual = sum(c in "\t\r\n" or " " <= c < "\u0250" or "\u0370" <= c < "\u0530" or c in _PUNCTUATION for c in text)
        if usual >= 0.95 * len(text):
            return encoding
    return None


_PUNCTUATION = "“”‘’–—…€•\ufeff\ufffd"


def _odd_sample(data: bytes) -> bytes:
    """The first lines that have bytes beyond ASCII: only they tell encodings apart."""
    sample = bytearray()
    for match in re.finditer(rb"[^\r\n]+", data):
        if not match.group().isascii():
            sample += match.group() + b"\n"
        if len(sample) > SAMPLE_BYTES:
            break
    return bytes(sample[:SAMPLE_BYTES])


def _mostly_beyond_ascii(sample: bytes) -> bool:
    odd = sum(byte > 127 for byte in sample)
    return odd > 0.5 * (odd + sum(bytes((byte,)).isalpha() for byte in sample))


def _means_euro(sample: bytes) -> bool:
    """Whether byte A4 is € (Latin-9) and not ¤, which nobody writes: no byte is one of Windows's own, and it stands
    beside a number or as a word."""
    if b"\xa4" not in sample or any(0x80 <= byte < 0xA0 for byte in sample):
        return False
    return not re.search(rb"[A-Za-z]\xa4|\xa4[A-Za-z]", sample)


def _weight(sample: bytes, encoding: str) -> float:
    """Mean, over the characters beyond ASCII, of how well each fits where it stands: 0 … 1."""
    text = "  " + sample.decode(encoding, "replace") + "  "
    places = [at for at, c in enumerate(text) if not c.isascii()][:MOST_WEIGHED]
    doubtful = _doubtful(text)
    fits = (_fits(text[at - 2 : at], text[at], text[at + 1 : at + 3]) * doubtful.get(text[at], 1) for at in places)
    return sum(fits) / max(1, len(places))


def _doubtful(text: str) -> dict[str, float]:
    """Characters that mean little in this text, and how little: half of a pair of quotation marks, quarters without
    any half (the º of an old Mac)."""
    doubtful = {a: 0.5 for a, b in ("“”", "‘’", "«»") if a in text and b not in text}
    doubtful |= {b: 0.4 for a, b in ("“”", "«»") if b in text and a not in text}
    if text.count("¼") > 2 and not {"½", "¾"} & {*text}:
        doubtful["¼"] = 0.5
    return doubtful


def _fits(before: str, c: str, after: str) -> float:
    """How well ``c`` fits between two characters before it and two after it, 0 … 1."""
    if c.lower() in _COMMON or c.lower() in _FAIR:
        return _letter_fits(before[-1], c, after[0])
    for characters, weigh in _RULES:
        if c in characters:
            return weigh(before, after)
    return 0.0


def _letter_fits(before: str, c: str, after: str) -> float:
    if (c == "á" and before and before in "aeoAEO") or (c == "ó" and after and after in "aeo"):
        return 0.55  # where another encoding has a no-break space or a dash between two words
    if c in "çÇ" and after.isascii() and after.lower() not in {*"aou"}:
        return 0.2  # ç stands before a, o, u and their accents
    small = c == c.lower()
    weight = 1.0 if c.lower() in _COMMON or (c in "œŒ" and after in "uU") else 0.6
    if not before.isalpha() and not after.isalpha():
        return weight if c in _WORDS and not before.isdigit() and not after.isdigit() else 0.1
    if before.isalpha() and after.isalpha() and not before.isascii() and not after.isascii():
        return 0.1  # words of letters beyond ASCII: another script
    if (c in "õÕ" and after.lower() != "e") or (c in "ãÃ" and after.isalpha() and after.lower() not in "oesi"):
        return 0.3  # the tilde of Portuguese stands before few letters
    if small and after.isupper():
        return 0.1
    if not small and before.isalpha():
        return 0.9 * weight if before.isupper() and (not after.isalpha() or after.isupper()) else 0.0
    if not small:
        return 0.9 * weight if after.islower() or after.isupper() else 0.1
    if before.isdigit() or (before.isalpha() and before.isupper() and after.isupper()):
        return 0.1
    return weight


def _digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _opening(before: str, after: str) -> float:
    return 0.9 if not before[-1].isalnum() and not after[0].isspace() else 0.1


def _closing(before: str, after: str) -> float:
    return 0.9 if not before[-1].isspace() and not after[0].isalnum() else 0.1


def _apostrophe(before: str, after: str) -> float:
    return 0.9 if before[-1].isalnum() or before[-1] in ".,!?…)" else 0.1


def _dash(before: str, after: str) -> float:
    if not before[-1].isalpha():
        return 0.9 if not after[0].islower() else 0.5
    return 0.3


def _long_dash(before: str, after: str) -> float:
    return 0.5 if before[-1].isalpha() and after[0].isalpha() else _dash(before, after)


def _dots(before: str, after: str) -> float:
    return 0.9 if not after[0].isalnum() or before[-1].isspace() else 0.1


def _ordinal(before: str, after: str) -> float:
    return 0.9 if (before[-1].isdigit() or before[-1] in ".naosNAOSmMdD") and not after[0].isalnum() else 0.1


def _degree(before: str, after: str) -> float:
    return 0.9 if _digit(before) and not after[0].islower() else 0.1


def _fraction(before: str, after: str) -> float:
    return 0.9 if (before[-1].isdigit() or before[-1].isspace()) and not after[0].isalnum() else 0.1


def _power(before: str, after: str) -> float:
    return 0.9 if before[-1].isalnum() and not after[0].isalnum() else 0.1


def _micro(before: str, after: str) -> float:
    return 0.9 if _digit(before) and after[0].isalpha() and not after[1].isalpha() else 0.1


def _currency(before: str, after: str) -> float:
    if _digit(before):
        return 0.9
    return 0.75 if after[0].isdigit() else 0.4 if not before[-1].isalpha() and not after[0].isalpha() else 0.1


def _section(before: str, after: str) -> float:
    if before[-1] not in " (\t\r\n§":
        return 0.1
    return 0.9 if after[0].isspace() and not after[1].isspace() and not _digit(before) else 0.7 * after[0].isdigit()


def _hard_space(before: str, after: str) -> float:
    return 0.7 if not (before[-1].isalpha() and after[0].isalpha()) and not after[0].islower() else 0.5


def _sign(before: str, after: str) -> float:
    return 0.7 if before[-1].isspace() or after[0].isspace() or before[-1].isdigit() else 0.1


def _trademark(before: str, after: str) -> float:
    return 0.7 if before[-1].isalnum() and not after[0].islower() else _sign(before, after)


def _beside_a_letter(before: str, after: str) -> float:
    return 0.5 if before[-1].isalpha() or after[0].isalpha() else 0.1


_RULES: tuple[tuple[str, Callable[[str, str], float]], ...] = (
    ("“‘«„‹¿¡", _opening),
    ("’", _apostrophe),
    ("”»›", _closing),
    ("–", _dash),
    ("—", _long_dash),
    ("…", _dots),
    ("ºª", _ordinal),
    ("°", _degree),
    ("½¼¾", _fraction),
    ("²³¹", _power),
    ("µ", _micro),
    ("€£¥¤¢", _currency),
    ("§¶", _section),
    ("\u00a0", _hard_space),
    ("®™", _trademark),
    ("•·†‡©±×÷¬", _sign),
    ("´`¨", _beside_a_letter),
    ("ðþÞÐýÝÿŸ", lambda before, after: 0.3 * _beside_a_letter(before, after)),
)
"""Characters that are no letters of the languages here, and how well each fits (0 … 1) between two characters before
it and two after it."""
