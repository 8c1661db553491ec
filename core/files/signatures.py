"""Magic bytes of files that are not text, and what a person can do instead.

Inside: the table of first bytes and the refusal. Not inside: any parser of these formats;
they are recognised in order to be refused, never opened.
"""

from __future__ import annotations

from ..errors import BadFile

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


def refuse_signature(data: bytes, name: str) -> None:
    """Raises BadFile when ``data`` begins like a known binary format, whatever its name says."""
    for magic, template, what in _MAGIC:
        if data.startswith(magic):
            raise BadFile(template, name=name, what=what)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise BadFile(_IMAGE, name=name, what="WebP")
