"""The packet that carries the steps of one head to the browser: one section (packet.py) of float32 blocks, not
compressed.

Blocks: q (dim,), keys (key, dim), values (key, dim′), scores, open (0 or 1), weights, bias (key,), and, where they are
known, input, q_made, q_normed, k_made, k_normed, concat, parts, written, before, added, beside, after. Closed keys have
score −∞. Inside: `pack_steps`. Not inside: what is chosen (ui/components/steps.py), words
(ui/components/steps_texts.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..analyses.steps import Origin, Steps
from ..text.tokens import Tokens
from ..text.vocabulary import visible
from .packet import Block, named_section

_VERSION = 1


def pack_steps(
    steps: Steps,
    query: Tokens,
    key: Tokens,
    *,
    heads: int,
    texts: Mapping[str, str],
    missing: Mapping[str, str],
    options: Mapping[str, Any],
) -> bytes:
    """The packet of ``steps``; ``missing``: why some steps cannot be shown, in the visitor's language."""
    header = {
        "version": _VERSION,
        "kind": steps.kind,
        "layer": steps.layer,
        "head": steps.head,
        "heads": heads,
        "query": steps.query,
        "rows": _side(query),
        "columns": _side(key),
        "scaling": steps.scaling,
        "softcap": steps.softcap,
        "sink": steps.sink,
        "sink_share": steps.sink_share,
        "reads_stream": steps.reads_stream,
        "origins": {"q": _origin(steps.q_origin), "k": _origin(steps.k_origin)},
        "changed": steps.residual is not None and steps.residual.changed,
        "missing": dict(missing),
        "texts": dict(texts),
    }
    blocks = {name: Block("f4", array) for name, array in _arrays(steps).items()}
    return named_section(header, blocks, options=options)


def _side(tokens: Tokens) -> dict[str, Sequence]:
    return {"labels": [visible(piece) for piece in tokens.pieces], "special": [int(x) for x in tokens.special]}


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    return None if origin is None else {"how": origin.how, "factor": origin.factor}


def _arrays(steps: Steps) -> dict[str, np.ndarray]:
    """The arrays of the steps that are known, by the name of their block."""
    named: dict[str, np.ndarray | None] = {
        "q": steps.q,
        "keys": steps.keys,
        "values": steps.values,
        "scores": steps.scores,
        "open": steps.open,
        "weights": steps.weights,
        "bias": steps.bias,
        "input": steps.input,
        "concat": steps.concat,
        "parts": steps.parts,
        "written": steps.written,
    }
    for name, origin in (("q", steps.q_origin), ("k", steps.k_origin)):
        if origin is not None:
            named |= {f"{name}_made": origin.vectors, f"{name}_normed": origin.normed}
    if (total := steps.residual) is not None:
        named |= {"before": total.before, "added": total.added, "beside": total.beside, "after": total.after}
    return {name: array for name, array in named.items() if array is not None}
