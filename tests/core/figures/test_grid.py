"""A map of numbers says what its colours are worth, in the signs of the language, and its names have room."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.bars import NullMarks, bars
from core.figures.effects import looks_and_effects
from core.figures.grid import grid
from core.figures.spread import head_plane
from core.figures.theme import PAPER, Look, rgb

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
    figure = drawn(values, **options)
    heatmap, written = figure.data[0], figure.data[1:]
    together = ["".join(trace.text[0][j] for trace in written).strip("\u2007") for j in range(len(cells[0]))]
    assert [together] == cells and heatmap.showscale
    assert all(trace.hoverinfo == "skip" and not trace.showscale for trace in written)
    assert list(heatmap.colorbar.ticktext) == bar
    assert list(heatmap.colorbar.tickvals)[-1] == heatmap.zmax and heatmap.colorbar.tickvals[0] == heatmap.zmin


def test_a_map_of_many_columns_has_the_bar_alone_and_rows_with_colours_of_their_own_have_neither() -> None:
    (many,) = drawn(np.ones((3, 40))).data
    assert many.showscale and many.text is None
    (alone,) = drawn(np.ones((3, 4)), scale=False).data
    assert not alone.showscale and alone.text is None


def test_names_that_stand_upright_take_no_room_from_the_rows() -> None:
    short = drawn(np.eye(9), columns=list("abcdefghi"))
    long = drawn(np.eye(9), columns=["gradiente × atenção"] * 9)
    rows = [figure.layout.height - figure.layout.margin.t - figure.layout.margin.b for figure in (short, long)]
    assert rows[0] == rows[1] >= 9 * 26 and short.layout.margin.t > 30 + 20, (
        "the tools of the chart stand above the names"
    )


@pytest.mark.parametrize("look", [PORTUGUESE, ENGLISH])
@pytest.mark.parametrize("signed", [True, False])
def test_every_number_is_read_on_its_cell(look, signed) -> None:
    values = np.linspace(-1 if signed else 0, 1, 60).reshape(10, 6)
    figure = drawn(values, look=look, signed=signed, reach=1.0)
    stops, colours = zip(*figure.data[0].colorscale, strict=True)
    channels = np.array([rgb(colour) for colour in colours]).T
    for trace in figure.data[1:]:
        for (i, j), value in np.ndenumerate(values):
            if trace.text[i][j]:
                place = (value + 1) / 2 if signed else value
                cell = np.array([np.interp(place, stops, channel) for channel in channels])
                assert contrast(rgb(trace.textfont.color), cell) > 4.5
    assert all(any(trace.text[i][j] for trace in figure.data[1:]) for i, j in np.ndindex(values.shape))
    lengths = {len(text) for trace in figure.data[1:] for row in trace.text for text in row if text}
    assert len(lengths) == 1, "or the two inks would write in two sizes"


def contrast(ink: np.ndarray, paper: np.ndarray) -> float:
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: np.ndarray) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


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
