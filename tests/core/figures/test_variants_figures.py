"""Figures of the variants: the numbers and labels that plotly gets, colours of the theme, at most 48 ticks, text
escaped.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.loglog import Power, loglog
from core.figures.pattern import TONES, pattern
from core.figures.theme import Look, ramps
from core.figures.walk import walk
from core.figures.wiring import wiring


def test_what_a_pattern_shuts_out_is_a_circle_whose_area_is_the_weight() -> None:
    """Weights on open cells are not lost, nor is next to nothing; ¼ of a row is a circle of half the cell's width."""
    reasons = np.array([[1, 0], [0, 1]])
    weights = np.array([[0.75, 0.25], [0.001, 0.999]])
    figure = pattern(reasons, ["a", "b"], ["a", "b"], look=Look(), names=("open",), shut="shut", lost=("lost", weights))
    (circles,) = (one for one in figure.data if one.name == "lost")
    assert (list(circles.x), list(circles.y)) == ([1], [0]) and circles.marker.size[0] == pytest.approx(11)
    assert circles.customdata[0].startswith("a → b: 25")
    even = pattern(
        np.ones((2, 2)), ["a", "b"], ["a", "b"], look=Look(), names=("open",), shut="shut", lost=("lost", weights)
    )
    assert "lost" not in {one.name for one in even.data}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_pattern_has_one_colour_per_reason_and_says_it(mode) -> None:
    reasons = np.array([[2, 2, 2], [2, 1, 0], [2, 3, 1]])
    figure = pattern(
        reasons, ["<s>", "a", "b"], ["<s>", "a", "b"], look=Look(mode), names=("window", "global", "lot"), shut="shut"
    )
    maps = {one.customdata[0][0].rpartition(" = ")[2]: one for one in figure.data if one.type == "heatmap"}
    assert set(maps) == {"shut", "window", "global", "lot"}
    np.testing.assert_array_equal(~np.isnan(maps["global"].z), reasons == 2)
    assert maps["window"].customdata[2][1] == "b → a = window" and maps["lot"].customdata[0][0].startswith(
        "&lt;s&gt; → "
    )
    assert maps["window"].colorscale[0][1] == ramps()["heads"][mode][TONES[mode][0]]
    assert [one.name for one in figure.data if one.type == "scatter"] == [
        "window",
        "global",
        "lot",
    ] and figure.layout.yaxis.range == (2.5, -0.5)


def test_many_words_get_few_ticks() -> None:
    names = [str(i) for i in range(200)]
    figure = pattern(np.ones((200, 200), int), names, names, look=Look(), names=("open",), shut="shut")
    assert len(figure.layout.xaxis.tickvals) <= 48 and len(figure.layout.yaxis.ticktext) <= 48


def test_loglog_keeps_the_numbers_and_tells_curves_apart() -> None:
    curves = [Power(f"<{i}>", (256, 8192), (1.0, 2.0**i), ("a", "b")) for i in range(9)] + [
        Power("guide", (256, 8192), (1, 32), quiet="dash")
    ]
    figure = loglog(
        curves, look=Look("light", ","), x_title="n", y_title="t", y_ticks=((0.01, "far"), (1, "one"), (100, "hundred"))
    )
    assert list(figure.data[3].y) == [1.0, 8.0] and figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    assert (
        figure.layout.xaxis.ticktext == ("256", "8.192")
        and figure.layout.yaxis.ticktext == ("one", "hundred")
        and figure.data[0].name == "&lt;0&gt;"
    )
    looks = {(one.line.color, one.line.dash, one.marker.symbol) for one in figure.data[:9]}
    assert (
        len(looks) == 9 and len({one.line.color for one in figure.data[:9]}) == 9 and figure.data[9].line.dash == "dash"
    )


def test_the_walk_frames_its_tile_and_marks_what_was_not_seen() -> None:
    shares = np.full((4, 4), np.nan)
    shares[:2] = 0.25
    hover = [["x"] * 4] * 4
    figure = walk(
        shares, list("abcd"), list("abcd"), look=Look(), tile=(2, 2), now=(slice(0, 2), slice(2, 4)), hover=hover
    )
    rectangles = [one for one in figure.layout.shapes if one.type == "rect"]
    frame = rectangles[-1]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (1.5, 3.5, -0.5, 1.5) and len(rectangles) == 3, (
        "two tiles not seen, one framed"
    )
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1) and len(
        walk(shares, list("abcd"), list("abcd"), look=Look(), tile=(2, 2), now=None, hover=hover).layout.shapes
    ) == len(figure.layout.shapes) - 1


def test_heads_are_wired_to_the_group_they_share() -> None:
    figure = wiring(8, 2, chosen=5, look=Look(), names=[str(i + 1) for i in range(8)], above="heads", below="shared")
    wires = [one for one in figure.data if one.mode == "lines"]
    assert [tuple(one.x) for one in wires] == [(head, 1.5 if head < 4 else 5.5) for head in range(8)]
    assert [one.line.width for one in wires].index(5) == 5 and list(figure.data[-1].x) == [1.5, 5.5]
