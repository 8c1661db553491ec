"""A map of numbers says what its colours are worth, in the signs of the language, and its names have room."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.bars import NullMarks, bars
from core.figures.effects import looks_and_effects
from core.figures.grid import grid
from core.figures.spread import head_plane
from core.figures.theme import PAPER, Look

PORTUGUESE, ENGLISH = Look("light", ","), Look("dark", ".")


def drawn(values, look=PORTUGUESE, **options):
    values = np.array(values)
    rows, columns = ([str(i) for i in range(n)] for n in values.shape)
    return grid(
        values, rows, options.pop("columns", columns), look=look, hover=[[""] * len(columns)] * len(rows), **options
    )


@pytest.mark.parametrize(
    ("values", "options", "cells", "bar"),
    [
        ([[0.0, 0.881]], {"reach": 1.0}, [["0", "88"]], ["0\u00a0%", "50\u00a0%", "100\u00a0%"]),
        ([[-0.633, 1.103]], {"signed": True}, [["−0,63", "+1,10"]], ["−1,10", "0,00", "+1,10"]),
        (
            [[-0.05, 1.0]],
            {"signed": True, "percent": True},
            [["−5", "+100"]],
            ["−100\u00a0%", "0\u00a0%", "+100\u00a0%"],
        ),
        ([[4.7, np.nan]], {"percent": False}, [["4,70", ""]], ["0,00", "2,35", "4,70"]),
        ([[-0.0, 1e-9]], {"signed": True, "reach": 1.0}, [["0,00", "0,00"]], ["−1,00", "0,00", "+1,00"]),
    ],
)
def test_cells_and_the_bar_of_colours_say_their_numbers(values, options, cells, bar) -> None:
    heatmap = drawn(values, **options).data[0]
    assert [list(row) for row in heatmap.text] == cells and heatmap.showscale
    assert list(heatmap.colorbar.ticktext) == bar
    assert list(heatmap.colorbar.tickvals)[-1] == heatmap.zmax and heatmap.colorbar.tickvals[0] == heatmap.zmin


def test_a_map_of_many_columns_has_the_bar_alone_and_rows_with_colours_of_their_own_have_neither() -> None:
    many = drawn(np.ones((3, 40))).data[0]
    assert many.showscale and many.text is None
    own = drawn(np.ones((3, 4)), scale=False).data[0]
    assert not own.showscale and own.text is None


def test_names_that_stand_upright_take_no_room_from_the_rows() -> None:
    short = drawn(np.eye(9), columns=list("abcdefghi"))
    long = drawn(np.eye(9), columns=["gradiente × atenção"] * 9)
    rows = [figure.layout.height - figure.layout.margin.t - figure.layout.margin.b for figure in (short, long)]
    assert rows[0] == rows[1] >= 9 * 26 and short.layout.margin.t > 30 + 20, (
        "the tools of the chart stand above the names"
    )


@pytest.mark.parametrize("look", [PORTUGUESE, ENGLISH])
def test_the_middle_of_a_signed_map_is_the_paper_so_that_numbers_on_it_are_read(look) -> None:
    assert drawn([[-1.0, 1.0]], look=look, signed=True).data[0].colorscale[1][1] == PAPER[look.mode]


def test_bars_say_their_numbers_with_room_for_them_and_marks_have_a_rim() -> None:
    figure = bars([12.3, 49.2], ["a", "b"], look=PORTUGUESE, hover=["", ""], texts=["12,3 kB", "49,2 kB"])
    assert list(figure.data[0].text) == ["12,3 kB", "49,2 kB"] and figure.layout.xaxis.range[1] > 1.2 * 49.2
    figure = bars([0.5], ["a"], look=ENGLISH, hover=[""], marks=[NullMarks("null", [0.4])])
    rim, mark = figure.data[1:]
    assert rim.marker.line.width > mark.marker.line.width and rim.marker.color == PAPER["dark"] and not rim.showlegend


def test_ticks_of_looks_and_effects_reach_the_last_point_and_stand_clear_of_it() -> None:
    looks = np.array([[0.0, 0.9994]])
    figure = looks_and_effects(
        looks, np.array([[0.1, -1.0]]), chosen=[], look=PORTUGUESE, prefix="C", x_title="", y_title=""
    )
    low, high = figure.layout.xaxis.range
    assert low < 0 and high > 0.9994 and "100\u00a0%" in figure.layout.xaxis.ticktext
    assert list(figure.data[0].x) == looks.ravel().tolist()


def test_names_in_the_plane_of_heads_do_not_lie_over_each_other() -> None:
    points = np.array([[0.0, 0.0], [0.001, 0.001], [1.0, 1.0], [1.0, 0.99], [0.5, 0.2]])
    figure = head_plane(points, list("abcde"), [0, 1, 0, 1, 2], look=PORTUGUESE, prefix="C")
    assert sorted(name for data in figure.data for name in data.text if name) == ["a", "c", "e"]
    assert sorted(name for data in figure.data for name in data.hovertext) == list("abcde")
