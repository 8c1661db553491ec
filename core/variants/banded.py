"""Attention over a `Pattern` without ever making the n × n matrix: time and memory O(n·(g + w + r·block)).

Queries go in blocks. For each block the keys that any of its queries may see are gathered: the global ones, the band
from w before its first query to w after its last, and its random blocks; scores are made against those alone, and what
a single query of the block may not see is masked. The rows of global tokens are computed against all keys, O(g·n).
Checked against dense masked attention (≤ 1e-6)."""

from __future__ import annotations

import torch
from torch import Tensor

from ..errors import BadInput
from .inputs import Inputs
from .patterns import Pattern


def banded_attention(inputs: Inputs, pattern: Pattern) -> Tensor:
    """Output (Q, D′) of the queries under the pattern.

    Raises:
        BadInput: a rectangle (cross-attention has no distance between its two texts), or a pattern of another length.
    """
    if inputs.size != (pattern.n, pattern.n):
        raise BadInput(
            "A pattern of {n} positions was asked of {queries} queries and {keys} keys; all three have to be equal.",
            n=pattern.n,
            queries=inputs.size[0],
            keys=inputs.size[1],
        )
    places, kinds = _gathered(pattern)
    missing = pattern.blocks * pattern.block - pattern.n
    query = torch.nn.functional.pad(inputs.query, (0, 0, 0, missing)).view(
        pattern.blocks, pattern.block, -1
    )  # (Q, D) → (B, b, D)
    key, value = inputs.key[places], inputs.value[places]  # (B, M, D)
    scores = query @ key.transpose(1, 2) * inputs.scaling  # (B, b, D) (B, D, M) → (B, b, M)
    scores.masked_fill_(~_open(pattern, places, kinds), float("-inf"))
    output = scores.softmax(-1) @ value  # (B, b, M) (B, M, D′) → (B, b, D′)
    output = output.reshape(-1, inputs.value.shape[1])[: pattern.n]  # → (Q, D′)
    return _global_rows(inputs, pattern, output)


def width(pattern: Pattern) -> int:
    """M: how many keys are gathered for each block of queries."""
    band = pattern.block + pattern.window * (1 if pattern.causal else 2)
    return len(pattern.globals) + band + pattern.random.shape[1] * pattern.block


def _gathered(pattern: Pattern) -> tuple[Tensor, Tensor]:
    """places (B, M): keys of each block, clamped into the text; kinds (B, M): 0 global, 1 band, 2 random, −1 beyond the
    text.
    """
    blocks, block, n = pattern.blocks, pattern.block, pattern.n
    starts = torch.arange(blocks)[:, None] * block
    band = starts + torch.arange(-pattern.window, block + (0 if pattern.causal else pattern.window))
    chosen = torch.tensor(pattern.globals, dtype=torch.long).expand(blocks, -1)
    drawn = torch.from_numpy(pattern.random).long()
    far = (drawn[:, :, None] * block + torch.arange(block)).masked_fill((drawn < 0)[:, :, None], -1).reshape(blocks, -1)
    places = torch.cat([chosen, band, far], 1)
    kinds = torch.cat([torch.full_like(part, kind) for kind, part in enumerate((chosen, band, far))], 1)
    return places.clamp(0, n - 1), kinds.masked_fill((places < 0) | (places >= n), -1)


def _open(pattern: Pattern, places: Tensor, kinds: Tensor) -> Tensor:
    """(B, b, M) bool: which gathered key each query of a block may see; each key is open at most once per query."""
    query = torch.arange(pattern.blocks * pattern.block).view(pattern.blocks, pattern.block, 1)
    key, kind = places[:, None], kinds[:, None]
    chosen = torch.zeros(pattern.n, dtype=torch.bool)
    chosen[list(pattern.globals)] = True
    everywhere = chosen[places][:, None]
    near = (key - query).abs() <= pattern.window
    open_cells = (kind == 0) | (~everywhere & (((kind == 1) & near) | ((kind == 2) & ~near)))
    return open_cells & (key <= query) if pattern.causal else open_cells


def _global_rows(inputs: Inputs, pattern: Pattern, output: Tensor) -> Tensor:
    """``output`` with the rows of the global tokens computed against every key (those before them, where causal)."""
    if not pattern.globals:
        return output
    rows = torch.tensor(pattern.globals)
    scores = inputs.query[rows] @ inputs.key.T * inputs.scaling  # (g, D) (D, K) → (g, K)
    if pattern.causal:
        scores.masked_fill_(torch.arange(pattern.n) > rows[:, None], float("-inf"))
    return output.index_copy(0, rows, scores.softmax(-1) @ inputs.value)
