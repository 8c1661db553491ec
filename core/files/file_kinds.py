"""What a file of sentences is: by the ending of its name, and for a text by its first lines.

People save tables, subtitles and exported chats as TXT. Inside: that look, and the refusal of files that are none of
these, with what to do. Not inside: bytes (uploads.py), the readers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Literal

from ..errors import BadFile
from .cell_kinds import data_share
from .chats import is_chat
from .headers import names_sentences
from .layout import MAX_BEFORE, SAMPLE, announced_delimiter
from .records import MAX_LINE
from .subtitles import are_subtitles

FileKind = Literal["txt", "csv", "tsv", "jsonl", "subtitles", "chat"]

_KIND_OF_ENDING: Mapping[str, FileKind] = {
    ".txt": "txt",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".sbv": "subtitles",
}


def refuse_ending(name: str) -> None:
    """Raises BadFile for a file whose ending is none that is read."""
    ending = _ending(name)
    if ending == ".eaf":
        raise BadFile("{name} is an ELAN document. In ELAN, export it as tab-delimited text and send that.", name=name)
    if ending not in _KIND_OF_ENDING:
        raise BadFile(
            "{name} is no file of sentences (TXT, CSV, TSV or JSONL) nor of subtitles (SRT, VTT, SBV). "
            "Save the sentences as one of these.",
            name=name,
        )


def kind_of(name: str, lines: Sequence[str]) -> FileKind:
    """What the file is: subtitles and chats are known by their first lines under any name of a text or a table."""
    kind = _KIND_OF_ENDING[_ending(name)]
    if kind in ("jsonl", "subtitles"):
        return kind
    if are_subtitles(lines):
        return "subtitles"
    if is_chat(lines):
        return "chat"
    if kind == "txt" and _are_tab_rows(lines):
        return "tsv"
    return "csv" if kind == "txt" and _is_named_table(lines) else kind


def _ending(name: str) -> str:
    return PurePath(name.replace("\0", "")).suffix.lower()


def _are_tab_rows(lines: Sequence[str]) -> bool:
    """Whether most lines of a text, after a title, have as many tabs, none before its first word (an indented text
    has)."""
    rows = [line.rstrip("\r\n").split("\t") for line in lines[:SAMPLE] if line.strip() and len(line) <= MAX_LINE]
    rows = rows[next((i for i, row in enumerate(rows[:MAX_BEFORE]) if len(row) > 1), 0) :]
    widths = Counter(map(len, rows)).most_common(1)
    if len(rows) < 2 or not widths or widths[0][0] < 2 or widths[0][1] < 0.8 * len(rows):
        return False
    full = [row for row in rows if len(row) == widths[0][0]]
    filled = sum(all(cell.strip() for cell in (row[0], row[-1])) for row in full)
    return filled >= 0.8 * len(full) or any(data_share([row[0]]) for row in full[1:])


def _is_named_table(lines: Sequence[str]) -> bool:
    """Whether a text begins as a table does: with ``sep=;``, or with names of columns, one of them sentence."""
    top = next((line for line in lines if line.strip()), "")
    if announced_delimiter(top):
        return True
    names = [cell.strip('" \r\n') for cell in top[:400].split(";")]
    return len(names) > 1 and any(map(names_sentences, names)) and all(0 < len(name.split()) < 4 for name in names)
