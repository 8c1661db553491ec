"""Hostile pictures: small files that unpack to much, and parts of files that nobody needs."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, parts: bytes = b"", interlaced: int = 0) -> bytes:
    """A PNG of zeros of any size, made without its pixels in memory. colour: 0 grey, 2 RGB, 3 palette, 6 RGBA."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    line = bytes(1 + (width * channels * depth + 7) // 8)
    packer, body = zlib.compressobj(1), []
    for _ in range(height + 8 * interlaced):
        body.append(packer.compress(line))
    pixels = b"".join([*body, packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    palette = chunk(b"PLTE", bytes(768)) if colour == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + parts + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def exif(entries: int, size: int) -> bytes:
    """A directory whose entries all name the same ``size`` bytes."""
    head = b"II*\0" + struct.pack("<IH", 8, entries)
    rows = b"".join(struct.pack("<HHII", 1000 + i, 7, size, 8) for i in range(entries))
    return (head + rows + bytes(4)).ljust(size + 8, b"\0")


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    held = BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def with_chunk(webp: bytes, kind: bytes, body: bytes) -> bytes:
    whole = webp[8:] + kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def pictures() -> dict[str, bytes]:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3)).astype(np.uint8))
    jpeg, webp = saved(noise, "JPEG"), saved(noise, "WEBP")
    progressive = saved(Image.new("RGB", (2000, 2000)), "JPEG", progressive=True)
    scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    frames = [Image.new("RGB", (1000, 800), (i, 0, 0)) for i in range(60)]
    flag = saved(Image.new("RGBA", (8, 8)), "WEBP", exif=b"Exif\0\0II*\0")
    return {
        "grey of 16 bits": png(6000, 6600, depth=16, colour=0),
        "grey of 16 bits, as large as may be": png(4100, 4100, depth=16, colour=0),
        "colours of 16 bits": png(5000, 5000, depth=16, colour=2),
        "colours, as large as may be": png(2830, 3000),
        "colours of 16 bits, as large as may be": png(2830, 3000, depth=16),
        "grey, as large as may be": png(5600, 6000, colour=0),
        "a palette, as large as may be": png(5600, 6000, colour=3),
        "transparent, as large as may be": png(2830, 3000, colour=6),
        "transparent grey": png(2830, 3000, colour=4, depth=16),
        "one bit": png(5600, 6000, depth=1, colour=0),
        "one bit, interlaced": png(5600, 6000, depth=1, colour=0, interlaced=1),
        "a strip": png(33_900_000 // 8, 8, colour=0),
        "a column": png(8, 33_900_000 // 8, colour=0),
        "a column, as large as may be": png(8, 33_900_000 // 16, colour=0),
        "larger than a number": png(8, 8).replace(struct.pack(">II", 8, 8), struct.pack(">II", 2**31 - 1, 2**31 - 1)),
        "texts": png(64, 64, parts=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**20 - 64), 9)) * 63),
        "a text": png(64, 64, parts=chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(2**29), 9))),
        "a profile": png(64, 64, parts=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**29), 9))),
        "EXIF of a PNG": png(64, 64, parts=chunk(b"eXIf", exif(60_000, 4 * 2**20))),
        "empty chunks": png(64, 64, parts=chunk(b"IDAT", b"") * 600_000),
        "frames of a PNG": saved(frames[0], "PNG", save_all=True, append_images=frames[1:]),
        "a file that claims frames": png(64, 64, parts=chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))),
        "EXIF of a JPEG": with_segment(jpeg, 0xE1, b"Exif\0\0" + exif(5000, 64_000)),
        "many EXIF of a JPEG": jpeg[:2]
        + with_segment(jpeg, 0xE1, b"Exif\0\0" + exif(5000, 64_000))[2 : -len(jpeg) + 2] * 100
        + jpeg[2:],
        "MPO of a JPEG": with_segment(jpeg, 0xE2, b"MPF\0" + exif(5000, 64_000)),
        "comments": jpeg[:2] + b"\xff\xfe\0\2" * 1_900_000 + jpeg[2:],
        "fill bytes": jpeg[:2] + b"\xff" * 7_000_000 + jpeg[2:],
        "a progressive JPEG": saved(Image.new("RGB", (3400, 3400)), "JPEG", progressive=True),
        "a large progressive JPEG": saved(Image.new("RGB", (6200, 6200)), "JPEG", progressive=True, subsampling=0),
        "scans": progressive[:-2] + scan * (4_000_000 // len(scan)) + progressive[-2:],
        "a large JPEG": saved(Image.new("RGB", (6300, 6300)), "JPEG"),
        "a JPEG of four inks": saved(Image.new("CMYK", (6300, 6300)), "JPEG"),
        "a long JPEG": saved(Image.new("RGB", (65_000, 600)), "JPEG"),
        "a large WebP": saved(Image.new("RGB", (6000, 6000)), "WEBP"),
        "a WebP, as large as may be": saved(Image.new("RGB", (1450, 1450)), "WEBP"),
        "a lossless WebP, as large as may be": saved(Image.new("RGBA", (1450, 1450)), "WEBP", lossless=True),
        "frames of a WebP": saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        "a WebP that claims a canvas": flag.replace(flag[24:30], b"\xff\x3f\x00\xff\x3f\x00", 1),
        "EXIF of a WebP": with_chunk(webp, b"EXIF", exif(60_000, 4 * 2**20)),
        "chunks of a WebP": webp + b"XMP \0\0\0\0" * 800_000,
    }
