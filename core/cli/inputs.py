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
from ..files.local import MAX_LOCAL_BYTES, STRAY_BYTE, local_bytes, whole_text
from ..files.sentences import read_upload
from ..files.uploads import Note, Rejected, decode

SourceLanguage = Annotated[
    str | None,
    typer.Option(help="Of the sentence, for NLLB (por_Latn), mBART-50 (pt_XX) and M2M100 (pt); the model's own else."),
]
TargetLanguage = Annotated[str | None, typer.Option(help="Of what the same models write.")]
STANDARD_INPUT = "-"
TABLES = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson")
"""Endings of files that are read as the page reads them, by their column of sentences."""
_LINES_NAMED = 5  # of those that were left out
_LINE_END = re.compile(r"\r\n|\r|\n")
_STRAY = "it contains bytes or escapes that are not characters of its encoding"


def given_text(text: str) -> str:
    """The text of ``--text``; “-” reads standard input without the one line break (LF or CRLF) with which a terminal,
    echo or an editor ends it. Line breaks inside are kept, CRLF as LF.

    Raises:
        BadFile: what `whole_text` refuses.
    """
    if text != STANDARD_INPUT:
        return text
    data = sys.stdin.buffer.read(MAX_LOCAL_BYTES + 1)
    if not data.strip():
        return ""  # refused as every blank text is
    return whole_text(data, "standard input", say).replace("\r\n", "\n").removesuffix("\n")


def file_sentences(path: Path) -> list[str]:
    """The sentences of a file: of a table those that the page would read, of any other its lines that are not empty.

    Raises:
        BadFile: no text, or no sentence in it.
    """
    data = local_bytes(path)
    if path.suffix.lower() in TABLES:
        sentence_file = read_upload(data, path.name)
        sentences, notes, rejected = list(sentence_file.sentences), sentence_file.notes, sentence_file.rejected
    else:
        decoded = decode(data, path.name, most_bytes=MAX_LOCAL_BYTES)
        lines = [(n, line.strip()) for n, line in enumerate(_LINE_END.split(decoded.text), 1)]
        sentences = [line for _, line in lines if line and not STRAY_BYTE.search(line)]
        notes, rejected = decoded.notes, tuple(Rejected(n, _STRAY) for n, line in lines if STRAY_BYTE.search(line))
    _say_left_out(path.name, notes, rejected)
    if not sentences:
        raise BadFile("{name} has no sentence that can be used.", name=path.name)
    return sentences


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
