"""The packet that carries attention maps to the browser: one versioned, documented format.

Inside: `pack` and `unpack` (a whole packet), `overview` (every head, quantised, made once per view).
Not inside: which head to show or what a click means (ui/components/attention.py), colours
(assets/components/shared).

Packet (integers little-endian)::

    b"MIR1" | uint32 size of DETAIL | DETAIL | uint32 size of OVERVIEW | OVERVIEW

DETAIL and OVERVIEW are zlib streams (``DecompressionStream("deflate")`` in the browser); size 0: the browser already
holds the overview named in DETAIL. Inside, each is::

    uint32 size of JSON | JSON, padded with spaces to a multiple of 4 | blocks, each starting at a multiple of 4

``JSON["blocks"]`` = {name: {"type", "shape", "at", "top"}}, ``at`` in bytes after the JSON. Types: f4; u1 and u2, worth
1/top each (255 and 65535 where ``top`` is left out), u2 stored as two planes (all high bytes, then all low bytes),
which zlib packs 10 % better.

DETAIL: ``exact`` f4 (query, key), the chosen head; ``hidden`` f4 (query,), its mass on hidden keys; where several heads
are chosen (``mean_of``), ``mean`` f4 (query, key).
OVERVIEW: ``heads`` (layer, head, rows, columns), ``hidden`` u2 (layer, head, query) and ``metrics`` f4 (metric, layer,
head) of core/views/head_metrics.py, NaN where undefined. Up to 128 positions the heads are whole: u2 when the packet
stays under the limit, else u1 of 255 levels, else of 127. Longer, or too many heads: thumbnails max-pooled to at most
64 × 64 (``pooled``), and only the chosen head is exact. Beyond 512 positions the chosen head is a window of 256 × 256
(``window``), its start chosen by the caller."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..axes import checked_index
from ..errors import BadInput
from ..text.vocabulary import visible
from .head_metrics import habits

if TYPE_CHECKING:
    from .view import Side, View

MAGIC = b"MIR1"
LIMIT = 900_000  # bytes of a whole packet; 144 heads of 128 positions fit
WHOLE = 128  # positions up to which every head may travel whole
EXACT = 512  # positions up to which the chosen head travels whole
WINDOW = 256
POOLED = (64, 48, 32, 24, 16)
LEVEL = 4  # zlib: level 6 takes twice as long for 4 % less


@dataclass(frozen=True)
class Overview:
    """Every head, quantised and compressed. ``name`` is its content digest: the browser keeps it and need not get it
    twice.
    """

    name: str
    body: bytes


def overview(view: View, *, limit: int = LIMIT, level: int = LEVEL) -> Overview:
    """All heads of ``view``, the finest encoding that stays under ``limit`` bytes with room for one exact head;
    ``level`` of zlib, 1 … 9.
    """
    room = limit - 4 * min(len(view.query), EXACT) * min(len(view.key), EXACT)
    whole = max(len(view.query), len(view.key)) <= WHOLE
    heads, hidden, metrics = _every_head(view, None if whole else POOLED[0])
    body = b""
    for side, type_, top in [
        (None, "u2", 65535),
        (None, "u1", 255),
        (None, "u1", 127),
        *((side, "u1", 255) for side in POOLED),
    ]:
        if side is None and not whole:
            continue
        heads = heads if side is None else pooled(heads, side)
        if heads.size * (2 if type_ == "u2" else 1) > 12 * limit:
            continue  # cannot shrink enough: spare the time
        body = _section(
            {"pooled": side is not None},
            {
                "heads": (type_, np.rint(np.clip(heads, 0, 1) * top)),
                "hidden": ("u2", np.rint(np.clip(hidden, 0, 1) * 65535)),
                "metrics": ("f4", metrics),
            },
            tops={"heads": top},
            level=level,
        )
        if len(body) <= max(room, limit // 4):
            break
    return Overview(name=hashlib.blake2b(body, digest_size=8).hexdigest(), body=body)


def _every_head(view: View, side: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(layer, head, query, key), (layer, head, query) and (metric, layer, head), float32. With ``side`` maps are pooled
    one by one: one whole map is held at a time.
    """
    heads, hidden, metrics = [], [], []
    paired = view.kind != "cross" and view.query.positions == view.key.positions
    for layer, head in np.ndindex(view.layers, view.heads):
        shown, gone = view.head_and_hidden(layer, head)
        heads.append(shown if side is None else pooled(shown, side))
        hidden.append(gone)
        metrics.append(habits(shown, view.query, view.key, paired=paired))
    family = (view.layers, view.heads)
    return (
        np.stack(heads).reshape(*family, *heads[0].shape),
        np.stack(hidden).reshape(*family, -1),
        np.stack(metrics, axis=1).reshape(-1, *family),
    )


def pooled(maps: np.ndarray, side: int) -> np.ndarray:
    """(…, query, key) → (…, ≤ side, ≤ side): the largest weight of each block, so that a thin diagonal stays
    visible.
    """
    for axis in (-2, -1):
        size = maps.shape[axis]
        if size > side:
            starts = np.arange(side) * size // side
            maps = np.maximum.reduceat(maps, starts, axis=axis)
    return maps


def pack(
    view: View,
    *,
    layer: int,
    head: int,
    texts: dict[str, str],
    options: dict[str, Any] | None = None,
    heads: Overview | None = None,
    known: str | None = None,
    start: tuple[int, int] = (0, 0),
    beside: Sequence[tuple[int, int]] = (),
) -> bytes:
    """The packet of ``view`` with head (layer, head), counted from 0, exact.

    ``heads``: from ``overview`` (None: only the chosen head travels). ``known``: name of the overview that the browser
    says it has. ``start``: first (query, key) of the window when there are more than 512. ``options``: JSON values for
    the page.

    Raises:
        BadInput: no such layer or head.
    """
    layer, head = checked_index(layer, view.layers, "layer"), checked_index(head, view.heads, "head")
    rows, columns = (window(len(side), first) for side, first in zip((view.query, view.key), start, strict=True))
    shown, hidden = view.head_and_hidden(layer, head)
    several = [(layer, head), *(other for other in beside if other != (layer, head))]
    mean = {"mean": ("f4", _mean(view, several)[slice(*rows), slice(*columns)])} if len(several) > 1 else {}
    detail = _section(
        {
            "version": 1,
            "layers": view.layers,
            "heads": view.heads,
            "layer": layer,
            "head": head,
            "kind": view.kind,
            "renormalised": view.renormalised,
            "query": _side(view.query, rows),
            "key": _side(view.key, columns),
            "window": {"query": [*rows, len(view.query)], "key": [*columns, len(view.key)]},
            "mean_of": several,
            "overview": heads.name if heads else None,
            "texts": texts,
            "options": options or {},
        },
        {"exact": ("f4", shown[slice(*rows), slice(*columns)]), "hidden": ("f4", hidden[slice(*rows)]), **mean},
    )
    body = b"" if heads is None or heads.name == known else heads.body
    return b"".join([MAGIC, struct.pack("<I", len(detail)), detail, struct.pack("<I", len(body)), body])


def _mean(view: View, heads: Sequence[tuple[int, int]]) -> np.ndarray:
    """Mean map of several heads, (query, key) float32.

    Raises:
        BadInput: no such layer or head.
    """
    found = [
        view.head_and_hidden(checked_index(layer, view.layers, "layer"), checked_index(head, view.heads, "head"))[0]
        for layer, head in heads
    ]
    return np.mean(found, axis=0, dtype=np.float32)


def window(size: int, first: int) -> tuple[int, int]:
    """(start, stop) of what travels exactly along one axis: everything up to 512, else 256 positions inside the
    axis.
    """
    if size <= EXACT:
        return 0, size
    first = min(max(0, first), size - WINDOW)
    return first, first + WINDOW


def _side(side: Side, span: tuple[int, int]) -> dict[str, list]:
    cut = slice(*span)
    return {
        "labels": [visible(label) for label in side.labels[cut]],
        "special": [int(x) for x in side.special[cut]],
        "unknown": [int(x) for x in side.unknown[cut]],
        "positions": [int(x) for x in side.positions[cut]],
        "opening": side.opening,
    }


def _section(
    header: dict[str, Any],
    blocks: dict[str, tuple[str, np.ndarray]],
    *,
    tops: dict[str, int] | None = None,
    level: int = LEVEL,
) -> bytes:
    table, parts, at = {}, [], 0
    for name, (type_, values) in blocks.items():
        raw = _bytes(type_, values)
        table[name] = {"type": type_, "shape": list(values.shape), "at": at}
        if tops and name in tops:
            table[name]["top"] = tops[name]
        parts.append(raw + bytes(-len(raw) % 4))
        at += len(parts[-1])
    text = json.dumps({**header, "blocks": table}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    text += b" " * (-len(text) % 4)
    return zlib.compress(b"".join([struct.pack("<I", len(text)), text, *parts]), level)


def _bytes(type_: str, values: np.ndarray) -> bytes:
    if type_ == "f4":
        return np.ascontiguousarray(values, dtype="<f4").tobytes()
    if type_ == "u1":
        return values.astype(np.uint8).tobytes()
    whole = values.astype("<u2")
    return (whole >> 8).astype(np.uint8).tobytes() + (whole & 255).astype(np.uint8).tobytes()


def unpack(packet: bytes) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """(DETAIL, OVERVIEW or None): the JSON of each, with its arrays (float32) and their ``tops`` in place of "blocks".

    Raises:
        BadInput: not a packet of this version.
    """
    if packet[:4] != MAGIC:
        raise BadInput("This is not an attention packet of version 1.")
    sections, at = [], 4
    for _ in range(2):
        (size,) = struct.unpack_from("<I", packet, at)
        sections.append(packet[at + 4 : at + 4 + size])
        at += 4 + size
    return _read(sections[0]), _read(sections[1]) if sections[1] else None


def _read(section: bytes) -> dict[str, Any]:
    raw = zlib.decompress(section)
    (size,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + size])
    blocks = header.pop("blocks")
    for name, block in blocks.items():
        header[name] = _array(raw[4 + size + block["at"] :], block)
    return header | {"tops": {name: block["top"] for name, block in blocks.items() if "top" in block}}


def _array(raw: bytes, block: dict[str, Any]) -> np.ndarray:
    count = int(np.prod(block["shape"]))
    if block["type"] == "f4":
        values = np.frombuffer(raw, "<f4", count)
    elif block["type"] == "u1":
        values = np.frombuffer(raw, np.uint8, count) / block.get("top", 255)
    else:
        high, low = np.frombuffer(raw, np.uint8, 2 * count).reshape(2, count)
        values = (high.astype(np.float64) * 256 + low) / block.get("top", 65535)
    return values.astype(np.float32).reshape(block["shape"])
