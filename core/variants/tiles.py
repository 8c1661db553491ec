"""FlashAttention, step by step: exact attention that walks over the score matrix in tiles and keeps two numbers per row
(Dao et al. 2022; Dao 2023).

For one tile of scores x, of the rows it touches, with the running maximum m and sum s and the unfinished output o::

    m′ = max(m, max x)
        s′ = s·e^{m − m′} + Σ e^{x − m′}      o′ = o·e^{m − m′} + e^{x − m′}·V        at the end O = o / s

The n × n matrix is never held: one tile, and O(n) numbers. Rows go outside, columns inside (as FlashAttention-2); where
causal, tiles that lie wholly after their queries are skipped. `moved` counts what crosses between the large memory and
the small fast one. Not here: a fast kernel (exact.fused is one)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import BadInput
from ..tracing.memory import FLOAT_BYTES
from .inputs import Inputs


@dataclass(frozen=True)
class Walk:
    """The tiles of a (Q, K) matrix in their order; rows × columns: the size of a tile."""

    size: tuple[int, int]
    rows: int
    columns: int
    causal: bool = False

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise BadInput(
                "A tile needs at least one row and one column; {rows} × {columns} were asked for.",
                rows=self.rows,
                columns=self.columns,
            )

    def tiles(self) -> list[tuple[slice, slice]]:
        """(rows, columns) of every tile, row blocks outside."""
        n, m = self.size
        tiles = [
            (slice(i, min(n, i + self.rows)), slice(j, min(m, j + self.columns)))
            for i in range(0, n, self.rows)
            for j in range(0, m, self.columns)
        ]
        return [(rows, columns) for rows, columns in tiles if not self.causal or columns.start < rows.stop]


@dataclass(frozen=True, eq=False)
class Touched:
    """What one tile did to its rows: max and sum before and after, (rows,), and factor = e^{m − m′}, by which what was
    gathered is rescaled.
    """

    rows: slice
    columns: slice
    max_before: Tensor
    max_after: Tensor
    sum_before: Tensor
    sum_after: Tensor
    factor: Tensor


@dataclass(frozen=True, eq=False)
class State:
    """After ``done`` tiles: running max (Q,), sum (Q,), unfinished output (Q, D′), and what the last tile did (None
    before the first).
    """

    walk: Walk
    done: int
    max: Tensor
    sum: Tensor
    gathered: Tensor
    last: Touched | None

    @property
    def output(self) -> Tensor:
        """(Q, D′): O for rows that are finished, what it would be by now for others, 0 for rows not yet begun."""
        return self.gathered / self.sum.clamp_min(torch.finfo(self.sum.dtype).tiny)[:, None]


def walk_tiles(inputs: Inputs, walk: Walk, steps: int | None = None) -> State:
    """The first ``steps`` tiles (all of them: None).

    Raises:
        BadInput: a walk over a matrix of another size.
    """
    if walk.size != inputs.size:
        raise BadInput(
            "The tiles are of a matrix of {rows} × {columns}; there are {queries} queries and {keys} keys.",
            rows=walk.size[0],
            columns=walk.size[1],
            queries=inputs.size[0],
            keys=inputs.size[1],
        )
    n, dtype = inputs.size[0], inputs.query.dtype
    state = State(
        walk,
        0,
        torch.full((n,), float("-inf"), dtype=dtype),
        torch.zeros(n, dtype=dtype),
        torch.zeros(n, inputs.value.shape[1], dtype=dtype),
        None,
    )
    tiles = walk.tiles()[:steps]
    last = None
    for rows, columns in tiles:
        last = _touch(inputs, walk, state, rows, columns)
    return State(walk, len(tiles), state.max, state.sum, state.gathered, last)


def tile_weights(inputs: Inputs, state: State) -> Tensor:
    """(Q, K): e^{x − m}/s of the cells walked over, by the running m and s; NaN where no tile was yet. For showing: the
    algorithm has forgotten them.
    """
    weights = torch.full(inputs.size, float("nan"), dtype=inputs.query.dtype)
    for rows, columns in state.walk.tiles()[: state.done]:
        weights[rows, columns] = (_scores(inputs, state.walk, rows, columns) - state.max[rows, None]).exp() / state.sum[
            rows, None
        ]
    return weights


def bytes_moved(walk: Walk, dims: tuple[int, int], done: int | None = None) -> int:
    """Bytes between the memories after ``done`` tiles: Q once per row block, K and V once per tile, O and one number
    per row when a block is finished.
    """
    dim, value_dim = dims
    tiles = walk.tiles()
    total, reached = 0, tiles[:done]
    for index, (rows, columns) in enumerate(reached):
        first, final = index == 0 or tiles[index - 1][0] != rows, index + 1 == len(tiles) or tiles[index + 1][0] != rows
        height = rows.stop - rows.start
        total += (
            (columns.stop - columns.start) * (dim + value_dim) + height * dim * first + height * (value_dim + 1) * final
        )
    return FLOAT_BYTES * total


def plain_bytes_moved(size: tuple[int, int], dims: tuple[int, int]) -> int:
    """Bytes that the plain algorithm moves: Q and K in, scores out; scores in, weights out; weights and V in, O out
    (Dao et al. 2022, algorithm 0).
    """
    (n, m), (dim, value_dim) = size, dims
    return FLOAT_BYTES * (n * dim + m * dim + 4 * n * m + m * value_dim + n * value_dim)


def _touch(inputs: Inputs, walk: Walk, state: State, rows: slice, columns: slice) -> Touched:
    """One tile: its rows of ``state`` are brought forward in place (the state is this run's own)."""
    scores = _scores(inputs, walk, rows, columns)  # (rows, columns)
    before, total = state.max[rows].clone(), state.sum[rows].clone()
    after = torch.maximum(before, scores.amax(-1))
    still = torch.where(after.isinf(), torch.zeros_like(after), after)  # a row that may see nothing of the tiles so far
    factor, lifted = (before - still).exp(), (scores - still[:, None]).exp()
    state.max[rows], state.sum[rows] = after, total * factor + lifted.sum(-1)
    state.gathered[rows] = state.gathered[rows] * factor[:, None] + lifted @ inputs.value[columns]
    return Touched(rows, columns, before, after, total, state.sum[rows].clone(), factor)


def _scores(inputs: Inputs, walk: Walk, rows: slice, columns: slice) -> Tensor:
    scores = inputs.query[rows] @ inputs.key[columns].T * inputs.scaling
    if not walk.causal:
        return scores
    later = torch.arange(columns.start, columns.stop) > torch.arange(rows.start, rows.stop)[:, None]
    return scores.masked_fill(later, float("-inf"))
