"""Maps that a family reports in a form of its own, brought to tokens: (head, query, key), rows sum to 1.

    scores      SqueezeBERT reports what enters the softmax: the softmax is taken here
    window      Longformer, and the encoder of LED: row i has the 2w + 1 keys from i − w to i + w as its columns
    blocks      the encoder of LongT5 with local attention: queries in blocks of L, keys of a block and its neighbours

Each form also says what a position that looks at itself alone looks like in it (core/models/mixing.py closes edges by
that). Formulas: the modelling files of transformers 5.23; tests compare each with an attention computed by hand. Not
inside: which families are refused (families.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedConfig

from ..axes import Kind


@dataclass(frozen=True)
class Form:
    """tokens: (reported, n tokens) → (1, head, query, key). alone: result of a softmax → the same with every position
    looking at itself alone, or None where the softmax is not one of this form.
    """

    tokens: Callable[[Tensor, int], Tensor]
    alone: Callable[[Tensor], Tensor | None] = lambda weights: None


def form_of(config: PreTrainedConfig, kind: Kind) -> Form | None:
    """The form in which a family reports a kind of attention; None where it reports maps of tokens."""
    return _FORMS.get(config.model_type, {}).get(kind)


def _softmaxed(scores: Tensor, n: int) -> Tensor:
    """(1, head, query, key) scores → weights."""
    return scores.softmax(dim=-1)


def _window_tokens(reported: Tensor, n: int) -> Tensor:
    """(1, head, query, 2w + 1) → (1, head, query, key): column c of row i is key i + c − w; what lies outside the text
    weighs nothing.
    """
    width = reported.shape[-1]
    keys = torch.arange(n)[:, None] + torch.arange(width)[None] - width // 2  # (query, column)
    inside = (keys >= 0) & (keys < n)
    maps = reported.new_zeros(*reported.shape[:2], n, n)
    weights = torch.where(inside.to(reported.device), reported[..., :n, :], reported.new_zeros(()))
    return maps.scatter_add(-1, keys.clamp(0, n - 1).to(reported.device).expand_as(weights), weights)


def _window_alone(weights: Tensor) -> Tensor | None:
    """(1, position, head, 2w + 1): all on the middle column."""
    if weights.ndim != 4 or weights.shape[-1] % 2 == 0:
        return None
    alone = torch.zeros_like(weights)
    alone[..., weights.shape[-1] // 2] = 1
    return alone


def _block_tokens(reported: Tensor, n: int) -> Tensor:
    """(1, block, head, L, 3L) → (1, head, query, key): key k of block b is token (b − 1)·L + k."""
    _, blocks, heads, length, _ = reported.shape
    maps = reported.new_zeros(1, heads, blocks * length, (blocks + 2) * length)
    for block in range(blocks):
        rows = slice(block * length, (block + 1) * length)
        maps[:, :, rows, block * length : (block + 3) * length] = reported[:, block]
    return maps[:, :, :n, length : length + n]


def _block_alone(weights: Tensor) -> Tensor | None:
    """(1, block, head, L, 3L): each query on its own place in the middle block."""
    if weights.ndim != 5 or weights.shape[-1] != 3 * weights.shape[-2]:
        return None
    length = weights.shape[-2]
    alone = torch.zeros_like(weights)
    alone[..., torch.arange(length), torch.arange(length) + length] = 1
    return alone


SCORES = Form(_softmaxed)
"""Of a family that reports what enters the softmax."""
_WINDOW = Form(_window_tokens, _window_alone)
_FORMS: Mapping[str, Mapping[Kind, Form]] = {
    "squeezebert": {"self": SCORES},
    "longformer": {"self": _WINDOW},
    "led": {"encoder": _WINDOW},
    "longt5": {"encoder": Form(_block_tokens, _block_alone)},
}
