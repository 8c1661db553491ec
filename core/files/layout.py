"""How a person's table is written, guessed from its first lines: delimiter, spaces after it, quotation marks, width.

A comma, or a semicolon, may also belong to a sentence: it is then followed by a space, or stands between the digits
of a number. Such a mark is called soft (records.is_soft). A file whose marks are soft is prose, unless a row names
its columns, a column holds data (numbers, instants, addresses), or what follows the mark begins as sentences do. Not
inside: the reading of the records (records.py), names of columns (headers.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from .cell_kinds import data_share, ends_a_sentence
from .headers import names_a_column, names_sentences
from .records import (
    ALONE,
    DELIMITERS,
    MAX_LINE,
    PROSE_MARKS,
    Dialect,
    hard_width,
    is_quoted,
    is_soft,
    split_line,
    unquoted,
)

SAMPLE = 100
"""Lines looked at for the guesses."""
SAMPLE_CHARACTERS = 100_000
QUOTED_CHARACTERS = 400_000
"""Of lines with quotation marks, looked at to say what the marks are."""
MAX_BEFORE = 20
"""So many of them may stand before the table."""
AGREE = 0.6
"""Share of the lines that have to be as wide as the table."""

_SEP = re.compile(r'"?sep=(.|\\t)"?', re.IGNORECASE)
_OPENERS = frozenset(
    "o a os as um uma uns umas ele ela eles elas eu nós não na no nas nos em de se quando quem que foi é há hoje ontem "
    "the an he she it they we i in on if when this that there what who".split()
)
"""Words that have a capital only where a sentence begins."""


@dataclass(frozen=True)
class _Guess:
    """One delimiter and how much speaks for it: named columns, then the share of lines that agree."""

    delimiter: str
    width: int
    spaced: bool
    named: bool
    share: float


def announced_delimiter(line: str) -> str | None:
    """The delimiter of a first line ``sep=;``, as Excel writes and reads it; None for any other line."""
    match = _SEP.fullmatch(line.strip())
    if match is None:
        return None
    return "\t" if match.group(1) == "\\t" else match.group(1)


def guess_dialect(lines: Sequence[str], delimiter: str | None, *, tabs_first: bool = False) -> Dialect:
    """How the records of ``lines`` are written; ``delimiter`` where it is known (ALONE: one column)."""
    sample = _sample(lines)
    if delimiter is None:
        guesses = [guess for mark in DELIMITERS if (guess := _guess(sample, mark))]
        tabs = [guess for guess in guesses if guess.delimiter == "\t"] if tabs_first else []
        best = max(tabs or guesses, key=lambda guess: (guess.named, guess.share), default=None)
    elif delimiter == ALONE:
        best = None
    else:
        best = _guess(sample, delimiter) or _forced(sample, delimiter)
    if best is None:
        return Dialect(ALONE, quotes=_quotes_stand_around(lines, ALONE, 1, tabs=tabs_first), width=1)
    quotes = _quotes_stand_around(lines, best.delimiter, best.width)
    return Dialect(best.delimiter, best.spaced, quotes, best.width)


def _sample(lines: Sequence[str]) -> list[str]:
    """The first lines with text, no more than SAMPLE_CHARACTERS in all."""
    sample: list[str] = []
    room = SAMPLE_CHARACTERS
    for line in islice((line for line in lines if line.strip() and len(line) <= MAX_LINE), SAMPLE):
        room -= len(line)
        if sample and room < 0:
            break
        sample.append(line)
    return sample


def _guess(sample: Sequence[str], delimiter: str) -> _Guess | None:
    """The table that ``delimiter`` makes of the sample; None where it makes none."""
    rows = [split_line(line, delimiter) for line in sample]
    if not any(len(row) > 1 for row in rows):
        return None
    header = _named_row(rows)
    if header is not None:
        width = len(rows[header])
        below = [row for row in rows[header + 1 :] if len(row) > 1]
        if not rows[header + 1 :] or len(below) >= 0.5 * len(rows[header + 1 :]):
            return _Guess(delimiter, width, spaces_follow(rows[header:], width), True, 1.0)
    return _by_hard_marks(rows, delimiter) or _by_soft_marks(rows, delimiter)


def _named_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row, near the top, that has a column called sentence, or two cells that are names of columns."""
    for number, row in enumerate(rows[:MAX_BEFORE]):
        names = [unquoted(cell) for cell in row]
        exact = any(map(names_sentences, names))
        if len(row) > 1 and (exact or sum(map(names_a_column, names)) > 1):
            return number
    return None


def _by_hard_marks(rows: Sequence[Sequence[str]], delimiter: str) -> _Guess | None:
    """Most lines have as many marks that belong to no sentence."""
    widths = [hard_width(row, delimiter) for row in rows]
    width = Counter(widths).most_common(1)[0][0]
    if width < 2:
        wide = Counter(w for w in widths if w > 1).most_common(1)
        width = wide[0][0] if wide and wide[0][1] >= AGREE * len(rows) else 0
    body = widths[next((i for i, w in enumerate(widths) if w == width), 0) :]
    share = sum(w == width for w in body) / len(body)
    if width < 2 or share < AGREE or (len(rows) == 1 and delimiter in PROSE_MARKS and not _surely(rows[0])):
        return None
    full = Counter(map(len, rows)).most_common(1)[0]
    if full[0] > width and full[1] >= 0.8 * len(rows) and _all_hard([r for r in rows if len(r) == full[0]], delimiter):
        return _Guess(delimiter, full[0], False, False, full[1] / len(rows))
    return _Guess(delimiter, width, delimiter not in PROSE_MARKS and spaces_follow(rows, width), False, share)


def _surely(row: Sequence[str]) -> bool:
    """Whether a single line is a record: data, or cells in quotation marks."""
    return any(data_share([cell]) or is_quoted(cell) for cell in row)


def _all_hard(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether each mark divides columns: it is hard in most rows, or data stand on both sides in all."""
    for at in range(1, len(rows[0])):
        hard = sum(not is_soft(row[at - 1], row[at], delimiter) for row in rows)
        both = all(data_share([row[k] for row in rows[len(rows) > 2 :]]) >= 0.9 for k in (at - 1, at))
        if hard < 0.8 * len(rows) and not both:
            return False
    return True


def _by_soft_marks(rows: Sequence[Sequence[str]], delimiter: str) -> _Guess | None:
    """All marks have a space after them: columns only where data stand before it, or sentences begin after it."""
    wide = [row for row in rows if len(row) > 1]
    if delimiter not in PROSE_MARKS or len(wide) < max(2, 0.9 * len(rows)):
        return None
    width = min(map(len, wide))
    columns = ([(row[at - 1], row[at]) for row in wide] for at in range(1, width))
    divides = list(takewhile(_divides, columns))  # prose may hold data, but not begin with it
    if not divides:
        return None
    share = sum(len(row) == width for row in rows) / len(rows)
    return _Guess(delimiter, 1 + len(divides), True, False, min(share, 0.9))


def _divides(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the mark between the cells of each pair divides columns."""
    before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if not all(cell.startswith((" ", "\u00a0")) or not cell for cell in after):
        return False
    if is_quoted(after[0]) and all(map(is_quoted, after)):
        return True
    words = [cell.split(maxsplit=1)[0] if cell.strip() else "" for cell in after]
    prose = sum(word[:1].islower() for word in words)
    if data_share(before[1:]) >= 0.9 and all(map(_is_one_value, before[1:])) and prose <= 0.5 * len(pairs):
        return True
    capital = sum(word[:1].isupper() for word in words)
    opening = sum(word[:1].isupper() and word.lower() in _OPENERS for word in words)
    short = sum(len(cell.split()) <= 3 for cell in before)
    return min(capital, short) >= 0.9 * len(pairs) and opening >= 0.5 * len(pairs)


def _is_one_value(cell: str) -> bool:
    """Whether a cell is one word, or has no letters: "Às 9h" begins a sentence."""
    return len(cell.split()) < 2 or not any(c.isalpha() for c in cell)


def spaces_follow(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether spaces follow the delimiter of the columns, in most rows or before a quotation mark."""
    cells = [cell for row in rows if len(row) == width for cell in row[1:] if cell.strip()]
    if any(cell.startswith((" ", "\u00a0")) and is_quoted(cell) for row in rows for cell in row[1:]):
        return True
    return bool(cells) and sum(cell.startswith((" ", "\u00a0")) for cell in cells) >= 0.5 * len(cells)


def _forced(sample: Sequence[str], delimiter: str) -> _Guess:
    """The table that a person's own delimiter makes, whatever speaks against it."""
    rows = [split_line(line, delimiter) for line in sample]
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 1
    return _Guess(delimiter, width, spaces_follow(rows, width), False, 1.0)


def _quotes_stand_around(lines: Sequence[str], delimiter: str, width: int, *, tabs: bool = False) -> bool:
    """Whether quotation marks stand around cells. They are text where some are misplaced for that and none is doubled,
    holds a delimiter, or closes on a later line that is no row; in a file of tabs also where only some cells of a
    column have them, or where they are open at the end of a line of its one column (``tabs``)."""
    misplaced, around, opened, room = 0, 0, False, QUOTED_CHARACTERS
    marked: Counter[int] = Counter()
    bare: Counter[int] = Counter()
    for number, line in enumerate(lines):
        if len(line) > MAX_LINE or ('"' not in line and number > SAMPLE):
            continue
        room -= len(line)
        if room < 0:
            break
        cells = [cell.strip() for cell in split_line(line, delimiter)]
        if opened and len(cells) < width and line.count('"') % 2:
            around, opened = around + 1, False
            continue
        for at, cell in enumerate(cells):
            if not cell.startswith('"'):
                bare[at] += bool(cell) and (marked[at] > 0 or (number > 0 and ends_a_sentence(cell)))  # not a name
            elif is_quoted(cell):
                marked[at] += 1
                around += '""' in cell[1:-1] or delimiter in cell or (delimiter == ALONE and bool({*",;"} & {*cell}))
            else:
                misplaced += tabs or '"' in cell[1:].replace('""', "")
        last = cells[-1]
        opened = (last.startswith('"') and not is_quoted(last)) or (opened and len(cells) < width)
    if around:
        return True
    some = delimiter == "\t" and any(marked[at] and bare[at] for at in marked)
    return not misplaced and not some
