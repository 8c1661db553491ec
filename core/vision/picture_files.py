"""What a picture's file says of itself before anything is unpacked, and the file without all but its pixels.

A decoder reads more than pixels: an EXIF block of 64 kB whose 5,000 entries all name the same bytes costs hundreds of
megabytes, text chunks unpack to sixty-four, a progressive JPEG keeps every coefficient. So the parts of the file are
walked here (PNG, JPEG, WebP), at most MAX_PARTS of them; what is handed on holds the parts of the first picture alone.
Inside: `walked`. Not inside: which sizes are refused, and the pixels (images.py).

Sources: PNG, third edition (w3.org/TR/png-3); JPEG, ITU-T T.81 annex B; WebP (RFC 9649); for EXIF, TIFF 6.0."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAX_PARTS = 20_000
"""Chunks or segments: a PNG of 8 MB in pieces of 8 kB has a thousand."""
MAX_SCANS = 32
"""Of a JPEG: encoders write about ten; each costs a pass over the whole picture, however short it is."""
_ORIENTATION = 0x0112  # tag of EXIF
_PNG, _JPEG, _WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"WEBP"
_PNG_PARTS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_PNG_SAYINGS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # start-of-frame markers
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_EXIF_MARK = b"Exif\0\0"


class Damaged(ValueError):
    """The parts of the file do not follow each other as its format says."""


@dataclass(frozen=True)
class PictureFile:
    """data: the file with nothing but its first picture. kind: as Pillow names it. size: (width, height) as its header
    says. beside: bytes that its decoder holds beside the pixels. orientation: 1 … 8, as EXIF counts. metadata: whether
    anything was said of camera, time, place or author. frames: how many pictures there were.
    """

    data: bytes
    kind: str
    size: tuple[int, int]
    beside: int
    orientation: int
    metadata: bool
    frames: int


def walked(data: bytes) -> PictureFile | None:
    """The parts of a picture file; None for what is neither PNG nor JPEG nor WebP.

    Raises:
        Damaged: parts that end before they should, too many of them, or too many scans.
    """
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(_JPEG):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == _WEBP:
            return _webp(data)
    except (struct.error, IndexError) as error:
        raise Damaged("a part ends before it should") from error
    return None


def _png(data: bytes) -> PictureFile:
    kept, said, orientation, frames = [_PNG], False, 1, 0
    size = struct.unpack(">II", data[16:24])
    for kind, whole, body in _png_parts(data):
        if kind in _PNG_PARTS:
            kept.append(whole)
        said |= kind in _PNG_SAYINGS
        frames += kind == b"fcTL"
        if kind == b"eXIf":
            orientation = _orientation(body)
    return PictureFile(b"".join(kept), "PNG", size, 0, orientation, said, max(1, frames))


def _png_parts(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(kind, whole chunk, its body) up to and with the end."""
    at = len(_PNG)
    for _ in range(MAX_PARTS):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        stop = at + 12 + length
        if stop > len(data):
            raise Damaged("a chunk ends before it should")
        yield kind, data[at:stop], data[at + 8 : stop - 4]
        if kind == b"IEND":
            return
        at = stop
    raise Damaged("too many chunks")


def _jpeg(data: bytes) -> PictureFile:
    kept, said, orientation = [data[:2]], False, 1
    size, frame, sampling = (0, 0), 0, [(1, 1)]
    for marker, start, stop in _jpeg_parts(data):
        body = data[start + 4 : stop]
        if marker in _FRAMES:
            height, width, components = struct.unpack(">HHB", body[1:6])
            size, frame = (width, height), marker
            sampling = [divmod(body[7 + 3 * i], 16) for i in range(components)]
        if marker == 0xE1 and body.startswith(_EXIF_MARK):
            orientation = _orientation(body[len(_EXIF_MARK) :])
        said |= marker in (0xE1, 0xED, 0xFE)  # EXIF and XMP, IPTC, a comment
        if marker == 0xDA:
            if data.count(b"\xff\xda", start) > MAX_SCANS:
                raise Damaged("too many scans")
            several = frame in _PROGRESSIVE or body[0] < len(sampling)
            kept.append(data[start:])
            beside = _coefficients(size, sampling) if several else 0
            return PictureFile(b"".join(kept), "JPEG", size, beside, orientation, said, 1)
        if not 0xE0 <= marker <= 0xEF and marker != 0xFE or marker in (0xE0, 0xEE):  # JFIF, Adobe's colours
            kept.append(data[start:stop])
    raise Damaged("no picture in it")


def _jpeg_parts(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, its place, end of its segment) up to and with the first scan's header."""
    at = 2
    for _ in range(MAX_PARTS):
        mark = _MARKER.search(data, at)  # past fill bytes, and what has no sense between segments
        if mark is None:
            raise Damaged("no picture in it")
        at, marker = mark.end() - 2, data[mark.end() - 1]
        if marker in _ALONE:
            at += 2
            continue
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        stop = at + 2 + length
        if length < 2 or stop > len(data) or marker == 0xD9:
            raise Damaged("a segment ends before it should")
        yield marker, at, stop
        at = stop
    raise Damaged("too many segments")


def _coefficients(size: tuple[int, int], sampling: list[tuple[int, int]]) -> int:
    """Bytes of the coefficients (two each) that a decoder of several scans keeps."""
    across, down = (max(side) or 1 for side in zip(*sampling, strict=True))
    return round(2 * size[0] * size[1] * sum(wide * high for wide, high in sampling) / (across * down))


def _webp(data: bytes) -> PictureFile:
    kept, said, orientation, frames, size = [], False, 1, 0, (0, 0)
    for kind, whole, body in _webp_parts(data):
        if kind == b"VP8X":
            size = (1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
            whole = whole[:8] + bytes([body[0] & 0b0001_0010]) + whole[9:]  # alpha and animation are what is left
        elif kind in (b"VP8 ", b"VP8L") and size == (0, 0):
            size = _webp_size(kind, body)
        said |= kind in (b"EXIF", b"XMP ")
        if kind == b"EXIF":
            orientation = _orientation(body.removeprefix(_EXIF_MARK))
        frames += kind == b"ANMF"
        if kind in (b"VP8X", b"ANIM", b"ALPH", b"VP8 ", b"VP8L") or kind == b"ANMF" and frames == 1:
            kept.append(whole)
    body = _WEBP + b"".join(kept)
    riff = b"RIFF" + struct.pack("<I", len(body)) + body
    return PictureFile(riff, "WEBP", size, 12 * size[0] * size[1], orientation, said, max(1, frames))


def _webp_parts(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(kind, whole chunk, its body)."""
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        kind, length = struct.unpack("<4sI", data[at : at + 8])
        stop = at + 8 + length + length % 2
        if at + 8 + length > len(data):
            raise Damaged("a chunk ends before it should")
        yield kind, data[at:stop], data[at + 8 : at + 8 + length]
        at = stop
    raise Damaged("too many chunks")


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    """(width, height) as the bits of a picture without an extended header say."""
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    bits = struct.unpack("<I", body[1:5])[0]
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


def _orientation(exif: bytes) -> int:
    """How the picture is turned, 1 … 8, from the first directory of an EXIF block; 1 where it does not say."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None or len(exif) < 14:
        return 1
    start = struct.unpack(order + "I", exif[4:8])[0]
    count = struct.unpack(order + "H", exif[start : start + 2])[0] if start + 2 <= len(exif) else 0
    for at in range(start + 2, min(start + 2 + 12 * min(count, 512), len(exif) - 11), 12):
        tag, kind, values, value = struct.unpack(order + "HHIH", exif[at : at + 10])
        if tag == _ORIENTATION:
            return value if kind == 3 and values == 1 and 1 <= value <= 8 else 1
    return 1
