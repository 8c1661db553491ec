"""What a person hands to the command line as text: standard input, files with one sentence per line, languages.

Decoded as a page decodes a file that is sent (core/files); what was left out is said on standard error, with its lines.
Not inside: treebanks (core/studies/conllu.py), items of the bench (coreference.py)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..errors import BadFile
from ..files.local import MAX_LOCAL_BYTES, local_bytes, whole_text
from ..files.sentences import MAX_SENTENCES, read_pasted, read_upload
from ..files.uploads import MAX_UPLOAD_BYTES, Note, Rejected, decode

SourceLanguage = Annotated[
    str | None,
    typer.Option(help="Of the sentence, for NLLB (por_Latn), mBART-50 (pt_XX) and M2M100 (pt); the model's own else."),
]
TargetLanguage = Annotated[str | None, typer.Option(help="Of what the same models write.")]
STANDARD_INPUT = "-"
TABLES = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson")
TEXTS = (".txt", ".srt", ".vtt", ".sbv")
"""Endings that say what a file is; one of another ending is a text."""
_LINES_NAMED = 5  # of those that were left out
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINES_TOGETHER = 100  # so that no part has as many refused lines as end a list


def given_text(text: str) -> str:
    """The text of ``--text``; “-” reads standard input without the one line break (LF, CRLF or CR) with which a
    terminal, echo or an editor ends it. Line breaks inside are kept, CRLF as LF.

    Raises:
        BadFile: what `whole_text` refuses.
    """
    if text != STANDARD_INPUT:
        return text
    data = sys.stdin.buffer.read(MAX_LOCAL_BYTES + 1)
    if not data.strip():
        return ""  # refused as every blank text is
    text = whole_text(data, "standard input", say).replace("\r\n", "\n")
    return text[:-1] if text.endswith(("\n", "\r")) else text


def file_sentences(path: Path) -> list[str]:
    """The sentences of a file as the page reads them, whatever its kind; of a plain text also more than a page takes.

    Raises:
        BadFile: no text, or no sentence in it.
    """
    data = local_bytes(path)
    ending = path.suffix.lower()
    name = path.name if ending in (*TABLES, *TEXTS) else f"{path.name}.txt"
    fits_page = len(data) <= MAX_UPLOAD_BYTES and max(data.count(b"\n"), data.count(b"\r")) < MAX_SENTENCES
    if ending in TABLES or fits_page:
        sentence_file = read_upload(data, name)
        sentences, notes, rejected = list(sentence_file.sentences), sentence_file.notes, sentence_file.rejected
    else:
        sentences, notes, rejected = _long_text(data, name)
    _say_left_out(path.name, notes, rejected)
    if not sentences:
        raise BadFile("{name} has no sentence that can be used.", name=path.name)
    return sentences


def _long_text(data: bytes, name: str) -> tuple[list[str], tuple[Note, ...], tuple[Rejected, ...]]:
    """(sentences, notes, refused lines) of a text with more lines than a page takes, page by page."""
    decoded = decode(data, name, most_bytes=MAX_LOCAL_BYTES)
    lines = _LINE_END.split(decoded.text)
    sentences: list[str] = []
    rejected: list[Rejected] = []
    for start in range(0, len(lines), _LINES_TOGETHER):
        part = "\n".join(lines[start : start + _LINES_TOGETHER])
        if part.strip():
            page = read_pasted(part)
            sentences += page.sentences
            rejected += [Rejected(start + line.line, line.template, line.fields) for line in page.rejected]
    return sentences, decoded.notes, tuple(rejected)


def say(message: object) -> None:
    """One message on standard error, in one line."""
    typer.echo(" ".join(str(message).split()), err=True)


def _say_left_out(name: str, notes: Iterable[Note], rejected: Sequence[Rejected]) -> None:
    for note in notes:
        say(f"{name}: {note}")
    for line in rejected[:_LINES_NAMED]:
        say(f"{name}, line {line.line}: {line}")
    if len(rejected) > _LINES_NAMED:
        say(f"{name}: {len(rejected)} lines were left out.")
