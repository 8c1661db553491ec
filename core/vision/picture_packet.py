"""The packet that carries one layer's attention over a picture to the browser: one section (core/views/packet.py) of
raw pixels and weights of 16 bits, not compressed, its blocks one right after the other.

Blocks: picture u1 (row, column, 3); maps u2 (panel, row, key), 65535 standing for 1. Panels: the heads of the layer,
then "rollout" and "even" (rollout of attention spread evenly). All rows travel while they fit into MAX_MAP_BYTES, so
that choosing a patch needs no message; of a larger map only those of ``rows``. Inside: `pack_picture`. Not inside:
words, what is chosen (ui/components/patches.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..axes import checked_index
from ..views.packet import Block, levels, named_section
from .captures import PictureRun

_VERSION = 1
MAX_MAP_BYTES = 4 * 2**20


def pack_picture(
    run: PictureRun,
    layer: int,
    query: int,
    *,
    question: str,
    texts: Mapping[str, str],
    options: Mapping[str, Any],
    cells: Mapping[str, Any] | None = None,
    target: Sequence[int] = (),
) -> bytes:
    """The packet of one layer of a run. question: what the visitor looks for in the picture, empty for nothing. query:
    the position whose row must travel. cells: {side, shares, truth} of an answer that is a cell; target: patches (from
    0, row by row) on which the thing looked for lies, where that is known."""
    rows = _rows(run, query)
    header = {
        "version": _VERSION,
        "layer": layer,
        "layers": run.trace.layers(),
        "heads": run.trace.heads(),
        "grid": list(run.grid),
        "prefix": list(run.trace.tokens.pieces[: run.prefix]),
        "rows": rows,
        "question": question,
        "cells": cells,
        "target": list(target),
        "texts": dict(texts),
    }
    maps = levels(_maps(run, layer, rows), 65535)
    blocks = {"picture": Block("u1", run.picture), "maps": Block("u2", maps)}
    return named_section(header, blocks, options=options, align=1)


def _rows(run: PictureRun, query: int) -> list[int] | None:
    """Positions whose rows travel; None for all of them."""
    n = len(run.trace.tokens)
    query = checked_index(query, n, "position")
    return None if 2 * n * n * (run.trace.heads() + 2) <= MAX_MAP_BYTES else sorted({*range(run.prefix), query})


def _maps(run: PictureRun, layer: int, rows: list[int] | None) -> np.ndarray:
    """(panel, row, key) float32, 0 … 1."""
    positions = list(range(len(run.trace.tokens))) if rows is None else rows
    return np.concatenate([run.trace.record(layer).rows(positions).numpy(), np.stack(run.rollout)[:, positions]])
