"""A trace as files: NPZ with every number. Pictures are exported where they are drawn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .axes import Kind
from .errors import BadFile
from .tokens import Tokens
from .trace import Trace


def arrays(trace: Trace) -> dict[str, np.ndarray]:
    """Everything in a trace as named arrays.

    ``pieces`` (and ``words``, ``special``; ``target_pieces`` … for encoder–decoders); ``layers``: number of layers;
    per kind and layer ``attention_0``, ``query_0``, ``key_0``, ``value_0``: (head, query, key) or (head, position, dim)
    float32, with the kind in the name where there is more than one (``cross_attention_0``); ``logits``; ``meta``: JSON.
    """
    found: dict[str, np.ndarray] = {
        **_labels("", trace.tokens),
        **(_labels("target_", trace.target) if trace.target else {}),
    }
    for kind in trace.kinds:
        prefix = "" if len(trace.kinds) == 1 else f"{kind}_"
        found[prefix + "layers"] = np.array(trace.layers(kind))
        for layer in range(trace.layers(kind)):
            found[f"{prefix}attention_{layer}"] = trace.layer_attention(layer, kind)
            found |= _vectors(trace, layer, kind, prefix)
    if trace.logits is not None:
        found["logits"] = trace.logits
    found["meta"] = np.array(json.dumps(meta(trace), ensure_ascii=False))
    return found


def meta(trace: Trace) -> dict:
    """Provenance and shapes of a trace, ready for JSON."""
    return {
        "text": trace.text,
        "target_text": trace.target.text if trace.target else None,
        "target_generated": trace.generated,
        "target_cut": trace.cut,
        "kinds": list(trace.kinds),
        "layers": {kind: trace.layers(kind) for kind in trace.kinds},
        "heads": {kind: trace.heads(kind) for kind in trace.kinds},
        "axes": {"attention": ["head", "query", "key"], "vectors": ["head", "position", "dim"]},
        **trace.provenance.as_dict(),
    }


def save_npz(trace: Trace, path: str | Path) -> Path:
    """Write ``arrays(trace)`` to a compressed .npz; returns the path written.

    Raises:
        BadFile: the path cannot be written.
    """
    path = Path(path)
    try:
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays(trace))
    except OSError as error:
        raise BadFile(
            "The file “{path}” cannot be written: {detail}", path=path, detail=error.strerror or error
        ) from error
    return path


def _labels(prefix: str, tokens: Tokens) -> dict[str, np.ndarray]:
    return {
        f"{prefix}pieces": np.array(tokens.pieces),
        f"{prefix}words": np.array(tokens.words),
        f"{prefix}special": np.array(tokens.special),
        f"{prefix}word_of": np.array(tokens.word_of),
        f"{prefix}ids": np.array(tokens.ids),
    }


def _vectors(trace: Trace, layer: int, kind: Kind, prefix: str) -> dict[str, np.ndarray]:
    """Queries, keys and values of a layer; empty for models that do not show them."""
    if trace.record(layer, kind).query is None:
        return {}
    heads = range(trace.heads(kind))
    readers = {"query": trace.query, "key": trace.key, "value": trace.value}
    return {
        f"{prefix}{name}_{layer}": np.stack([read(layer, head, kind) for head in heads])
        for name, read in readers.items()
    }
