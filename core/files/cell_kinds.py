"""What a cell of a person's table is: data of a kind (a number, an instant, an address, a code), or words.

Inside: the look at one cell, and how much a column reads like sentences. Not inside: which row names the columns
(headers.py), where a row is cut (layout.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MONTHS = (
    "jan fev mar abr mai jun jul ago set out nov dez feb apr may aug sep sept oct dec janeiro fevereiro março marco "
    "abril maio junho julho agosto setembro outubro novembro dezembro january february march april june july august "
    "september october november december"
)
DAYS = (
    "seg ter qua qui sex sab sáb dom segunda terça terca quarta quinta sexta sábado sabado domingo feira mon tue wed "
    "thu fri sat sun monday tuesday wednesday thursday friday saturday sunday"
)
_DATA_WORDS = frozenset(
    f"{MONTHS} {DAYS} am pm a p m gmt utc brt brst est cst z t h hs hrs min s seg ms de às as at of st nd rd th r us "
    "usd brl eur kg g km cm mm mb kb gb o".split()
)
"""Words that stand in a number or an instant without making it a sentence."""

_LONGEST_NAME = 400
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\S*(?:[\d@\\]|://)\S*")
_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_PARTICLES = frozenset("de da do das dos e y di del la le van von der of".split())


def folded(text: str) -> str:
    """``text`` trimmed, in lower case and without accents: how names of columns are compared. Of a long text its
    beginning: to bring thousands of marks into order takes seconds.
    """
    plain = unicodedata.normalize("NFD", text.strip()[:_LONGEST_NAME].casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def is_data(cell: str) -> bool:
    """Whether a cell is a number, an amount, an instant, a time code, an address, a file or a code, and no words."""
    text = cell.strip()[:200]
    if not text:
        return False
    if _CODE.fullmatch(text):
        return not _END.search(text) or not _WORD.match(text)  # "GPT-2?" is a sentence of one word
    words = _WORD.findall(text.casefold())
    return any(c.isdigit() for c in text) and all(word in _DATA_WORDS for word in words)


def data_share(cells: Sequence[str]) -> float:
    """Share of the cells with text that are data, 0 … 1; 0 without any text."""
    filled = [cell for cell in cells if cell.strip()]
    return sum(map(is_data, filled)) / len(filled) if filled else 0.0


def ends_a_sentence(cell: str) -> bool:
    """Whether a cell ends in a mark that ends sentences."""
    return bool(_END.search(cell.rstrip()[-12:]))


def word_count(cell: str) -> int:
    """Number of words, counted by spaces."""
    return len(cell.split())


def prose(cells: Sequence[str]) -> float:
    """How much a column reads like sentences: 0 for data and for nothing; words and final marks count, names and
    answers that repeat count less."""
    filled = [cell.strip()[:2000] for cell in cells if cell.strip()]
    if not filled or data_share(filled) >= 0.8:
        return 0.0
    points = sum(map(_points, filled)) / len(cells)
    repeats = len(filled) >= 4 and len(set(filled)) / len(filled) < 0.5
    return points * 0.4 if repeats else points


def _points(cell: str) -> float:
    if is_data(cell):
        return 0.0
    points = min(word_count(cell), 12) + 3 * ends_a_sentence(cell)
    return 0.25 * points if _is_name(cell) else points


def _is_name(cell: str) -> bool:
    """Whether a cell is written as a person's name: every word with a capital, except de, da, dos …"""
    words = cell.split()
    return not ends_a_sentence(cell) and all(word[0].isupper() or word in _PARTICLES for word in words)
