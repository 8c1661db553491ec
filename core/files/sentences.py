"""A person's own sentences, from pasted lines or a file: text, a table, JSON lines, subtitles, an exported chat.

Inside: the limits of a list, the cleaning of one sentence, and the gathering that keeps what is good and refuses the
rest line by line, with reasons. Not inside: bytes and encodings (uploads.py), what a file is (file_kinds.py), rows and
columns (tables.py, jsonlines.py), subtitles and chats (subtitles.py, chats.py), models (a sentence too long for a model
is that model's business). Repeated sentences are kept: line numbers stay true, and repeating a sentence on purpose is
legitimate; a note counts them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import regex

from ..errors import BadInput
from .chats import Chat
from .file_kinds import FileKind, kind_of, refuse_ending
from .jsonlines import json_lines
from .spreadsheet import SUMMARY_COLUMNS, unguarded
from .subtitles import Subtitles
from .tables import Maker, Options, delimited
from .uploads import MAX_LINES, MAX_UPLOAD_BYTES, Note, Rejected, decode

MAX_SENTENCES = 2000
"""A list a person can still scroll, and about ten minutes of forwards on two cores."""
MAX_SENTENCE_CHARS = 2000
"""About 350 words: more than the 512 pieces most encoders take; longer is a paragraph, not a sentence."""
MAX_REJECTED = 200
"""After so many refused lines the file is not what its name says, and reading stops."""
MAX_MARKS = 30
"""Combining marks in a row: the Stream-Safe Text Format of UAX #15; normalising more costs quadratic time."""

_FULL = "The list holds {n} sentences; reading stopped at line {line}."
_TOO_BAD = "{n} lines were refused, and reading stopped at line {line}: is this the right kind of file?"

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BREAKS = re.compile(r"(?<![ \t])[ \t]*[\r\n\v\f\x1c-\x1f\x85\u2028\u2029]+[ \t]*")
_MARKS = regex.compile(r"\p{M}+")
_BROKEN = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class SentenceFile:
    """The sentences of a source, and everything a person should know about how they were read.

    ``lines``: the line of the source (from 1) where each sentence begins. ``encoding``: Python's
    name, None for pasted text, which has none. ``delimiter`` is None
    unless the file has columns; ``columns`` and ``column`` are the names to choose from and the
    one read; ``header`` tells whether the first row was taken as names, ``quotes`` whether quotation
    marks stand around cells. ``made_by``: the program that wrote the file, where its shape tells.
    ``sentences`` may be empty when every line was refused.
    """

    kind: FileKind
    sentences: tuple[str, ...]
    lines: tuple[int, ...]
    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    column: str | None = None
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Note, ...] = field(default=())
    quotes: bool | None = None
    made_by: Maker | None = None


def read_pasted(text: str) -> SentenceFile:
    """One sentence per line of ``text``. Raises BadInput when nothing is there or far too much."""
    if not text.strip():
        raise BadInput("There is no sentence yet. Paste one sentence per line.")
    if len(text) > MAX_UPLOAD_BYTES:
        template = "The pasted text has {n} characters; the limit is {limit}. Paste a part of it."
        raise BadInput(template, n=len(text), limit=MAX_UPLOAD_BYTES)
    lines, notes = _lines(text)
    return _gathered(SentenceFile("txt", (), (), notes=notes), enumerate(lines, 1))


def read_upload(data: bytes, name: str, options: Options = Options()) -> SentenceFile:  # noqa: B008 (frozen)
    """The sentences of an uploaded file; what it is follows from the ending of ``name`` and from its first lines.

    Raises BadFile for a file that is refused as a whole; single lines are refused in ``rejected``.
    """
    refuse_ending(name)
    decoded = decode(data, name, encoding=options.encoding)
    lines, notes = _lines(decoded.text)
    kind = options.kind or kind_of(name, lines)
    empty = SentenceFile(kind, (), (), decoded.encoding, notes=decoded.notes + notes)
    if kind == "txt":
        return _gathered(empty, enumerate(lines, 1))
    if kind in ("subtitles", "chat"):
        texts = Subtitles(lines) if kind == "subtitles" else Chat(lines)
        gathered = _gathered(empty, texts.texts())
        return replace(gathered, notes=gathered.notes + tuple(texts.remarks()))
    table = json_lines(lines, name, options) if kind == "jsonl" else delimited(lines, name, options, tabs=kind == "tsv")
    table_file = replace(
        empty,
        delimiter=table.delimiter,
        header=table.header,
        columns=table.columns,
        column=table.column,
        quotes=table.quotes,
        made_by=table.made_by,
    )
    cells = table.cells
    if table.columns == SUMMARY_COLUMNS:  # our own file: what was put before a cell for a spreadsheet is taken away
        cells = ((line, unguarded(cell) if isinstance(cell, str) else cell) for line, cell in cells)
    gathered = _gathered(table_file, cells)
    return replace(gathered, notes=gathered.notes + tuple(table.remarks()))


def _lines(text: str) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Physical lines (LF, CRLF or CR, ends kept) up to MAX_LINES, and a note when cut."""
    lines = tuple(m.group() for m in islice(_LINE.finditer(text), MAX_LINES + 1))
    if len(lines) <= MAX_LINES:
        return lines, ()
    return lines[:MAX_LINES], (Note("Only the first {n} lines were read.", {"n": MAX_LINES}),)


def _gathered(empty: SentenceFile, candidates: Iterable[tuple[int, str | Rejected]]) -> SentenceFile:
    """``empty`` with the accepted sentences, the refused lines and the notes of the reading."""
    accepted: list[tuple[int, str]] = []
    rejected: list[Rejected] = []
    blank, notes = 0, list(empty.notes)
    for line, candidate in candidates:
        clean = _clean(line, candidate)
        if isinstance(clean, Rejected):
            rejected.append(clean)
        elif not clean:
            blank += 1
        elif len(accepted) < MAX_SENTENCES:
            accepted.append((line, clean))
        else:
            notes.append(_stopped(_FULL, MAX_SENTENCES, line))
            break
        if len(rejected) == MAX_REJECTED:
            notes.append(_stopped(_TOO_BAD, MAX_REJECTED, line))
            break
    lines, sentences = tuple(line for line, _ in accepted), tuple(sentence for _, sentence in accepted)
    notes += _remarks(empty.kind, sentences, blank)
    return replace(empty, sentences=sentences, lines=lines, rejected=tuple(rejected), notes=tuple(notes))


def _stopped(template: str, n: int, line: int) -> Note:
    return Note(template, {"n": n, "line": line})


def _remarks(kind: FileKind, sentences: Sequence[str], blank: int) -> list[Note]:
    notes = []
    if blank and kind in ("csv", "tsv", "jsonl"):
        notes.append(Note("Empty cells skipped: {n}.", {"n": blank}))
    if repeated := len(sentences) - len(set(sentences)):
        notes.append(Note("Sentences that repeat an earlier one (kept): {n}.", {"n": repeated}))
    return notes


def _clean(line: int, candidate: str | Rejected) -> str | Rejected:
    """A sentence in NFC, trimmed, on one line; or the reason why it cannot be used. Invisible characters stay."""
    if isinstance(candidate, Rejected):
        return candidate
    text = candidate.strip()
    if not text:
        return text
    if len(text) > MAX_SENTENCE_CHARS:
        fields = {"n": len(text), "limit": MAX_SENTENCE_CHARS}
        return Rejected(line, "it has {n} characters; a sentence may have {limit}", fields)
    if _BROKEN.search(text):
        return Rejected(line, "it contains bytes or escapes that are not characters of its encoding")
    if "\0" in text:
        return Rejected(line, "it contains a NUL character")
    if any(len(run.group()) > MAX_MARKS for run in _MARKS.finditer(text)):
        return Rejected(line, "it piles more than {limit} combining marks on one letter", {"limit": MAX_MARKS})
    if not any(c.isalnum() or unicodedata.category(c)[0] == "S" for c in text):
        return Rejected(line, "it has no letter, digit or symbol")
    return unicodedata.normalize("NFC", _BREAKS.sub(" ", text))
