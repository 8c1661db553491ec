"""A matrix walked over tile by tile: what is drawn, and that it costs no more than its tiles."""

from __future__ import annotations

import time

import numpy as np
import pytest

from core.figures.theme import Look
from core.figures.walk import walk


def drawn(n: int, tile: int, *, seen: int = 0, now: tuple[slice, slice] | None = None):
    shares = np.full((n, n), np.nan)
    shares[:seen, :seen] = 0.5
    names = [str(i) for i in range(n)]
    return walk(shares, names, names, look=Look("light"), tile=(tile, tile), now=now, hover=[[""] * n] * n)


def test_unseen_tiles_borders_and_the_tile_of_the_moment() -> None:
    shapes = drawn(6, 2, seen=2, now=(slice(2, 4), slice(0, 2))).layout.shapes
    hatched = [shape for shape in shapes if shape.fillcolor]
    assert len(hatched) == 8 and (0, 0) not in {(shape.x0 + 0.5, shape.y0 + 0.5) for shape in hatched}
    assert sum(shape.type == "line" and shape.layer == "below" for shape in shapes) == 8
    assert sum(shape.type == "line" and shape.layer != "below" for shape in shapes) == 4
    frame = shapes[-1]
    assert (frame.x0, frame.x1, frame.y0, frame.y1, frame.line.width) == (-0.5, 1.5, 1.5, 3.5, 4)


@pytest.mark.parametrize(("n", "tile"), [(95, 6), (64, 1)])
def test_many_tiles_cost_little(n: int, tile: int) -> None:
    drawn(4, 2)
    begun = time.process_time()
    drawn(n, tile)
    assert time.process_time() - begun < 0.6
