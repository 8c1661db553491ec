"""The packet that carries attention maps to the browser: one versioned, documented format.

Inside: `pack_attention` and `unpack_attention` (a complete packet), `overview` (every head, quantised, made once per
view). Not inside: how a section is written (packet.py), which head to show or what a click means
(ui/components/attention.py), colours (assets/components/shared).

Packet (integers little-endian)::

    b"MIR1" | uint32 size of DETAIL | DETAIL | uint32 size of OVERVIEW | OVERVIEW

DETAIL and OVERVIEW are sections (packet.py) as zlib streams (``DecompressionStream("deflate")`` in the browser);
size 0: the browser already holds the overview named in DETAIL.

DETAIL: ``exact`` f4 (query, key), the chosen head; ``hidden`` f4 (query,), its mass on hidden keys; where several heads
are chosen (``mean_of``), ``mean`` f4 (query, key).
``attending`` (hybrids only): the layers that have attention; the others are zeros, and NaN in the metrics.
OVERVIEW: ``heads`` (layer, head, rows, columns), ``hidden`` u2 (layer, head, query) and ``metrics`` f4 (metric, layer,
head) of core/views/head_metrics.py, NaN where undefined. Up to 128 positions every head travels in full: u2 when the
packet stays under the limit, else u1 of 255 levels, else of 127. Longer, or too many heads: thumbnails max-pooled to at
most 64 × 64 (``pooled``), and only the chosen head is exact. Beyond 512 positions the chosen head is a window of
256 × 256 (``window``), its start chosen by the caller."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..axes import checked_index
from ..errors import BadInput
from ..text.vocabulary import visible
from .head_metrics import head_metrics
from .packet import Block, Type, levels, packet_name, read_section, section

if TYPE_CHECKING:
    from .view import Side, View

MAGIC = b"MIR1"
_VERSION = 1
MAX_PACKET = 900_000  # bytes of a complete packet; 144 heads of 128 positions fit
MAX_IN_FULL = 128  # positions up to which every head may travel in full
MAX_EXACT = 512  # positions up to which the chosen head travels in full
EXACT_WINDOW = 256  # positions of the chosen head that travel beyond that
_AT_ONCE = 8 * 256 * 256  # weights of a layer that are worked on at once: 4 MB
ZLIB_LEVEL = 4  # level 6 takes twice as long for 4 % less

# side of the thumbnails (None: maps in full), type and top of the numbers; from the finest to the coarsest
Encoding = tuple[int | None, Type, int]
_IN_FULL: tuple[Encoding, ...] = ((None, "u2", 65535), (None, "u1", 255), (None, "u1", 127))
_THUMBNAILS: tuple[Encoding, ...] = tuple((side, "u1", 255) for side in (64, 48, 32, 24, 16))


@dataclass(frozen=True)
class Overview:
    """Every head, quantised and compressed. ``name`` is its content digest: the browser keeps it and need not get it
    twice.
    """

    name: str
    body: bytes


def overview(view: View, *, limit: int = MAX_PACKET, level: int = ZLIB_LEVEL) -> Overview:
    """All heads of ``view``, the finest encoding that stays under ``limit`` bytes with room for one exact head;
    ``level`` of zlib, 1 … 9.
    """
    room = limit - 4 * min(len(view.query), MAX_EXACT) * min(len(view.key), MAX_EXACT)
    in_full = max(len(view.query), len(view.key)) <= MAX_IN_FULL
    encodings = (*_IN_FULL, *_THUMBNAILS) if in_full else _THUMBNAILS
    heads, hidden, metrics = _every_head(view, encodings[0][0])
    body = b""
    for side, type_, top in encodings:
        heads = heads if side is None else max_pooled(heads, side)
        if heads.size * (2 if type_ == "u2" else 1) > 12 * limit:
            continue  # cannot shrink enough: spare the time
        blocks = {
            "heads": Block(type_, levels(heads, top), top),
            "hidden": Block("u2", levels(hidden, 65535)),
            "metrics": Block("f4", metrics),
        }
        body = zlib.compress(section({"pooled": side is not None}, blocks), level)
        if len(body) <= max(room, limit // 4):
            break
    return Overview(name=packet_name(body), body=body)


def _every_head(view: View, side: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(layer, head, query, key), (layer, head, query) and (metric, layer, head), float32. With ``side`` maps are pooled
    one by one where they are large, so that only one map is held at its full size; else a layer is made at once.
    """
    paired = view.kind != "cross" and view.query.positions == view.key.positions
    heads, hidden, metrics = [], [], []
    together = view.heads * len(view.query) * len(view.key) <= _AT_ONCE
    for attention, hidden_mass in _layers(view) if together else _one_by_one(view):
        heads.append(attention if side is None else max_pooled(attention, side))
        hidden.append(hidden_mass)
        metrics.append(head_metrics(attention, view.query, view.key, paired=paired))
    family = (len(view.attending), view.heads)
    return (
        _in_place(view, np.concatenate(heads).reshape(*family, *heads[0].shape[1:]), 0),
        _in_place(view, np.concatenate(hidden).reshape(*family, -1), 0),
        _in_place(view, np.concatenate(metrics, axis=1).reshape(-1, *family), np.nan, axis=1),
    )


def _in_place(view: View, numbers: np.ndarray, empty: float, axis: int = 0) -> np.ndarray:
    """The layers that have attention at their numbers in the model, ``empty`` at the others."""
    if not view.others:
        return numbers
    shape = list(numbers.shape)
    shape[axis] = view.layers
    placed = np.full(shape, empty, dtype=numbers.dtype)
    placed[(slice(None),) * axis + (list(view.attending),)] = numbers
    return placed


def _layers(view: View) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(head, query, key) and (head, query) of every layer."""
    return (view.layer_and_hidden(layer) for layer in view.attending)


def _one_by_one(view: View) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(1, query, key) and (1, query) of every head."""
    for layer, head in itertools.product(view.attending, range(view.heads)):
        attention, hidden = view.head_and_hidden(layer, head)
        yield attention[None], hidden[None]


def max_pooled(maps: np.ndarray, side: int) -> np.ndarray:
    """(…, query, key) → (…, ≤ side, ≤ side): the largest weight of each block, so that a thin diagonal stays
    visible.
    """
    for axis in (-2, -1):
        size = maps.shape[axis]
        if size > side:
            starts = np.arange(side) * size // side
            maps = np.maximum.reduceat(maps, starts, axis=axis)
    return maps


def pack_attention(
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
    rows, columns = (exact_span(len(side), first) for side, first in zip((view.query, view.key), start, strict=True))
    attention, hidden = view.head_and_hidden(layer, head)
    several = list(dict.fromkeys([(layer, head), *beside]))
    blocks = {
        "exact": Block("f4", attention[slice(*rows), slice(*columns)]),
        "hidden": Block("f4", hidden[slice(*rows)]),
    }
    if len(several) > 1:
        blocks["mean"] = Block("f4", _mean(view, several)[slice(*rows), slice(*columns)])
    header = {
        "version": _VERSION,
        "layers": view.layers,
        **({"attending": view.attending} if view.others else {}),
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
    }
    detail = zlib.compress(section(header, blocks), ZLIB_LEVEL)
    body = b"" if heads is None or heads.name == known else heads.body
    return b"".join([MAGIC, struct.pack("<I", len(detail)), detail, struct.pack("<I", len(body)), body])


def _mean(view: View, heads: Sequence[tuple[int, int]]) -> np.ndarray:
    """Mean map of several heads, (query, key) float32.

    Raises:
        BadInput: no such layer or head.
    """
    total = np.zeros((len(view.query), len(view.key)), dtype=np.float32)
    for layer, head in heads:
        layer, head = checked_index(layer, view.layers, "layer"), checked_index(head, view.heads, "head")
        total += view.head_and_hidden(layer, head)[0].astype(np.float32)
    return total / np.float32(len(heads))


def exact_span(size: int, first: int) -> tuple[int, int]:
    """(start, stop) of what travels exactly along one axis: everything up to 512, else 256 positions inside it."""
    if size <= MAX_EXACT:
        return 0, size
    first = min(max(0, first), size - EXACT_WINDOW)
    return first, first + EXACT_WINDOW


def _side(side: Side, span: tuple[int, int]) -> dict[str, Any]:
    cut = slice(*span)
    return {
        "labels": [visible(label) for label in side.labels[cut]],
        "special": [int(x) for x in side.special[cut]],
        "unknown": [int(x) for x in side.unknown[cut]],
        "positions": [int(x) for x in side.positions[cut]],
        "opening": side.opening,
    }


def unpack_attention(packet: bytes) -> tuple[dict[str, Any], dict[str, Any] | None]:
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
    detail, heads = sections
    return read_section(zlib.decompress(detail)), read_section(zlib.decompress(heads)) if heads else None
