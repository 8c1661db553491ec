"""Pictures drawn by this project: one red circle among other shapes, so that the right answer to "where is the red
circle" is known.

A picture is SIZE × SIZE pixels, divided into CELLS × CELLS cells; the answer is the cell that holds the circle's
centre. Every shape is a signed distance in pixels, its edge softened over one pixel: the same seed gives the same
picture on every machine (numpy only, no fonts, no drawing library). Shapes never overlap. Here because the page draws
new ones; training/vision/recipe.py reads nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from ..errors import BadInput

SIZE = 64  # pixels, each side
CELLS = 4  # cells, each side
MIN_OTHERS, MAX_OTHERS = 3, 6  # distractors
ThingShape = Literal["circle", "square", "triangle", "cross"]
Colour = Literal["red", "green", "blue", "yellow", "purple"]
Clutter = Literal["mixed", "red", "circles"]
"""What stands around the circle: of both kinds (neither colour nor shape alone tells), red shapes only, circles of
other colours only.
"""
SceneSplit = Literal["train", "test", "page"]
SHAPES: tuple[ThingShape, ...] = get_args(ThingShape)
CLUTTERS: tuple[Clutter, ...] = get_args(Clutter)
SCENE_SPLITS: tuple[SceneSplit, ...] = get_args(SceneSplit)
TINTS: dict[Colour, tuple[float, float, float]] = {
    "red": (0.83, 0.16, 0.18),
    "green": (0.13, 0.58, 0.25),
    "blue": (0.16, 0.33, 0.78),
    "yellow": (0.93, 0.78, 0.15),
    "purple": (0.53, 0.22, 0.64),
}
SHAPE_REACH = {"circle": 1.0, "square": 1.26, "triangle": 1.35, "cross": 1.17}
"""How far each shape reaches from its centre, in radii of the circle that it is drawn after."""
SEEDS = 10**6  # pictures of a split


@dataclass(frozen=True)
class Thing:
    """One shape: centre (x, y) and radius in pixels, turned by ``angle`` (radians); ``tint``: red, green, blue, 0 …
    1.
    """

    shape: ThingShape
    colour: Colour
    x: float
    y: float
    radius: float
    angle: float
    tint: tuple[float, float, float]

    @property
    def reach(self) -> float:
        """Pixels from the centre to the farthest edge."""
        return SHAPE_REACH[self.shape] * self.radius


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and what is true of it. ``things[0]`` is the red circle; ``ground`` (row, column, 3) 0 … 1 is what they
    stand on.
    """

    seed: int
    things: tuple[Thing, ...]
    ground: np.ndarray

    @property
    def target(self) -> Thing:
        return self.things[0]

    @property
    def cell(self) -> int:
        """The right answer: cell that holds the centre of the red circle, row by row from 0."""
        return int(self.target.y * CELLS // SIZE) * CELLS + int(self.target.x * CELLS // SIZE)

    @cached_property
    def pixels(self) -> np.ndarray:
        """(row, column, 3) uint8."""
        canvas = self.ground.copy()
        for thing in self.things:
            rows, columns = _window(thing.y, thing.reach), _window(thing.x, thing.reach)
            inside, under = _cover(thing, rows, columns)[..., None], canvas[rows, columns]
            canvas[rows, columns] = under + (np.asarray(thing.tint) - under) * inside
        return np.round(np.clip(canvas, 0, 1) * 255).astype(np.uint8)


def draw(seed: int, *, distractors: int = 5, clutter: Clutter = "mixed", split: SceneSplit = "page") -> Scene:
    """The picture of a seed; no two splits share one.

    Raises:
        BadInput: a seed, a number of distractors or a clutter that there is not.
    """
    _check(seed, distractors, clutter)
    rng = np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([SCENE_SPLITS.index(split), CLUTTERS.index(clutter), distractors, seed]))
    )
    while (things := _placed(rng, distractors, clutter)) is None:
        pass
    return Scene(seed, things, _ground(rng))


def cover(thing: Thing) -> np.ndarray:
    """How much of each pixel a thing covers, (row, column) float64, 0 … 1."""
    return _cover(thing, slice(0, SIZE), slice(0, SIZE))


def on_patches(thing: Thing, side: int) -> np.ndarray:
    """How much of each patch a thing covers, (patch row, patch column) 0 … 1, for ``side`` patches each way (a divisor
    of SIZE).
    """
    step = SIZE // side
    return cover(thing).reshape(side, step, side, step).mean((1, 3))


def _cover(thing: Thing, rows: slice, columns: slice) -> np.ndarray:
    """(row, column) of a part of the picture; distances to the edge become shares over one pixel."""
    centres = np.arange(SIZE) + 0.5
    x, y = centres[None, columns] - thing.x, centres[rows, None] - thing.y
    cos, sin = np.cos(thing.angle), np.sin(thing.angle)
    return np.clip(0.5 - DISTANCE[thing.shape](cos * x + sin * y, cos * y - sin * x, thing.radius), 0, 1)


def _window(centre: float, reach: float) -> slice:
    """The pixels that something may touch, along one side."""
    return slice(max(0, int(centre - reach - 2)), min(SIZE, int(centre + reach + 3)))


def _circle(x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    return np.hypot(x, y) - radius


def _box(x: np.ndarray, y: np.ndarray, half_width: float, half_height: float) -> np.ndarray:
    out_x, out_y = np.abs(x) - half_width, np.abs(y) - half_height
    return np.hypot(np.maximum(out_x, 0), np.maximum(out_y, 0)) + np.minimum(np.maximum(out_x, out_y), 0)


def _square(x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    return _box(x, y, 0.886 * radius, 0.886 * radius)  # the circle's area: √π / 2


def _triangle(x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    angles = np.pi / 2 + np.arange(3) * 2 * np.pi / 3
    return np.max([np.cos(angle) * x + np.sin(angle) * y for angle in angles], axis=0) - 0.675 * radius


def _cross(x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    return np.minimum(_box(x, y, 1.1 * radius, 0.4 * radius), _box(x, y, 0.4 * radius, 1.1 * radius))


DISTANCE: dict[ThingShape, Callable[[np.ndarray, np.ndarray, float], np.ndarray]] = {
    "circle": _circle,
    "square": _square,
    "triangle": _triangle,
    "cross": _cross,
}
"""Signed distance in pixels from the edge, below 0 inside, of a shape at the origin."""


def _placed(rng: np.random.Generator, distractors: int, clutter: Clutter) -> tuple[Thing, ...] | None:
    """The circle in a cell chosen evenly, then the others where there is room; None when there is none (then all is
    drawn anew).
    """
    things = [_target(rng)]
    for shape, colour in _others(rng, distractors, clutter):
        thing = _thing(rng, shape, colour, things)
        if thing is None:
            return None
        things.append(thing)
    return tuple(things)


def _target(rng: np.random.Generator) -> Thing:
    """The red circle, its centre at least 2 pixels from the edges of its cell: the answer is never a matter of a
    hair.
    """
    radius, step = rng.uniform(4.5, 8), SIZE / CELLS
    corner = rng.integers(CELLS, size=2) * step
    least, most = np.maximum(corner + 2, radius + 1), np.minimum(corner + step - 2, SIZE - radius - 1)
    x, y = rng.uniform(least, most)
    return Thing("circle", "red", float(x), float(y), float(radius), 0.0, _tint(rng, "red"))


def _others(rng: np.random.Generator, count: int, clutter: Clutter) -> list[tuple[ThingShape, Colour]]:
    """Shape and colour of each distractor; none is a red circle. Mixed: the first two share the target's colour and its
    shape.
    """
    red: list[tuple[ThingShape, Colour]] = [(shape, "red") for shape in SHAPES if shape != "circle"]
    circles: list[tuple[ThingShape, Colour]] = [("circle", colour) for colour in TINTS if colour != "red"]
    others = [(shape, colour) for shape in SHAPES for colour in TINTS if (shape, colour) != ("circle", "red")]
    pools = {"red": [red] * count, "circles": [circles] * count, "mixed": [red, circles, *[others] * (count - 2)]}[
        clutter
    ]
    return [pool[rng.integers(len(pool))] for pool in pools]


def _thing(rng: np.random.Generator, shape: ThingShape, colour: Colour, others: list[Thing]) -> Thing | None:
    """A distractor at the first of 60 places that leaves a pixel and a half to each of the others; None where none
    does.
    """
    radius = float(rng.uniform(4.5, 8))
    reach = SHAPE_REACH[shape] * radius
    places = rng.uniform(reach + 1, SIZE - reach - 1, size=(60, 2))  # (place, x and y)
    occupied = np.array([(other.x, other.y, other.reach) for other in others])
    distances = np.hypot(*(places[:, None] - occupied[None, :, :2]).transpose(2, 0, 1))  # (place, other)
    gaps = distances - occupied[:, 2] - reach
    free = (gaps > 1.5).all(axis=1)
    x, y = places[free.argmax()].tolist()
    return (
        Thing(shape, colour, x, y, radius, float(rng.uniform(0, 2 * np.pi)), _tint(rng, colour)) if free.any() else None
    )


def _tint(rng: np.random.Generator, colour: Colour) -> tuple[float, float, float]:
    red, green, blue = np.clip(np.asarray(TINTS[colour]) + rng.uniform(-0.07, 0.07, size=3), 0, 1)
    return float(red), float(green), float(blue)


def _ground(rng: np.random.Generator) -> np.ndarray:
    """(row, column, 3): a grey between dark and light, a little brighter to one side, with noise."""
    grey, slope, noise = rng.uniform(0.12, 0.92), rng.uniform(-0.12, 0.12, size=2), rng.uniform(0.01, 0.05)
    offset = np.linspace(-0.5, 0.5, SIZE)
    smooth = grey + slope[0] * offset[:, None] + slope[1] * offset[None, :]
    return smooth[..., None] + rng.normal(0, noise, size=(SIZE, SIZE, 3))


def _check(seed: int, distractors: int, clutter: str) -> None:
    if not 0 <= seed < SEEDS:
        raise BadInput("There is no picture {seed}: they are numbered 0 to {last}.", seed=seed, last=SEEDS - 1)
    if not MIN_OTHERS <= distractors <= MAX_OTHERS:
        raise BadInput(
            "A picture has {least} to {most} other shapes, not {n}.", least=MIN_OTHERS, most=MAX_OTHERS, n=distractors
        )
    if clutter not in CLUTTERS:
        raise BadInput(
            "There is no “{name}” among the kinds of picture: {names}.", name=clutter, names=", ".join(CLUTTERS)
        )
