"""One head of a view, or the mean of several, as numbers: CSV in long form and JSON.

CSV: the first line is a comment, ``# {provenance as JSON}``; then ``query_index, query, key_index, key, weight``, one
row per cell. Its ``read_with`` is the call of pandas (READ_WITH) that gives every label as it was, NA, null and 007
as words; ``csv_table`` does so without pandas. JSON: labels, special flags, positions, weights, mass on hidden
keys. Weights are written with as few digits as give the same float32 back. Indices are positions in the whole text,
from 0. Not inside: vectors (tensors.py), tables for print (latex.py), what a spreadsheet runs as a formula
(core/files/spreadsheet.py).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..axes import checked_index
from ..errors import BadFile, BadInput
from ..files.spreadsheet import PANDAS_UNGUARD, guarded, unguarded

if TYPE_CHECKING:
    from ..views.view import Side, View

CSV_COLUMNS = ("query_index", "query", "key_index", "key", "weight")
READ_WITH = (
    "pandas.read_csv(file, skiprows=1, keep_default_na=False, dtype={'query': str, 'key': str})." + PANDAS_UNGUARD
)
"""The call of pandas that reads a file of `csv_text`; the file says it in its first line."""
GUARD = (
    "an apostrophe stands before a label that begins with an equals sign, plus, hyphen, at sign, tab or return (also "
    "after apostrophes), which a spreadsheet would run as a formula: take one away"
)
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')  # a string of a JSON text
_FORMULA = re.compile(
    r'((?:^"|[,;|])\s*)([=+\-@])'
)  # what a spreadsheet would run, were the line cut at commas, semicolons or bars


def csv_text(view: View, heads: Sequence[tuple[int, int]], record: dict[str, Any]) -> str:
    """The mean map of ``heads`` ((layer, head) from 0) as CSV. Write it as ``utf-8-sig``: Excel reads accents only with
    a byte order mark.

    Raises:
        BadInput: no head, or one that the view does not have.
    """
    weights, _ = mean_of(view, heads)
    out = io.StringIO(newline="")
    out.write(f"# {comment({**record, 'read_with': READ_WITH, 'labels': GUARD})}\r\n")
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    keys = [(position, guarded(label)) for position, label in zip(view.key.positions, view.key.labels, strict=True)]
    for position, label, row in zip(view.query.positions, view.query.labels, weights.astype(str), strict=True):
        query = (position, guarded(label))
        writer.writerows((*query, *key, weight) for key, weight in zip(keys, row, strict=True))
    return out.getvalue()


def csv_table(text: str) -> tuple[dict[str, Any], list[tuple[int, str, int, str, float]]]:
    """What `csv_text` wrote: the provenance, and (query_index, query, key_index, key, weight) of each row.

    Raises:
        BadFile: no file of `csv_text`.
    """
    first, _, body = text.removeprefix("\ufeff").partition("\n")
    try:
        record = json.loads(first.removeprefix("# "))
        header, *rows = csv.reader(io.StringIO(body, newline=""), strict=True)
        table = [(int(row[0]), unguarded(row[1]), int(row[2]), unguarded(row[3]), float(row[4])) for row in rows]
    except (ValueError, IndexError, csv.Error) as error:
        raise BadFile("This is no CSV file that Mirante wrote: {reason}.", reason=str(error)) from error
    if tuple(header) != CSV_COLUMNS:
        raise BadFile(
            "This is no CSV file that Mirante wrote: {reason}.", reason=f"{','.join(CSV_COLUMNS)} ≠ {','.join(header)}"
        )
    return record, table


def json_text(view: View, heads: Sequence[tuple[int, int]], record: dict[str, Any]) -> str:
    """The same map as one JSON document; ``hidden`` is each row's mass on keys that are not shown.

    Raises:
        BadInput: as ``csv_text``.
    """
    weights, hidden = mean_of(view, heads)
    document = {
        "format": "mirante-attention",
        "version": 1,
        "provenance": record,
        "axes": ["query", "key"],
        "query": _side(view.query),
        "key": _side(view.key),
        "weights": _shortest(weights),
        "hidden": _shortest(hidden),
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def mean_of(view: View, heads: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Mean map (query, key) and mean hidden mass (query,) of ``heads``, float32.

    Raises:
        BadInput: no head, or one that the view does not have.
    """
    if not heads:
        raise BadInput("Nothing was exported, because no head was chosen. Choose at least one.")
    pairs = [
        view.head_and_hidden(checked_index(layer, view.layers, "layer"), checked_index(head, view.heads, "head"))
        for layer, head in heads
    ]
    maps, hidden = zip(*pairs, strict=True)
    return np.asarray(np.mean(maps, axis=0, dtype=np.float32)), np.asarray(np.mean(hidden, axis=0, dtype=np.float32))


def comment(record: dict[str, Any]) -> str:
    """``record`` as one line of JSON in which no spreadsheet finds a formula and no CSV reader an open quotation
    mark.
    """
    return _LITERAL.sub(_harmless, json.dumps(record, ensure_ascii=False))


def _harmless(match: re.Match[str]) -> str:
    literal = re.sub(r"\\(.)", lambda part: r"\u0022" if part[1] == '"' else part[0], match[0])
    return _FORMULA.sub(lambda part: f"{part[1]}\\u{ord(part[2]):04x}", literal)


def _shortest(values: np.ndarray) -> list:
    """Nested lists of numbers that JSON writes with the digits of a float32, not of the float64 it would become."""
    return [_shortest(row) for row in values] if values.ndim > 1 else [float(text) for text in values.astype(str)]


def _side(side: Side) -> dict[str, list]:
    return {
        "labels": list(side.labels),
        "special": list(map(bool, side.special)),
        "positions": list(map(int, side.positions)),
    }
