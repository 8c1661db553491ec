"""An upload's bytes turned into text, or refused: size, magic bytes, encoding, NUL.

Inside: the limits of a file, the magic bytes of files that are not text and what a person can do instead, the encoding
(announced, detected or chosen by the person), and the small records in which a reader reports a refused line or a
remark. Not inside: the guess of a legacy encoding (encodings.py), what the text means (sentences.py, tables.py), and
any parser of binary formats: they are never opened.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from ..errors import BadFile
from .encodings import ENCODINGS, guess_encoding, happens_to_be_utf8, unmarked_utf16

MAX_UPLOAD_BYTES = 2 * 1024 * 1024
"""Largest file: 2,000 sentences of 200 words fit; what the field for it says, too (ui/explorer/upload_field.py)."""

MAX_LINES = 50_000
"""Physical lines looked at; the rest of a file of this size can only be blank, refused or beyond every list's limit."""

_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_UNRECOGNISED = "{name} is in no encoding that could be recognised. Save it as UTF-8 text."
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32), 127))
_HALF = "\udcff"  # for the first byte of a character whose second one is not there
_SURROGATE = re.compile("[\ud800-\udfff]")
_INNER_MARK = re.compile(r"(?:^|(?<=[\r\n]))\ufeff+")  # where files were put together
_LINE = re.compile(r"[^\r\n]+")

# First bytes of files that are not text, recognised in order to be refused: they are never opened.
_IMAGE = "{name} is an image ({what}), not text, despite its name. Type or paste the sentences instead."
_PACKED = "{name} is a compressed file ({what}), not text. Unpack it and send the TXT, CSV, TSV or JSONL inside."
_BINARY = "{name} is a binary file ({what}), not text. Export the sentences as TXT, CSV, TSV or JSONL."
_OFFICE = (
    "{name} is a ZIP archive or an Office file (XLSX, DOCX, ODS …), not text. "
    "Open it in its program and save the sentences as CSV (UTF-8) or TXT."
)
_OLD_OFFICE = (
    "{name} is an old Office file (XLS, DOC), not text. "
    "Open it in its program and save the sentences as CSV (UTF-8) or TXT."
)
_PDF = "{name} is a PDF, not text. Copy its sentences and paste them, or save them as TXT."
_RTF = "{name} is a formatted document (RTF), not plain text. Save it as plain text (TXT, UTF-8)."

_MAGIC = (
    (b"\x89PNG", _IMAGE, "PNG"),
    (b"\xff\xd8\xff", _IMAGE, "JPEG"),
    (b"GIF8", _IMAGE, "GIF"),
    (b"II*\0", _IMAGE, "TIFF"),
    (b"MM\0*", _IMAGE, "TIFF"),
    (b"PK\x03\x04", _OFFICE, "ZIP"),
    (b"PK\x05\x06", _OFFICE, "ZIP"),
    (b"PK\x07\x08", _OFFICE, "ZIP"),
    (b"\xd0\xcf\x11\xe0", _OLD_OFFICE, "OLE"),
    (b"%PDF-", _PDF, "PDF"),
    (b"{\\rtf", _RTF, "RTF"),
    (b"\x1f\x8b", _PACKED, "gzip"),
    (b"BZh", _PACKED, "bzip2"),
    (b"\xfd7zXZ\0", _PACKED, "xz"),
    (b"7z\xbc\xaf\x27\x1c", _PACKED, "7z"),
    (b"Rar!\x1a\x07", _PACKED, "RAR"),
    (b"\x28\xb5\x2f\xfd", _PACKED, "Zstandard"),
    (b"PAR1", _BINARY, "Parquet"),
    (b"SQLite format 3\0", _BINARY, "SQLite"),
    (b"\x7fELF", _BINARY, "ELF"),
)


@dataclass(frozen=True)
class Note:
    """A remark for the person about a file as a whole: English template and its fields."""

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.fields)


@dataclass(frozen=True)
class Rejected:
    """One refused line: its number in the file (from 1) and the reason, template and fields."""

    line: int
    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.fields)


@dataclass(frozen=True)
class Decoded:
    """Text of an upload, the Python name of its encoding, and what a person should know about it.

    Bytes that are no characters of a mixed UTF-8 file stay in as lone surrogates
    (U+DC80–U+DCFF), so that the reader can refuse exactly those lines.
    """

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()


_MIXED = Note("The file mixes encodings: it is mostly UTF-8, and the lines that are not were refused.")


def decode(data: bytes, name: str, *, encoding: str | None = None, most_bytes: int = MAX_UPLOAD_BYTES) -> Decoded:
    """Text of ``data``; ``encoding`` is the person's own choice, else announced (BOM) or detected.

    Raises BadFile for what is empty, too large, not text, or not in the encoding it claims.
    """
    if not data.strip():
        raise BadFile("{name} is empty. Send a file with one sentence per line.", name=name)
    if len(data) > most_bytes:
        raise BadFile(
            "{name} has {size:.2f} MB; the limit is {limit:.0f} MB. Split it, or keep only the column of sentences.",
            name=name,
            size=len(data) / 2**20,
            limit=most_bytes / 2**20,
        )
    _refuse_signature(data, name)
    decoded = _chosen(data, name, encoding) if encoding else _announced(data, name) or _detected(data, name)
    _refuse_binary(decoded.text, name)
    return replace(decoded, text=_INNER_MARK.sub("", decoded.text)) if "\ufeff" in decoded.text else decoded


def _chosen(data: bytes, name: str, encoding: str) -> Decoded:
    if encoding not in ENCODINGS:
        raise BadFile(
            "The encoding {encoding} is not offered. Choose one of: {offered}.",
            encoding=encoding,
            offered=", ".join(ENCODINGS),
        )
    return Decoded(_strict(data, name, "utf-8-sig" if encoding == "utf-8" else encoding), encoding)


def _announced(data: bytes, name: str) -> Decoded | None:
    """The text after a byte order mark; lines that are not in the announced encoding are left to be refused."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if encoding != "utf-8-sig":
                return Decoded(_strict(data, name, encoding), encoding)
            text = data.decode(encoding, "surrogateescape")
            return Decoded(text, encoding, (_MIXED,) if _SURROGATE.search(text) else ())
    return None


def _strict(data: bytes, name: str, encoding: str) -> str:
    """The text of ``data``; halves of characters in UTF-16 stay in as lone surrogates, so that only their lines go."""
    try:
        return _with_halves(data, encoding) or data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(
            "{name} cannot be read as {encoding}: byte {position} is no character of it. "
            "Choose another encoding, or save the file as UTF-8.",
            name=name,
            encoding=encoding,
            position=error.start,
        ) from error


def _with_halves(data: bytes, encoding: str) -> str | None:
    """UTF-16 with its halves of characters; None for other encodings, and where there are only halves."""
    if not encoding.startswith("utf-16"):
        return None
    whole, rest = data[: len(data) & ~1], data[len(data) & ~1 :]
    text = whole.decode(encoding, "surrogatepass") + (_HALF if rest.strip(b"\0\r\n\t ") else "")
    return text if _SURROGATE.sub("", text).strip("\ufeff \r\n\t") else None


def _detected(data: bytes, name: str) -> Decoded:
    if b"\0" in data:
        wide = unmarked_utf16(data)
        if wide is None:
            raise BadFile(
                "{name} contains NUL bytes: it is a binary file. Save the sentences as UTF-8 text.", name=name
            )
        return Decoded(_strict(data, name, wide), wide, (_guess_note(wide),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _mixed(data) or _guessed(data, name)
    western = happens_to_be_utf8(data, text)
    return _decoded_as(western, data, name) if western else Decoded(text, "utf-8")


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with stray lines in another encoding, when most lines beyond ASCII are UTF-8; else None."""
    text = data.decode("utf-8", "surrogateescape")
    odd = list(islice((m.group() for m in _LINE.finditer(text) if not m.group().isascii()), 5000))
    if sum(_SURROGATE.search(line) is not None for line in odd) > len(odd) / 2:
        return None
    return Decoded(text, "utf-8", (_MIXED,))


def _guessed(data: bytes, name: str) -> Decoded:
    encoding = guess_encoding(data)
    if encoding is None:
        raise BadFile(_UNRECOGNISED, name=name)
    return _decoded_as(encoding, data, name)


def _decoded_as(encoding: str, data: bytes, name: str) -> Decoded:
    return Decoded(_lenient(data, name, encoding), encoding, (_guess_note(encoding),))


def _guess_note(encoding: str) -> Note:
    template = "Encoding guessed: {encoding}. If accents look wrong, choose another one or save the file as UTF-8."
    return Note(template, {"encoding": encoding})


def _lenient(data: bytes, name: str, encoding: str) -> str:
    """Text with the bytes that are no character as lone surrogates, for codecs that can say so."""
    try:
        return data.decode(encoding, "surrogateescape")
    except UnicodeDecodeError as error:
        raise BadFile(_UNRECOGNISED, name=name) from error


def _refuse_binary(text: str, name: str) -> None:
    if "\0" in text:
        raise BadFile("{name} contains NUL characters: it is not a text file. Save it as UTF-8 text.", name=name)
    raw = text.encode("utf-8", "surrogatepass")
    controls = len(raw) - len(raw.translate(None, _CONTROLS))
    if controls > 8 and controls > len(text) / 100:
        raise BadFile(
            "{name} is not text: {n} of its characters are control codes. Save it as UTF-8 text.", name=name, n=controls
        )


def _refuse_signature(data: bytes, name: str) -> None:
    """Raises BadFile when ``data`` begins like a known binary format, whatever its name says."""
    for magic, template, format_name in _MAGIC:
        if data.startswith(magic):
            raise BadFile(template, name=name, what=format_name)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise BadFile(_IMAGE, name=name, what="WebP")
