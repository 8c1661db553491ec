"""The Portuguese Winograd schemas as items of the bench.

Source: Melo, Imaizumi, Cozman 2019; github.com/gabimelo/portuguese_wsc, MIT.

The file is no part of this project: a person brings it. One JSON object per line, of which these fields are read::

    id, names, sentence, pronoun, pronoun_start, candidates (two), answer (0 or 1)

``names`` says which version a line belongs to: “en” keeps the English names of persons (condition ``wsc``), “pt” has
Portuguese ones (``wsc_pt``); sentences without names are the same in both. A candidate is written with its article (“Os
manifestantes”) and need not stand so in the sentence (“aos manifestantes”): it is looked for without its article, as
whole words, and a line is left out where the candidate stands nowhere or more than once. Nothing competes in the place
of the pronoun; where both nouns are single words before ele, ela, eles or elas, a [MASK] can stand there (overt).
Inside: lines, spans of nouns, which lines make a pair. Not inside: what makes an item sound (items.py).
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import BadFile
from ..files.local import local_bytes
from ..files.records import MAX_LINE
from ..files.uploads import MAX_LINES, MAX_UPLOAD_BYTES, decode
from ..text.vocabulary import Span
from .articles import said_by
from .items import MASK, Candidate, Gender, Item, Number, problems
from .pair_rows import BROKEN

_CONDITIONS = {"en": "wsc", "pt": "wsc_pt"}
ENDINGS = (".jsonl", ".jsonl.gz")
_Row = Mapping[str, Any]
_FIELDS = ("id", "names", "sentence", "pronoun", "pronoun_start", "candidates", "answer")
_UNUSABLE: _Row = {}

_ARTICLES = {"ele": "o", "ela": "a", "eles": "os", "elas": "as"}
_BEFORE = re.compile(r"(?<![\w-])(\w+)\s+$")


def read_schemas(path: Path) -> tuple[tuple[Item, ...], int]:
    """As `parse_schemas`, from a file that may be compressed.

    Raises:
        BadFile: as `parse_schemas`, what `uploads.decode` refuses, or a compressed file that is broken.
    """
    data = local_bytes(path)
    return parse_schemas(decode(_inflated(data, path.name) if path.suffix.lower() == ".gz" else data, path.name).text)


def parse_schemas(text: str) -> tuple[tuple[Item, ...], int]:
    """The items, and how many lines could not be used.

    Not used is what is no JSON object, lacks a field, or has a candidate whose place in the sentence would be a guess.

    Raises:
        BadFile: no line is JSON, or none can be used.
    """
    lines = tuple(islice(io.StringIO(text), MAX_LINES + 1))
    if len(lines) > MAX_LINES:
        raise BadFile(
            "This file has more than {limit} lines, and is no file of Winograd schemas. Send a part of it.",
            limit=MAX_LINES,
        )
    objects, rows = False, []
    for line in filter(str.strip, lines):
        value = _object(line)
        objects |= bool(value)
        rows.append({name: value[name] for name in _FIELDS} if value and _complete(value) else _UNUSABLE)
    if not objects:
        raise BadFile("This is no file of Winograd schemas: a JSON object was expected on each line.")
    items = [item for row, pair in zip(rows, _pairs(rows), strict=True) if (item := _item(row, pair)) is not None]
    if not items:
        raise BadFile(
            "None of the {n} lines can be used: id, names, sentence, pronoun, pronoun_start, candidates and "
            "answer were expected.",
            n=len(rows),
        )
    return tuple(items), len(rows) - len(items)


def _inflated(data: bytes, name: str) -> bytes:
    """Never makes more than `uploads.decode` refuses anyway, whatever the file holds."""
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(MAX_UPLOAD_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile("{name} cannot be decompressed: it is damaged, or no gzip file.", name=name) from error


def _object(line: str) -> _Row | None:
    """The JSON object of a line; None where there is none, or a line that is too long to be a schema."""
    if len(line) > MAX_LINE:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _complete(row: _Row) -> bool:
    """Whether every field is there, of its type."""
    names, start, gold = row.get("candidates"), row.get("pronoun_start"), row.get("answer")
    if not isinstance(names, list) or len(names) != 2 or type(start) is not int or type(gold) is not int:
        return False
    texts = [*(row.get(field) for field in ("id", "names", "sentence", "pronoun")), *names]
    readable = all(isinstance(text, str) and text.strip() and not BROKEN.search(text) for text in texts)
    return readable and row["names"] in _CONDITIONS and start >= 0 and gold in (0, 1)


def _pairs(rows: Sequence[_Row]) -> list[str]:
    """The name of each line's pair: the id of the first of two neighbours that belong together, else its own id."""
    names: list[str] = []
    before: _Row = {}
    for row in rows:
        second = bool(row and before) and _is_pair(before, row)
        names.append((before if second else row).get("id", ""))
        before = {} if second else row  # a third sentence of the same schema begins another pair
    return names


def _is_pair(first: _Row, second: _Row) -> bool:
    """Whether two sentences share names, candidates and their first word, and differ in the answer."""
    same = all(first[field] == second[field] for field in ("names", "pronoun")) and _names(first) == _names(second)
    same_start = first["sentence"].split()[0] == second["sentence"].split()[0]
    return same and first["answer"] != second["answer"] and same_start


def _names(row: _Row) -> list[str]:
    return [name.strip().casefold() for name in row["candidates"]]


def _item(row: _Row, pair: str) -> Item | None:
    """None where the sentence does not say where the pronoun or a candidate stands."""
    if not row:
        return None
    text, pronoun, start = row["sentence"], row["pronoun"], row["pronoun_start"]
    probe = (start, start + len(pronoun))
    numbered = [
        (span, name, number)
        for number, name in enumerate(row["candidates"])
        if (span := _only_span(text, name, probe)) is not None
    ]
    if text[slice(*probe)] != pronoun or len(numbered) < len(row["candidates"]):
        return None
    ordered = sorted(numbered)
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
    """The span of a candidate without its article, away from the pronoun; None unless it stands in just one place."""
    first, _, noun = name.strip().partition(" ")
    words = noun if noun and said_by(first) else name.strip()
    spans = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    spans = [span for span in spans if span[1] <= probe[0] or probe[1] <= span[0]]
    return spans[0] if len(spans) == 1 else None


def _candidate(text: str, span: Span, name: str) -> Candidate:
    """With the gender and number that the article of its name says, else the article before it.

    “a” before a name may be a preposition, so it says nothing.
    """
    before = _BEFORE.search(text[: span[0]])
    word = before[1] if before and before[1].lower() != "a" else ""
    unknown: tuple[Gender, Number] = ("", 1)
    gender, number = said_by(name.split()[0] if " " in name.strip() else "") or said_by(word) or unknown
    return Candidate(text[slice(*span)], span, gender, "", number)


def _overt(text: str, probe: Span, candidates: Sequence[Candidate]) -> str | None:
    """The sentence with a hidden noun in place of the pronoun; None unless the nouns are single words before it."""
    word = text[slice(*probe)]
    article = _ARTICLES.get(word.lower())
    if article is None or MASK in text or any(" " in noun.text or noun.span[1] > probe[0] for noun in candidates):
        return None
    return f"{text[: probe[0]]}{article.capitalize() if word[0].isupper() else article} {MASK}{text[probe[1] :]}"
