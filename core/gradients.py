"""Gradient × attention: how a number of the model's would change, to first order, if a weight grew (Chefer et al. 2021, without the relu).

    A[l,h,i,j]·∂m/∂A[l,h,i,j] = A[l,h,i,j]·(g[l,h,i]·v[l,h,j]),  g = ∂m/∂(output of head h of layer l at position i)

The gradient of a weight follows from that of the head's output, so a run notes only outputs (edits.Tap), never n² weights. Signed: positive
where the weight holds the number up. Not here: which number (coreference/stakes.py), relevance through layers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from .axes import Kind
from .captures import check_length, run
from .edits import Tap
from .errors import UnsupportedModel
from .models import LanguageModel
from .tokens import encode

Score = Callable[[Tensor], Tensor]
"""(position, vocab) logits → the one number (a tensor without axes) whose gradient is asked for."""


def gradient_times_attention(lm: LanguageModel, text: str, query: int, score: Score, kind: Kind = "self") -> np.ndarray:
    """(layer, head, key) float32, in the unit of the score: the row of position ``query`` of every head.

    Raises:
        UnsupportedModel: no prediction head, an encoder–decoder, or a model whose attention cannot be edited. TooLong: as core.capture.
    """
    if not lm.has_head or lm.kind == "encoder-decoder":
        raise UnsupportedModel("“{name}” predicts no word of this text, so no gradient of one can be asked for.", name=lm.name)
    tokens = encode(lm.tokenizer, text)
    check_length(lm, tokens)
    ids = torch.tensor([tokens.ids], device=lm.device)
    tap = Tap()
    output, records = run(lm, {"input_ids": ids, "attention_mask": torch.ones_like(ids)}, (tap,), gradients=True)
    gradients = torch.autograd.grad(score(output.logits[0].float()), tap.outputs)
    with torch.no_grad():
        return np.stack([_row(record, gradient[query], query) for record, gradient in zip(records[kind], gradients, strict=True)])


def _row(record, gradient: Tensor, query: int) -> np.ndarray:
    """(head, key): the row of one layer, from (head, dim) gradients of its heads' outputs there."""
    rows = record.rows([query])[:, 0]  # (head, key)
    pulls = torch.stack([record.value[record.shared(head)] @ gradient[head] for head in range(record.heads)])
    return (rows * pulls).detach().numpy()
