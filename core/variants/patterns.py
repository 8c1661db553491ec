"""Which cells of the score matrix may be looked at, and why: sliding window, Longformer, BigBird. No scores here, only
places.

    window       |i − j| ≤ w                                                             Beltagy et al. 2020, §3.1
    global
        g tokens look at everything and are looked at by everything             Beltagy et al. 2020; Zaheer et al. 2020
    random       each block of queries looks at r blocks of keys drawn once              Zaheer et al. 2020, §2
    causal       of all that, only j ≤ i

Here w counts the keys on each side; the w of the papers counts both sides, w/2 on each. BigBird draws and looks in
blocks; a block of 1 is the pattern of its theory, larger blocks are what machines are fast with. Departure: Longformer
gives its global tokens projections of their own, which a trained model without them does not have; here they use the
same q, k, v."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..errors import BadInput

Reason = Literal["shut", "window", "global", "random"]
SHUT, WINDOW, GLOBAL, DRAWN = range(4)
"""Codes of `reasons`."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """n: positions; window: keys on each side; block: queries computed together; globals: positions; random (blocks, r)
    int: key blocks, −1 where there are too few; causal: whether later keys are shut."""

    n: int
    window: int
    block: int = 1
    globals: tuple[int, ...] = ()
    random: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), int))
    causal: bool = False

    @property
    def blocks(self) -> int:
        return -(-self.n // self.block)


def sliding(n: int, window: int, *, causal: bool = False, block: int = 1) -> Pattern:
    """A window of ``window`` keys on each side (to the left only, where causal)."""
    return longformer(n, window, (), causal=causal, block=block)


def longformer(n: int, window: int, tokens: tuple[int, ...], *, causal: bool = False, block: int = 1) -> Pattern:
    """A window, and global tokens at some positions.

    Raises:
        BadInput: a window below 0, a block below 1, or a position that the text does not have.
    """
    if window < 0 or block < 1:
        raise BadInput(
            "A window of {window} keys in blocks of {block} makes no sense; it needs at least 0 and 1.",
            window=window,
            block=block,
        )
    if wrong := [position for position in tokens if not 0 <= position < n]:
        raise BadInput(
            "A global token has to be at a position from 0 to {last}; asked for: {places}.",
            last=n - 1,
            places=", ".join(map(str, wrong)),
        )
    return Pattern(n, window, block, tuple(sorted(set(tokens))), np.zeros((-(-n // block), 0), int), causal)


def bigbird(
    n: int, window: int, tokens: tuple[int, ...], random: int, *, seed: int = 0, causal: bool = False, block: int = 1
) -> Pattern:
    """Window, global tokens, and ``random`` key blocks for each query block, drawn from those that are neither near nor
    all global.

    Raises:
        BadInput: as of `longformer`, or fewer than 0 random blocks.
    """
    if random < 0:
        raise BadInput("There cannot be {random} random keys; ask for 0 or more.", random=random)
    base = longformer(n, window, tokens, causal=causal, block=block)
    rng, near = np.random.default_rng(seed), -(-window // block)
    everywhere = {
        u
        for u in range(base.blocks)
        if all(position in base.globals for position in range(u * block, min(n, (u + 1) * block)))
    }
    drawn = np.full((base.blocks, random), -1)
    for t in range(base.blocks):
        free = [u for u in range(t + 1 if causal else base.blocks) if abs(u - t) > near and u not in everywhere]
        blocks = rng.permutation(free)[:random].astype(int)
        drawn[t, : len(blocks)] = np.sort(blocks)
    return Pattern(n, window, block, base.globals, drawn, causal)


def reasons(pattern: Pattern) -> np.ndarray:
    """(query, key) uint8: SHUT, WINDOW, GLOBAL or DRAWN; what is both is global before window before random. Dense:
    for pictures and tests.
    """
    n, positions = pattern.n, np.arange(pattern.n)
    codes = np.zeros((n, n), np.uint8)
    for t, keys in enumerate(pattern.random):
        rows = slice(t * pattern.block, (t + 1) * pattern.block)
        for u in keys[keys >= 0]:
            codes[rows, u * pattern.block : (u + 1) * pattern.block] = DRAWN
    codes[np.abs(positions[:, None] - positions) <= pattern.window] = WINDOW
    chosen = list(pattern.globals)
    codes[chosen], codes[:, chosen] = GLOBAL, GLOBAL
    return np.tril(codes) if pattern.causal else codes
