"""How numbers travel to the browser: a section, which is a JSON header and the blocks of numbers that it names.

Inside: `section` and `named_section` (write one), `read_section` (read one), `Block` (one named array), `levels`
(shares as whole numbers). Not inside: what each packet holds (attention_packet.py, steps_packet.py,
core/vision/picture_packet.py), the reader in the browser (assets/components/shared/section.js).

A section (integers little-endian)::

    uint32 size of JSON | JSON, padded with spaces to a multiple of 4 | blocks, one after the other

``JSON["blocks"]`` = {name: {"type", "shape", "at", "top"}}, ``at`` in bytes after the JSON. Types: f4; u1 and u2, worth
1/top each (255 and 65535 where ``top`` is left out), u2 stored as two planes (all high bytes, then all low bytes),
which zlib packs 10 % better."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Type = Literal["f4", "u1", "u2"]
TOPS: dict[Type, int] = {"u1": 255, "u2": 65535}


@dataclass(frozen=True, eq=False)
class Block:
    """One array of a section, of any shape. Values of u1 and u2 are whole numbers; ``top`` is the one that stands for
    1, None where the reader takes 255 or 65535.
    """

    type: Type
    values: np.ndarray
    top: int | None = None


def section(header: Mapping[str, Any], blocks: Mapping[str, Block], *, align: int = 4) -> bytes:
    """A header of JSON values and the arrays that belong to it; each array starts at a multiple of ``align`` bytes."""
    table, body = _laid_out(blocks, align)
    return _framed({**header, "blocks": table}, body)


def named_section(
    header: Mapping[str, Any], blocks: Mapping[str, Block], *, options: Mapping[str, Any], align: int = 4
) -> bytes:
    """A section with two entries more: ``options`` and ``name``, the digest of all but the options. By its name the
    browser knows what it holds already.
    """
    table, body = _laid_out(blocks, align)
    content = {**header, "blocks": table}
    name = packet_name(json_bytes(content) + body)
    return _framed({**content, "name": name, "options": dict(options)}, body)


def packet_name(content: bytes) -> str:
    """Digest of some content: 16 hexadecimal digits."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def levels(shares: np.ndarray, top: int) -> np.ndarray:
    """Shares 0 … 1, of any shape → the nearest whole numbers 0 … top, as floats."""
    return np.rint(np.clip(shares, 0, 1) * top)


def planes(values: np.ndarray) -> bytes:
    """Whole numbers below 65536: all their high bytes, then all their low bytes."""
    integers = values.astype("<u2")
    return (integers >> 8).astype(np.uint8).tobytes() + (integers & 255).astype(np.uint8).tobytes()


def json_bytes(value: object) -> bytes:
    """JSON without spaces, UTF-8; half of a surrogate pair becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def read_section(raw: bytes) -> dict[str, Any]:
    """The header with its arrays (float32) and their ``tops`` in place of "blocks"."""
    (size,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + size])
    blocks = header.pop("blocks")
    for name, entry in blocks.items():
        header[name] = _array(raw[4 + size + entry["at"] :], entry)
    return header | {"tops": {name: entry["top"] for name, entry in blocks.items() if "top" in entry}}


def _framed(header: Mapping[str, Any], body: bytes) -> bytes:
    text = json_bytes(header)
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + body


def _laid_out(blocks: Mapping[str, Block], align: int) -> tuple[dict[str, dict[str, Any]], bytes]:
    """(the header's entry of each block, the bytes of all blocks)."""
    table: dict[str, dict[str, Any]] = {}
    parts, at = [], 0
    for name, block in blocks.items():
        raw = _bytes(block)
        table[name] = {"type": block.type, "shape": list(block.values.shape), "at": at}
        if block.top is not None:
            table[name]["top"] = block.top
        parts.append(raw + bytes(-len(raw) % align))
        at += len(parts[-1])
    return table, b"".join(parts)


def _bytes(block: Block) -> bytes:
    if block.type == "f4":
        return block.values.astype("<f4").tobytes()
    return block.values.astype(np.uint8).tobytes() if block.type == "u1" else planes(block.values)


def _array(raw: bytes, entry: Mapping[str, Any]) -> np.ndarray:
    count = int(np.prod(entry["shape"]))
    if entry["type"] == "f4":
        return np.frombuffer(raw, "<f4", count).astype(np.float32).reshape(entry["shape"])
    if entry["type"] == "u1":
        integers = np.frombuffer(raw, np.uint8, count).astype(np.float64)
    else:
        high, low = np.frombuffer(raw, np.uint8, 2 * count).reshape(2, count)
        integers = high.astype(np.float64) * 256 + low
    return (integers / entry.get("top", TOPS[entry["type"]])).astype(np.float32).reshape(entry["shape"])
