"""JSON lines: one JSON value per line, one key of each object read.

Inside: a guarded json.loads per line and the choice of the key. Not inside: a file that is one JSON value (an array
must be saved as lines), bytes and encodings (uploads.py), the cleaning of a sentence (sentences.py).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

from .headers import chosen_column
from .records import too_long
from .tables import PREVIEW, Options, Table, check_width
from .uploads import Rejected


def json_lines(lines: Sequence[str], name: str, options: Options) -> Table:
    """One JSON value per line: objects of which one key is read, or bare strings. Raises BadFile for too many
    keys, or an unknown one."""
    objects = [value for _, value in islice(_values(lines), PREVIEW) if isinstance(value, dict)]
    texts = (key for value in objects for key, cell in value.items() if isinstance(cell, str) and _fit(key))
    keys = tuple(dict.fromkeys(texts))
    check_width(len(keys), name)
    body = [[value.get(key, "") if isinstance(value.get(key, ""), str) else "" for key in keys] for value in objects]
    column = chosen_column(keys, body, options.column, name)
    return Table(keys, column, None, None, ((line, _at_key(line, value, column)) for line, value in _values(lines)))


def _values(lines: Sequence[str]) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, too_long(number, line) or _loads(number, line)


def _loads(number: int, line: str) -> object:
    """The JSON value with numbers as None (never converted: huge ones cost time); NaN and deep nesting are refused."""
    try:
        return json.loads(line, parse_int=_nothing, parse_float=_nothing, parse_constant=_refuse_constant)
    except RecursionError:
        return Rejected(number, "it is nested too deeply")
    except ValueError:
        return Rejected(number, "it is not one complete JSON value per line")


def _nothing(_: str) -> None:
    return None


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)


def _at_key(line: int, value: object, key: str | None) -> str | Rejected:
    if isinstance(value, str | Rejected):
        return value
    if not isinstance(value, dict):
        return Rejected(line, "it is neither a JSON object nor a string")
    if key is None or key not in value:
        return Rejected(line, "it has no key “{key}”", {"key": key or "text"})
    cell = value[key]
    return cell if isinstance(cell, str) else Rejected(line, "the value of “{key}” is not text", {"key": key})


def _fit(name: str) -> bool:
    """Whether a JSON key can be offered as a choice."""
    return 0 < len(name) <= 80 and not any(unicodedata.category(c) in ("Cc", "Cs") for c in name)
