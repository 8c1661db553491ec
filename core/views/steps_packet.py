"""The packet that carries the steps of one head to the browser: JSON and float32 blocks, not compressed.

    uint32 size of JSON | JSON, padded with spaces to a multiple of 4 | blocks, one after the other   (little-endian)

``JSON["blocks"]`` = {name: {"type": "f4", "shape", "at"}}, ``at`` in bytes after the JSON: a section of wire.py, read
by the same JavaScript. Blocks: q (dim,), keys (key, dim), values (key, dim′), scores, open (0 or 1), weights, bias
(key,), and, where they are known, input, q_made, q_normed, k_made, k_normed, concat, parts, written, before, added,
beside, after. Closed keys have score −∞. ``JSON["name"]`` is the digest of all but the options: what the browser holds
need not be read again. Not here: what is chosen (ui/components/steps.py), words (steps_texts.py)."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..analyses.steps import Origin, Steps
from ..text.tokens import Tokens
from ..text.vocabulary import visible

VERSION = 1


def pack(
    found: Steps,
    query: Tokens,
    key: Tokens,
    *,
    heads: int,
    texts: Mapping[str, str],
    missing: Mapping[str, str],
    options: Mapping[str, Any],
) -> bytes:
    """The packet of ``found``; ``missing``: why some steps cannot be shown, in the visitor's language."""
    blocks = _blocks(found)
    header = {
        "version": VERSION,
        "kind": found.kind,
        "layer": found.layer,
        "head": found.head,
        "heads": heads,
        "query": found.query,
        "rows": _side(query),
        "columns": _side(key),
        "scaling": found.scaling,
        "softcap": found.softcap,
        "sink": found.sink,
        "sink_share": found.sink_share,
        "reads_stream": found.reads_stream,
        "origins": {"q": _origin(found.q_origin), "k": _origin(found.k_origin)},
        "changed": found.residual is not None and found.residual.changed,
        "missing": dict(missing),
        "texts": dict(texts),
        "blocks": _table(blocks),
    }
    body = b"".join(block.astype("<f4").tobytes() for block in blocks.values())
    name = hashlib.blake2b(_json(header) + body, digest_size=8).hexdigest()
    text = _json({**header, "name": name, "options": dict(options)})
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + body


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _side(tokens: Tokens) -> dict[str, Sequence]:
    return {"labels": [visible(piece) for piece in tokens.pieces], "special": [int(x) for x in tokens.special]}


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    return None if origin is None else {"how": origin.how, "factor": origin.factor}


def _blocks(found: Steps) -> dict[str, np.ndarray]:
    """The arrays that there are, by name."""
    named: dict[str, np.ndarray | None] = {
        "q": found.q,
        "keys": found.keys,
        "values": found.values,
        "scores": found.scores,
        "open": found.open,
        "weights": found.weights,
        "bias": found.bias,
        "input": found.input,
        "concat": found.concat,
        "parts": found.parts,
        "written": found.written,
    }
    for name, origin in (("q", found.q_origin), ("k", found.k_origin)):
        if origin is not None:
            named |= {f"{name}_made": origin.vectors, f"{name}_normed": origin.normed}
    if (total := found.residual) is not None:
        named |= {"before": total.before, "added": total.added, "beside": total.beside, "after": total.after}
    return {name: array for name, array in named.items() if array is not None}


def _table(blocks: Mapping[str, np.ndarray]) -> dict[str, dict[str, Any]]:
    table, at = {}, 0
    for name, array in blocks.items():
        table[name] = {"type": "f4", "shape": list(array.shape), "at": at}
        at += 4 * array.size
    return table
