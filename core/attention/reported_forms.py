"""Maps that a family reports in a form of its own, brought to tokens: (head, query, key), rows sum to 1.

    scores      SqueezeBERT reports what enters the softmax: the softmax is taken here
    window      Longformer, and the encoder of LED: row i has the 2w + 1 keys from i − w to i + w as its columns
    blocks      the encoder of LongT5: queries in blocks of L, keys of a block and its neighbours; with transient-global
                attention also summaries of the text, which are no tokens
    grid        SAM's encoder of pictures: windows of w × w patches in most layers, all patches in the others

Each form also says what a position that looks at itself alone looks like in it (core/models/mixing.py closes edges by
that), and what a share of its rows goes to that is no position. Formulas: the modelling files of transformers 5.23;
tests compare each with an attention computed by hand. Not inside: which families are refused (families.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedConfig

from ..axes import KINDS, Kind
from ..errors import Message
from .families import both_sides


@dataclass(frozen=True)
class Form:
    """tokens: (reported, n tokens) → (1, head, query, key). alone: result of a softmax → the same with every position
    looking at itself alone, or None where the softmax is not one of this form. elsewhere: what a share of a row goes to
    that is no position (a msgid); "" where rows sum to 1. mixes: that share brings what stands at other positions.
    """

    tokens: Callable[[Tensor, int], Tensor]
    alone: Callable[[Tensor], Tensor | None] = lambda weights: None
    elsewhere: str = ""
    mixes: bool = False


def form_of(config: PreTrainedConfig, kind: Kind) -> Form | None:
    """The form in which a family reports a kind of attention; None where it reports maps of tokens."""
    form = _FORMS.get(config.model_type, {}).get(kind)
    return form if form is None or isinstance(form, Form) else form(config)


def forms_of(config: PreTrainedConfig) -> tuple[Form, ...]:
    """The forms of all kinds of attention of a family; empty where it reports maps of tokens."""
    return tuple(form for kind in KINDS if (form := form_of(config, kind)) is not None)


_SUMMARIES = Message("summaries of blocks of words")
_BEYOND = Message("places beyond the picture’s edge")


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
    """(1, block, head, L, 3L + summaries) → (1, head, query, key): key k of block b is token (b − 1)·L + k."""
    _, blocks, heads, length, _ = reported.shape
    maps = reported.new_zeros(1, heads, blocks * length, (blocks + 2) * length)
    for block in range(blocks):
        rows = slice(block * length, (block + 1) * length)
        maps[:, :, rows, block * length : (block + 3) * length] = reported[:, block, :, :, : 3 * length]
    return maps[:, :, :n, length : length + n]


def _block_alone(weights: Tensor) -> Tensor | None:
    """(1, block, head, L, 3L + summaries): each query on its own place in the middle block."""
    if weights.ndim != 5 or weights.shape[-1] < 3 * weights.shape[-2]:
        return None
    length = weights.shape[-2]
    alone = torch.zeros_like(weights)
    alone[..., torch.arange(length), torch.arange(length) + length] = 1
    return alone


def _blocks(config: PreTrainedConfig) -> Form:
    """The form of LongT5's encoder, with or without the summaries of transient-global attention."""
    if config.encoder_attention_type == "local":
        return Form(_block_tokens, _block_alone)
    return Form(_block_tokens, _block_alone, elsewhere=_SUMMARIES.template, mixes=True)


def _grid(config: PreTrainedConfig) -> Form:
    """The form of SAM's encoder. It reads pictures of one size only, so its configuration says how windows lie."""
    (height, width), (row, column) = both_sides(config.image_size), both_sides(config.patch_size)
    grid, heads, side = (height // row, width // column), config.num_attention_heads, config.window_size
    layers = set(range(config.num_hidden_layers)) - set(config.global_attn_indexes)
    beyond = bool(side and layers and (grid[0] % side or grid[1] % side))

    def patches(reported: Tensor, n: int) -> Tensor:
        return _grid_tokens(reported, heads, grid)

    return Form(patches, _square_alone, elsewhere=_BEYOND.template if beyond else "")


def _grid_tokens(reported: Tensor, heads: int, grid: tuple[int, int]) -> Tensor:
    """(window · head, w², w²) → (1, head, patch, patch): windows of w × w patches, row by row; patches of different
    windows weigh nothing to each other, and what the last windows hold beyond the picture is left out. A layer of all
    patches, (head, patch, patch), is as it is.
    """
    (rows, columns), cells = grid, reported.shape[-1]
    if tuple(reported.shape) == (heads, rows * columns, rows * columns):
        return reported[None]
    side = math.isqrt(cells)
    down, across = -(-rows // side), -(-columns // side)
    patch_at = torch.full((down * side, across * side), -1)
    patch_at[:rows, :columns] = torch.arange(rows * columns).reshape(rows, columns)
    windows = patch_at.reshape(down, side, across, side).permute(0, 2, 1, 3).reshape(down * across, cells)
    maps = reported.new_zeros(1, heads, rows * columns, rows * columns)
    for patches, weights in zip(windows, reported.unflatten(0, (down * across, heads)), strict=True):
        inside = patches >= 0
        patch = patches[inside]
        maps[0][:, patch[:, None], patch] = weights[:, inside][:, :, inside]
    return maps


def _square_alone(weights: Tensor) -> Tensor | None:
    """(window · head, w², w²): the identity."""
    if weights.ndim != 3 or weights.shape[-1] != weights.shape[-2]:
        return None
    return torch.eye(weights.shape[-1]).to(weights).expand_as(weights).clone()


SCORES = Form(_softmaxed)
"""Of a family that reports what enters the softmax."""
_WINDOW = Form(_window_tokens, _window_alone)
_FORMS: Mapping[str, Mapping[Kind, Form | Callable[[PreTrainedConfig], Form]]] = {
    "squeezebert": {"self": SCORES},
    "longformer": {"self": _WINDOW},
    "led": {"encoder": _WINDOW},
    "longt5": {"encoder": _blocks},
    "sam_vision_model": {"self": _grid},
    "sam_hq_vision_model": {"self": _grid},
}
