"""The drawn pictures: exactly one red circle, a right answer that is never a matter of a hair, nothing overlapping, the
same on every machine.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

import core
from core.vision.scenes import (
    CELLS,
    CLUTTERS,
    MAX_OTHERS,
    MIN_OTHERS,
    SCENE_SPLITS,
    SIZE,
    Thing,
    cover,
    draw,
    on_patches,
)


@pytest.mark.parametrize("clutter", CLUTTERS)
def test_one_red_circle_and_others_that_do_not_touch(clutter: str) -> None:
    for seed in range(60):
        count = MIN_OTHERS + seed % (MAX_OTHERS - MIN_OTHERS + 1)
        scene = draw(seed, distractors=count, clutter=clutter)
        kinds = [(thing.shape, thing.colour) for thing in scene.things]
        assert len(kinds) == count + 1 and kinds[0] == ("circle", "red") and kinds.count(("circle", "red")) == 1
        covers = np.stack([cover(thing) for thing in scene.things])
        assert (covers > 0).sum(0).max() == 1, "two shapes share a pixel"
        border = np.ones((SIZE, SIZE), bool)
        border[1:-1, 1:-1] = False
        assert covers[:, border].max() < 0.05, "a shape is cut by the edge"
        if clutter == "red":
            assert {colour for _, colour in kinds} == {"red"} and all(shape != "circle" for shape, _ in kinds[1:])
        elif clutter == "circles":
            assert {shape for shape, _ in kinds} == {"circle"} and all(colour != "red" for _, colour in kinds[1:])
        else:
            assert any(colour == "red" for _, colour in kinds[1:]) and any(shape == "circle" for shape, _ in kinds[1:])


def test_the_answer_is_the_cell_of_the_centre_and_never_near_an_edge() -> None:
    step, cells = SIZE / CELLS, []
    for seed in range(400):
        scene = draw(seed, split="test")
        weights = cover(scene.target)
        y, x = np.indices(weights.shape) + 0.5
        centre = (weights * y).sum() / weights.sum(), (weights * x).sum() / weights.sum()
        assert scene.cell == int(centre[0] // step) * CELLS + int(centre[1] // step)
        assert all(1.9 < place % step < step - 1.9 for place in centre)
        cells.append(scene.cell)
    counts = np.bincount(cells, minlength=CELLS**2)
    assert counts.min() > 8 and counts.max() < 50, "cells are drawn evenly"


def test_areas_and_patches_by_hand() -> None:
    circle = Thing("circle", "red", 32.0, 32.0, 8.0, 0.0, (1.0, 0.0, 0.0))
    assert cover(circle).sum() == pytest.approx(np.pi * 64, rel=0.005)
    square = Thing("square", "red", 30.0, 30.0, 8.0, 0.7, (1.0, 0.0, 0.0))
    assert cover(square).sum() == pytest.approx(np.pi * 64, rel=0.01)
    patches = on_patches(circle, 8)
    assert patches.shape == (8, 8) and patches.sum() * 64 == pytest.approx(cover(circle).sum())
    assert patches[3:5, 3:5].min() == pytest.approx(np.pi / 4, rel=0.01) and patches[:3].max() == 0


def test_the_same_seed_is_the_same_picture_and_splits_share_none() -> None:
    assert np.array_equal(draw(3).pixels, draw(3).pixels) and not np.array_equal(draw(3).pixels, draw(4).pixels)
    assert len({draw(3, split=split).pixels.tobytes() for split in SCENE_SPLITS}) == 3
    assert hashlib.sha256(draw(7).pixels.tobytes()).hexdigest() == FIRST, (
        "the pictures of links that people keep have changed"
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"seed": -1}, "no picture -1"),
        ({"seed": 10**6}, "numbered 0 to 999999"),
        ({"distractors": 2}, "3 to 6"),
        ({"distractors": 9}, "not 9"),
        ({"clutter": "cats"}, "cats"),
    ],
)
def test_what_there_is_not_is_said(wrong: dict, said: str) -> None:
    with pytest.raises(core.BadInput, match=said):
        draw(**{"seed": 1, **wrong})


FIRST = "f37ee1f89fa2dd089bc2a8157ff4919762540b42fb04acac04314753591ca131"
