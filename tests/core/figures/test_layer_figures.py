"""The figures of the page "Layers": the numbers and the labels that they were given, escaped, on fixed axes."""

from __future__ import annotations

import numpy as np
import pytest

from core.analyses.information_flow import information_flow
from core.figures.flow import BINS, flow_graph
from core.figures.lens import Cell, lens_table, piece_curve
from core.figures.theme import Look, attention_scale
from core.figures.vectors import MAX_NAMED_KEYS, vector_plane

CELLS = [
    [Cell(("<s>", "b"), (0.9, 0.05)), Cell(("derramou-se", "b"), (0.02, 0.01))],
    [Cell(("a", "b"), (0.5, 0.4)), Cell(("c", "b"), (1.0, 0.0))],
]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_table_of_the_lens(mode):
    figure = lens_table(CELLS, ["<s>", "copo"], ["entrada", "C1"], chosen=1, look=Look(mode), asks="parada depois de")
    cells = figure.data[0]
    assert [list(row) for row in cells.z] == [[90, 2], [50, 100]] and (cells.zmin, cells.zmax) == (0, 100)
    assert (
        "&lt;s&gt;" in cells.customdata[0][0]
        and "<s>" not in cells.customdata[0][0]
        and "90,00\u00a0%" in cells.customdata[0][0]
    )
    written = {text for trace in figure.data[1:] for text in trace.text}
    assert written == {"&lt;s&gt;", "derramo…", "a", "c"}
    assert figure.layout.yaxis.ticktext == ("&lt;s&gt;", "<b>copo</b>")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_piece_fades_into_its_cell(mode):
    """The end of the ramp chosen for a cell always has a contrast of 3:1 at least with it."""
    from core.figures.lens import _luminance, _readable

    scale, look = attention_scale(mode), Look(mode)
    for share, colour in scale:
        pair = sorted((_luminance(_readable(share, (scale[0][1], scale[-1][1]), look)), _luminance(colour)))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 3


def test_the_curve_of_a_piece():
    figure = piece_curve([0.1, 0.25], ["entrada", "C1"], look=Look(), piece="<a>", y_title="p <a>")
    assert list(figure.data[0].y) == [10, 25] and tuple(figure.layout.yaxis.range) == (0, 102)
    assert "&lt;a&gt;" in figure.data[0].hovertemplate and figure.layout.annotations[0].text == "p &lt;a&gt;"
    assert (
        len(
            piece_curve(
                [0.1] * 33, list(map(str, range(33))), look=Look(), piece="a", y_title="p"
            ).layout.xaxis.tickvals
        )
        <= 9
    )


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_graph_of_the_flow(mode):
    shares = np.array([[[0.9, 0.1], [0.3, 0.7]], [[0.6, 0.4], [0.05, 0.95]]])
    flow = information_flow(shares, 0, 0.2)
    figure = flow_graph(
        flow,
        [0, 1],
        ["<s>", "copo"],
        ["entrada", "C1", "C2"],
        look=Look(mode),
        prefix="C",
        keeps="guarda",
        brings="busca",
    )
    hovers = next(trace for trace in figure.data if trace.text is not None and any("=" in text for text in trace.text))
    assert list(hovers.text) == [
        "C2 · &lt;s&gt; → &lt;s&gt; = 60,0\u00a0%<br>guarda",
        "C2 · &lt;s&gt; → copo = 40,0\u00a0%<br>busca",
        "C1 · &lt;s&gt; → &lt;s&gt; = 90,0\u00a0%<br>guarda",
        "C1 · copo → &lt;s&gt; = 30,0\u00a0%<br>busca",
        "C1 · copo → copo = 70,0\u00a0%<br>guarda",
    ]
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert sum(len(trace.x) // 3 for trace in lines) == len(flow.edges) and len(lines) <= 2 * BINS
    assert figure.layout.yaxis.ticktext == ("<b>&lt;s&gt;</b>", "copo")


def test_the_last_layers_begin_at_the_left():
    flow = information_flow(np.random.default_rng(0).dirichlet(np.ones(4), (5, 4)), 2, 0.1, first=3)
    figure = flow_graph(
        flow, range(4), list("abcd"), ["C3", "C4", "C5"], look=Look(), prefix="C", keeps="k", brings="b"
    )
    assert {x for trace in figure.data if trace.mode == "lines" for x in trace.x if x is not None} == {0, 1, 2}


def test_many_lines_are_few_traces():
    shares = np.random.default_rng(0).dirichlet(np.ones(40), (24, 40))
    figure = flow_graph(
        information_flow(shares, 3, 0.02),
        list(range(40)),
        list(map(str, range(40))),
        list(map(str, range(25))),
        look=Look(),
        prefix="L",
        keeps="k",
        brings="b",
    )
    assert len(figure.data) <= 2 * BINS + 4 and len(figure.layout.xaxis.tickvals) <= 9


@pytest.mark.parametrize("n", [4, MAX_NAMED_KEYS + 1])
def test_the_plane_of_the_vectors(n):
    points = np.random.default_rng(n).normal(size=(2, n, 2))
    names = ["<s>", *map(str, range(n - 1))]
    figure = vector_plane(
        points[0],
        points[1],
        names,
        names,
        chosen=2,
        looks=[(0, 0.7), (1, 0.2)],
        look=Look(),
        axes=("x", "y"),
        roles=("consulta", "chave"),
    )
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [tuple(line.x) for line in lines] == [(points[0][2, 0], points[1][0, 0]), (points[0][2, 0], points[1][1, 0])]
    assert lines[0].opacity > lines[1].opacity and lines[0].line.width > lines[1].line.width
    keys, queries = (next(trace for trace in figure.data if trace.name == name) for name in ("chave", "consulta"))
    assert keys.marker.symbol == "circle-open" and list(queries.x) == list(points[0][:, 0])
    written = [text for trace in figure.data if trace.mode == "markers+text" for text in trace.text]
    assert "<b>1</b>" in written and "&lt;s&gt;" in written and len(written) == (3 if n > MAX_NAMED_KEYS else 1 + n)
