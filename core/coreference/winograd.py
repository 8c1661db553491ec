"""The Portuguese Winograd schemas (Melo, Imaizumi, Cozman 2019; github.com/gabimelo/portuguese_wsc, MIT) as items of
the bench.

The file is no part of this project: a person brings it. One JSON object per line; read are::

    id, names, sentence, pronoun, pronoun_start, candidates (two), answer (0 or 1)

``names`` says which version a line belongs to: “en” keeps the English names of persons (condition ``wsc``), “pt” has
Portuguese ones (``wsc_pt``); sentences without names are the same in both. A candidate is written with its article (“Os
manifestantes”) and need not stand so in the sentence (“aos manifestantes”): it is looked for without it, as whole
words, and a line is left out where it is in no place or in several. Nothing competes in the place of the pronoun; where
both nouns are single words before ele, ela, eles or elas, a [MASK] can stand there (overt).
Inside: lines, places, twins. Not inside: what makes an item sound (items.py).
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import BadFile
from ..files.uploads import MAX_BYTES, decode
from .articles import said_by
from .items import MASK, Candidate, Gender, Item, Number, Span, problems
from .own import BROKEN

_CONDITIONS = {"en": "wsc", "pt": "wsc_pt"}
ENDINGS = (".jsonl", ".jsonl.gz")
_Row = Mapping[str, Any]

_ARTICLES = {"ele": "o", "ela": "a", "eles": "os", "elas": "as"}
_BEFORE = re.compile(r"(?<![\w-])(\w+)\s+$")


def read_schemas(path: Path) -> tuple[tuple[Item, ...], int]:
    """As `read`, from a file that may be compressed.

    Raises:
        BadFile: as `read`, what `uploads.decode` refuses, or a compressed file that is broken.
    """
    data = path.read_bytes()
    return parse_schemas(decode(_inflated(data, path.name) if path.suffix.lower() == ".gz" else data, path.name).text)


def parse_schemas(text: str) -> tuple[tuple[Item, ...], int]:
    """The items, and how many lines could not be used: no JSON object, a field missing, or a candidate whose place
    would be a guess.

    Raises:
        BadFile: no line is JSON, or none can be used.
    """
    values = [_object(line) for line in text.split("\n") if line.strip()]
    if not any(values):
        raise BadFile("This is no file of Winograd schemas: a JSON object was expected on each line.")
    rows = [value if value and _complete(value) else {} for value in values]
    found = [item for row, pair in zip(rows, _pairs(rows), strict=True) if (item := _item(row, pair)) is not None]
    if not found:
        raise BadFile(
            "None of the {n} lines can be used: id, names, sentence, pronoun, pronoun_start, candidates and "
            "answer were expected.",
            n=len(rows),
        )
    return tuple(found), len(rows) - len(found)


def _inflated(data: bytes, name: str) -> bytes:
    """Never makes more than `uploads.decode` refuses anyway, whatever the file holds."""
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile("{name} cannot be decompressed: it is damaged, or no gzip file.", name=name) from error


def _object(line: str) -> _Row | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _complete(row: _Row) -> bool:
    """Whether every field is there, of its type."""
    names, numbers = row.get("candidates"), (row.get("pronoun_start"), row.get("answer"))
    if not isinstance(names, list) or len(names) != 2 or any(type(one) is not int for one in numbers):
        return False
    texts = [*(row.get(field) for field in ("id", "names", "sentence", "pronoun")), *names]
    readable = all(isinstance(one, str) and one.strip() and not BROKEN.search(one) for one in texts)
    return readable and row["names"] in _CONDITIONS and numbers[0] >= 0 and numbers[1] in (0, 1)


def _pairs(rows: Sequence[_Row]) -> list[str]:
    """The name of each line's pair: the id of the first of two neighbours that are twins, else its own."""
    found: list[str] = []
    before: _Row = {}
    for row in rows:
        twin = bool(row and before) and _is_pair(before, row)
        found.append((before if twin else row).get("id", ""))
        before = {} if twin else row  # a third sentence of the same schema begins another pair
    return found


def _is_pair(one: _Row, other: _Row) -> bool:
    """Whether two sentences share names, candidates and their first word, and differ in the answer."""
    same = all(one[field] == other[field] for field in ("names", "pronoun")) and _names(one) == _names(other)
    return same and one["answer"] != other["answer"] and one["sentence"].split()[0] == other["sentence"].split()[0]


def _names(row: _Row) -> list[str]:
    return [name.strip().casefold() for name in row["candidates"]]


def _item(row: _Row, pair: str) -> Item | None:
    """None where the sentence does not say where the pronoun or a candidate stands."""
    if not row:
        return None
    text, pronoun, start = row["sentence"], row["pronoun"], row["pronoun_start"]
    probe = (start, start + len(pronoun))
    spans = [_only_span(text, name, probe) for name in row["candidates"]]
    if text[slice(*probe)] != pronoun or None in spans:
        return None
    ordered = sorted(zip(spans, row["candidates"], (0, 1), strict=True))
    candidates = tuple(_candidate(text, span, name) for span, name, _ in ordered)
    gold = [number for _, _, number in ordered].index(row["answer"])
    item = Item(
        id=row["id"],
        pair=pair,
        condition=_CONDITIONS[row["names"]],
        text=text,
        probe=probe,
        candidates=candidates,
        gold=gold,
        meaning=gold,
        options=(pronoun,),
        right=(pronoun,),
        overt=_overt(text, probe, candidates),
    )
    return None if problems(item) else item


def _only_span(text: str, name: str, probe: Span) -> Span | None:
    """Where a candidate stands, without its article: the only place, away from the pronoun; None where there are none
    or several.
    """
    first, _, rest = name.strip().partition(" ")
    words = rest if rest and said_by(first) else name.strip()
    spans = [found.span() for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    spans = [span for span in spans if span[1] <= probe[0] or probe[1] <= span[0]]
    return spans[0] if len(spans) == 1 else None


def _candidate(text: str, span: Span, name: str) -> Candidate:
    """With the gender and number that the article of its name says, else the one before it; “a” before a name may be a
    preposition.
    """
    before = _BEFORE.search(text[: span[0]])
    word = before[1] if before and before[1].lower() != "a" else ""
    unknown: tuple[Gender, Number] = ("", 1)
    gender, number = said_by(name.split()[0] if " " in name.strip() else "") or said_by(word) or unknown
    return Candidate(text[slice(*span)], span, gender, "", number)


def _overt(text: str, probe: Span, candidates: Sequence[Candidate]) -> str | None:
    """The sentence with a hidden noun in the place of the pronoun, where the nouns are single words that come before
    it.
    """
    word = text[slice(*probe)]
    article = _ARTICLES.get(word.lower())
    if article is None or MASK in text or any(" " in one.text or one.span[1] > probe[0] for one in candidates):
        return None
    return f"{text[: probe[0]]}{article.capitalize() if word[0].isupper() else article} {MASK}{text[probe[1] :]}"
