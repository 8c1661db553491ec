"""What each position gives to each other in one layer: the size of what is written into the residual stream (Kobayashi et al. 2021).

    r[i, j] = Σ_h A_h[i, j]·v_j·W_O^h + [i = j]·x_i          share[i, j] = ‖r[i, j]‖ / Σ_j ‖r[i, j]‖

x_i is the residual stream before the attention, so a position's own share holds what it keeps and what it fetches from itself. The
bias of W_O comes from no position and is left out of the shares; with it the parts must sum to what W_O gave and to what is added to
the stream (some families put a norm or a factor between the two), or the model is refused. Not here: the norm after the sum (post-norm models) and the feed-forward block, which work on one position at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .around import Around, around
from .axes import Kind
from .errors import BadInput, UnsupportedModel
from .models import LanguageModel
from .projection import output_matrix
from .trace import Trace

CHUNK = 2**22  # numbers of r held at once: 16 MB, which a processor's cache likes best (measured: 2**18 takes four times as long)


@dataclass(frozen=True, eq=False)
class Contributions:
    """shares (layer, query, key) float32, 0 … 1, rows sum to 1. error: largest difference of parts + bias from W_O's output, relative to its largest number."""

    shares: np.ndarray
    error: float


def contributions(lm: LanguageModel, trace: Trace, kind: Kind | None = None) -> Contributions:
    """The shares of every layer of one stack. Costs one forward per layer, and heads × query × key × model products each.

    Raises:
        BadInput: cross-attention, whose keys are not positions of the same stream.
        UnsupportedModel: a model outside the seam, or one whose W_O or residual sum is not known.
    """
    kind = trace.checked_kind(kind)
    if kind == "cross":
        raise BadInput("Cross-attention joins two texts: what it brings has no residual stream of its own. Choose the encoder or the decoder.")
    found = [_layer(lm, trace, layer, kind) for layer in range(trace.layers(kind))]
    return Contributions(np.stack([shares for shares, _ in found]), max(error for _, error in found))


def parts(found: Around, matrix: np.ndarray) -> Iterator[tuple[range, Tensor]]:
    """(queries, (query, key, model)) in chunks: Σ_h A_h[i, j]·v_j·W_O^h, without the residual; ``matrix`` (head, dim, model)."""
    record = found.record
    values = torch.stack([record.value[record.shared(head)] for head in range(record.heads)])  # (head, key, dim)
    moved = torch.einsum("hkd,hdm->hkm", values, torch.from_numpy(matrix))
    step = max(1, CHUNK // max(1, moved.shape[1] * moved.shape[2]))
    for first in range(0, record.size[0], step):
        rows = range(first, min(first + step, record.size[0]))
        yield rows, torch.einsum("hqk,hkm->qkm", record.rows(rows), moved)


def seconds(lm: LanguageModel, trace: Trace, kind: Kind) -> float:
    """What ``contributions`` takes on one core, roughly. Measured on a BERT-base shape with 15 to 302 tokens: 50 billion products a second in
    the forwards (never less than for 30 tokens: the weights have to be read), 3 billion in splitting them by position."""
    layers, (queries, keys) = trace.layers(kind), trace.record(0, kind).size
    width = getattr(lm.model.config.get_text_config(), "hidden_size", 0)
    return layers * (lm.parameters * (queries + 30) / 5e10 + trace.heads(kind) * queries * keys * width / 3e9)


def _layer(lm: LanguageModel, trace: Trace, layer: int, kind: Kind) -> tuple[np.ndarray, float]:
    """(shares of one layer, error)."""
    found = around(lm, trace, layer, kind)
    if found.output is None or found.residual is None:
        raise _refusal(lm)
    shares, given = torch.empty(found.record.size), torch.empty_like(found.output.gave)
    for rows, own in parts(found, output_matrix(lm, layer, kind)):
        given[rows.start : rows.stop] = own.sum(1)
        here = list(rows)
        own[range(len(here)), here] += found.residual.before[here]
        norms = own.norm(dim=-1)
        shares[rows.start : rows.stop] = norms / norms.sum(-1, keepdim=True).clamp_min(1e-30)
    bias = 0 if found.output.bias is None else found.output.bias.detach().float().cpu()
    largest = max(1.0, float(found.output.gave.abs().max()))
    error = max(float((given + bias - one).abs().max()) for one in (found.output.gave, found.residual.added)) / largest
    if not error <= (1e-4 if lm.dtype == torch.float32 else 3e-2):
        raise _refusal(lm)
    return shares.numpy(), error


def _refusal(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "What the attention of “{name}” adds to its residual stream could not be split by position exactly, so its flow is not drawn. "
        "Its maps are in Explore.", name=lm.name,
    )  # fmt: skip
