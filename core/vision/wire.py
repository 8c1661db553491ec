"""The packet that carries one layer's attention over a picture to the browser: JSON, raw pixels, and weights of 16
bits; not compressed.

    uint32 size of JSON | JSON, padded with spaces to a multiple of 4 | blocks, one after the other   (little-endian)

A section as of wire.py, read by the same JavaScript. Blocks: picture u1 (row, column, 3); maps u2 (panel, row, key) in
two planes, high bytes first, 65535 standing for 1. Panels: the heads of the layer, then "rollout" and "even" (rollout
of attention spread evenly). All rows travel while they fit into MOST bytes, so that choosing a patch needs no message;
of a larger map only those of ``rows``. Not here: words, what is chosen."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..axes import checked_index
from .captures import Seen

VERSION = 1
MOST = 4 * 2**20  # bytes of maps
FULL = 65535  # stands for 1


def pack(
    seen: Seen,
    layer: int,
    query: int,
    *,
    question: str,
    texts: Mapping[str, str],
    options: Mapping[str, Any],
    cells: Mapping[str, Any] | None = None,
    target: Sequence[int] = (),
) -> bytes:
    """The packet of one layer. question: what was asked, empty for nothing. query: the position whose row must travel.
    cells: {side, shares, truth} of an answer that is a cell; target: patches (from 0, row by row) on which the thing
    looked for lies, where that is known."""
    rows = _rows(seen, query)
    maps = _maps(seen, layer, rows)
    header = {
        "version": VERSION,
        "layer": layer,
        "layers": seen.trace.layers(),
        "heads": seen.trace.heads(),
        "grid": list(seen.grid),
        "prefix": list(seen.trace.tokens.pieces[: seen.prefix]),
        "rows": rows,
        "question": question,
        "cells": cells,
        "target": list(target),
        "texts": dict(texts),
        "blocks": {
            "picture": {"type": "u1", "shape": list(seen.picture.shape), "at": 0},
            "maps": {"type": "u2", "shape": list(maps.shape), "at": seen.picture.size},
        },
    }
    body = seen.picture.tobytes() + _planes(maps)
    name = hashlib.blake2b(_json(header) + body, digest_size=8).hexdigest()
    text = _json({**header, "name": name, "options": dict(options)})
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + body


def _rows(seen: Seen, query: int) -> list[int] | None:
    """Positions whose rows travel; None for all of them."""
    n = len(seen.trace.tokens)
    query = checked_index(query, n, "position")
    return None if 2 * n * n * (seen.trace.heads() + 2) <= MOST else sorted({*range(seen.prefix), query})


def _maps(seen: Seen, layer: int, rows: list[int] | None) -> np.ndarray:
    """(panel, row, key) float64, 0 … 1."""
    kept = list(range(len(seen.trace.tokens))) if rows is None else rows
    return np.concatenate([seen.trace.record(layer).rows(kept).numpy(), np.stack(seen.rollout)[:, kept]])


def _planes(maps: np.ndarray) -> bytes:
    """High bytes of all weights, then low bytes."""
    whole = np.round(np.clip(maps, 0, 1) * FULL).astype(np.uint16).ravel()
    return (whole >> 8).astype(np.uint8).tobytes() + (whole & 255).astype(np.uint8).tobytes()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
