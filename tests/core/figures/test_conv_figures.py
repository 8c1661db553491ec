"""The pictures of the classifier: words escaped and legible on every shade, nulls drawn dashed, numbers where they
belong.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.assets import ROOT
from core.figures.features import feature_map
from core.figures.shaded import shaded
from core.figures.theme import PAPER, Look
from core.figures.verdict import Panel, verdict_panels

CONFIG = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return float(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_shade_can_be_read(mode: str, signed: bool) -> None:
    values = np.linspace(-1 if signed else 0, 1, 41)
    html = shaded(["a"] * 41, values, look=Look(mode), notes=["1"] * 41, signed=signed)
    pairs = re.findall(r"background:(#\w{6});color:(#\w{6})", html)
    assert len(pairs) == 41
    for back, ink in pairs:
        high, low = sorted((luminance(back), luminance(ink)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (back, ink)


def test_words_are_escaped_and_marks_are_set() -> None:
    html = shaded(["<b>", "&", "zumbi"], [0, 0.5, 1], look=Look(), notes=["0 %", "<i>", "1"], strong=[1], dashed=[2])
    assert "<b>" not in html and "&lt;b&gt;" in html and "&lt;i&gt;" in html
    assert html.count("outline:2px") == 1 and html.count("3px dashed") == 1


def test_zero_is_the_page_and_values_beyond_the_reach_stay_in_it() -> None:
    html = shaded(["a", "b", "c"], [0, 9, -9], look=Look("dark"), notes=["", "", ""], reach=1, signed=True)
    first, more, less = re.findall(r"background:(#\w{6})", html)
    assert first == PAPER["dark"] and more == "#fda856" and less == "#63b9fe"
    assert all(f'backgroundColor = "{colour}"' in CONFIG for colour in PAPER.values()), (
        "the page's own colours, as the theme has them"
    )
    assert "background:#f5f3ee" in shaded(["a"], [3.0], look=Look(), notes=[""], reach=0)


def test_the_nulls_are_dashed_and_signed_rows_share_a_scale() -> None:
    panels = [
        Panel(
            "Attention",
            np.array([0.3, 0.7]),
            ["x", "y"],
            shares=True,
            lines=[(0.5, "even", "dash"), (0.88, "bound", "dot")],
        ),
        Panel("Part", np.array([-1.0, 2.5]), ["x", "y"]),
        Panel("Fall", np.array([4.0, -1.0]), ["x", "y"]),
    ]
    figure = verdict_panels(["não", "<bom>"], panels, look=Look())
    assert [trace.line.dash for trace in figure.data if trace.type == "scatter"] == ["dash", "dot"]
    assert list(figure.data[1].y) == [0.5, 0.5] and figure.layout.yaxis.range[1] > 0.88
    assert figure.layout.yaxis2.range == figure.layout.yaxis3.range and tuple(figure.layout.yaxis2.tickvals) == (
        -2,
        0,
        2,
    )
    assert figure.layout.xaxis3.ticktext == ("não", "&lt;bom&gt;")
    tones = [trace.marker.color for trace in figure.data if trace.type == "bar"][1]
    assert tones[0] != tones[1]


@pytest.mark.parametrize("n", [1, 49, 256])
def test_many_words_get_few_labels(n: int) -> None:
    figure = verdict_panels(["a"] * n, [Panel("A", np.full(n, 1 / n), ["x"] * n, shares=True)], look=Look())
    assert len(figure.layout.xaxis.tickvals) <= 48 and len(figure.data[0].y) == n


def test_features_stand_beside_their_parts() -> None:
    values = np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]])
    figure = feature_map(
        values,
        np.array([0.4, -0.2]),
        ["f1", "f2"],
        ["a", "b", "c"],
        look=Look("dark"),
        hover=[["x"] * 3] * 2,
        part_hover=["x", "y"],
        column=2,
        titles=("Features", "Logit"),
    )
    heat, bars = figure.data
    np.testing.assert_array_equal(heat.z, values)
    assert heat.zmin == 0 and heat.zmax == 3 and list(bars.x) == [0.4, -0.2] and figure.layout.shapes[0].x0 == 1.5
