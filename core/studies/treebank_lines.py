"""The lines of a treebank's file, sentence by sentence: unpacked and decoded as they are asked for.

A file is a stranger's: no more of it is unpacked than a limit, and no sentence is longer than MAX_TREE_CHARS. Lines end
with LF, CRLF or CR alone; U+2028, U+0085 and their like are characters of a line. Inside: packing, encoding, blocks of
lines. Not inside: what a line says (conllu.py)."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from ..errors import BadFile
from ..files.uploads import Note, decode

MAX_TREE_CHARS = 500_000
"""Of the lines of one sentence, comments included; sentences of a thousand words have about 100,000."""
_SAMPLE = 2**18  # bytes that are looked at to tell the encoding
_CHUNK = 2**20
_PART = b"\x1f\x8b\x08"  # beginning of a part of a gzip file
_MOST_PARTS = 1_000  # a packer makes one, a log that is added to has one a day
_LEAST_LINE = 20  # bytes of ten columns and their tabs: more lines than this allows are empty
_COMMENT = re.compile(r"#\s*(text|treebank|sent_id|newpar|newdoc)\b(?:\s*=(.*))?")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # also those of UTF-32, which begin so or with zeros
_DAMAGED = "{name} cannot be read: it is damaged, or neither text nor gzip. A treebank in CoNLL-U was expected."


class SentenceLines(NamedTuple):
    """The lines of one sentence. first: number of its first line in the file, from 1; treebank: of the latest
    ``# treebank`` line; text: of its ``# text`` line, None without one; lines: (number, line) of what is no comment.
    """

    first: int
    treebank: str
    text: str | None
    lines: list[tuple[int, str]]


def sentence_lines(data: bytes, name: str, most_bytes: int, tell: Callable[[Note], object]) -> Iterator[SentenceLines]:
    """Every sentence of a file (of its bytes, packed with gzip or not), in order.

    tell: is handed what a person should know of its encoding.

    Raises:
        BadFile: no text, more than ``most_bytes`` of it unpacked, or a sentence longer than MAX_TREE_CHARS.
    """
    treebank, text, characters, first = "", None, 0, 0
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(_lines(data, name, most_bytes, tell), 1):
        characters += len(line)
        comment = _COMMENT.match(line)
        if line.isspace() or not line or comment and lines:  # a comment of a sentence after words: the next one begins
            if lines or text is not None:
                yield SentenceLines(first, treebank, text, lines)
            text, lines, characters, first = None, [], len(line), 0
        if line.startswith("#"):
            first = first or number
            if comment and comment[1] == "treebank":
                treebank = (comment[2] or "").strip()
            elif comment and comment[1] == "text" and comment[2] is not None and text is None:
                text = comment[2].strip()
        elif line and not line.isspace():
            first = first or number
            lines.append((number, line))
        if characters >= MAX_TREE_CHARS:
            raise BadFile(
                "The sentence at line {n} has more than {limit} characters with its lines: sentences were "
                "expected, with an empty line after each.",
                n=first or number,
                limit=MAX_TREE_CHARS,
            )
    if lines or text is not None:
        yield SentenceLines(first, treebank, text, lines)


def sentences_in(data: bytes, most_bytes: int) -> int:
    """How many sentences a file has in its first ``most_bytes``, by the lines that begin with the number 1: a count of
    what was not read, without reading it.
    """
    file, end, count, left = _unpacked(data), b"\n", 0, most_bytes
    try:
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            count += (end + chunk).replace(b"\r", b"\n").count(b"\n1\t")
            end = (end + chunk)[-2:]
    except (OSError, EOFError, zlib.error):
        pass  # what could be unpacked was counted
    return count


def _lines(data: bytes, name: str, most_bytes: int, tell: Callable[[Note], object]) -> Iterator[str]:
    """The lines of a file without their ends, unpacked as they are asked for: a small file cannot become a huge one.
    Bytes that are no characters stay in as lone surrogates (U+DC80–U+DCFF).
    """
    left, lines_left = most_bytes, 1000 + most_bytes // _LEAST_LINE
    try:
        encoding = _encoding(data, name, tell)
        errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
        text = io.TextIOWrapper(_unpacked(data), encoding=encoding, errors=errors)
        while line := text.readline(MAX_TREE_CHARS):
            left, lines_left = left - len(line), lines_left - 1
            if left < 0 or lines_left < 0:
                raise BadFile(
                    "{name} has more than {limit} MB of text. Send a part of it.", name=name, limit=most_bytes // 2**20
                )
            yield line.rstrip("\n").lstrip("\ufeff")  # a mark inside: files that were put together
    except (UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise BadFile(_DAMAGED, name=name) from error


def _unpacked(data: bytes) -> BinaryIO:
    """
    Raises:
        OSError: packed in more parts than anybody packs, each of which costs time even if it is empty.
    """
    file = io.BytesIO(data)
    if data[:2] != b"\x1f\x8b":
        return file
    if data.count(_PART) > _MOST_PARTS:
        raise gzip.BadGzipFile("too many parts")
    return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]


def _encoding(data: bytes, name: str, tell: Callable[[Note], object]) -> str:
    """CoNLL-U is UTF-8; what is not is told by its beginning, as a page tells it of any file."""
    sample = _unpacked(data).read(_SAMPLE)
    if not sample.strip():
        raise BadFile("{name} is empty: a treebank in CoNLL-U was expected.", name=name)
    if sample.startswith(_WIDE_MARKS):
        return "utf-16"
    whole_lines = sample[: sample.rfind(b"\n") + 1] if len(sample) == _SAMPLE else sample
    decoded = decode(whole_lines if whole_lines.strip() else sample, name)
    for note in decoded.notes:
        tell(note)
    return decoded.encoding
