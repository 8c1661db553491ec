"""A trace as a file of arrays: NPZ or safetensors, with queries, keys, values and attention of every head.

Both hold the same arrays under the same names (`arrays`). Safetensors has no strings: there, labels and ``meta`` travel
as JSON in its metadata, read with ``safetensors.safe_open(path, "np").metadata()``. Not inside: one head for a
spreadsheet (`numbers`)."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save as to_safetensors

from ..axes import Kind
from ..errors import BadFile
from ..text.tokens import Tokens
from ..tracing.trace import Trace
from .provenance import record


def arrays(trace: Trace) -> dict[str, np.ndarray]:
    """Everything in a trace as named arrays.

    ``pieces`` (and ``words``, ``special``; ``target_pieces`` … for encoder–decoders); ``layers``: number of layers;
    per kind and layer that has attention ``attention_0``, ``query_0``, ``key_0``, ``value_0``: (head, query, key) or
    (head, position, dim) float32, with the kind in the name where there is more than one (``cross_attention_0``);
    ``logits``; ``meta``: JSON.
    """
    named: dict[str, np.ndarray] = {
        **_labels("", trace.tokens),
        **(_labels("target_", trace.target) if trace.target else {}),
    }
    for kind in trace.kinds:
        prefix = "" if len(trace.kinds) == 1 else f"{kind}_"
        named[prefix + "layers"] = np.array(trace.layers(kind))
        for layer in trace.attending(kind):
            named[f"{prefix}attention_{layer}"] = trace.layer_attention(layer, kind)
            named |= _vectors(trace, layer, kind, prefix)
    if trace.logits is not None:
        named["logits"] = trace.logits
    named["meta"] = np.array(json.dumps(meta(trace), ensure_ascii=False))
    return named


def meta(trace: Trace) -> dict:
    """Provenance and shapes of a trace, ready for JSON."""
    return {
        **record(trace),
        "text": trace.text,
        "target_text": trace.target.text if trace.target else None,
        "target_cut": trace.cut,
        "kinds": list(trace.kinds),
        "layers": {kind: trace.layers(kind) for kind in trace.kinds},
        "without_attention": {kind: others for kind in trace.kinds if (others := trace.others(kind))},
        "heads": {kind: trace.heads(kind) for kind in trace.kinds},
        "axes": {"attention": ["head", "query", "key"], "vectors": ["head", "position", "dim"]},
    }


def npz_bytes(trace: Trace) -> bytes:
    """``arrays(trace)`` as a compressed .npz."""
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays(trace))
    return out.getvalue()


def safetensors_bytes(trace: Trace) -> bytes:
    """The numbers of ``arrays(trace)`` as tensors; its strings, as JSON, in the metadata under the same names."""
    named = arrays(trace)
    texts = {name: values for name, values in named.items() if values.dtype.kind == "U"}
    tensors = {name: np.ascontiguousarray(values) for name, values in named.items() if name not in texts}
    metadata = {
        name: values.item() if name == "meta" else json.dumps(values.tolist(), ensure_ascii=False)
        for name, values in texts.items()
    }
    return to_safetensors(tensors, metadata={"format": "np", **metadata})


def save(trace: Trace, path: str | Path) -> Path:
    """Write a trace as its suffix says: .safetensors, else NPZ. Returns the path written.

    Raises:
        BadFile: the path cannot be written.
    """
    make = safetensors_bytes if Path(path).suffix == ".safetensors" else npz_bytes
    return write_file(path, make(trace))


def save_npz(trace: Trace, path: str | Path) -> Path:
    """Write ``arrays(trace)`` to a compressed .npz; returns the path written.

    Raises:
        BadFile: the path cannot be written.
    """
    return write_file(path, npz_bytes(trace))


def save_safetensors(trace: Trace, path: str | Path) -> Path:
    """Write ``safetensors_bytes(trace)``; returns the path written.

    Raises:
        BadFile: the path cannot be written.
    """
    return write_file(path, safetensors_bytes(trace))


def write_file(path: str | Path, data: bytes) -> Path:
    """Write a file of ours; returns its path.

    Raises:
        BadFile: the path cannot be written.
    """
    path = Path(path)
    try:
        path.write_bytes(data)
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
    if trace.record(layer, kind).vectors is None:
        return {}
    heads = range(trace.heads(kind))
    vector_of = {"query": trace.query, "key": trace.key, "value": trace.value}
    return {
        f"{prefix}{name}_{layer}": np.stack([vectors(layer, head, kind) for head in heads])
        for name, vectors in vector_of.items()
    }
