"""Figures: what plotly gets is the numbers and the labels, with the signs of its small HTML escaped."""

import numpy as np
import pytest

from core.figures.candidates import candidate_maps
from core.figures.probabilities import probability_bars
from core.figures.theme import Look, attention_scale, label


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_one_map_per_sentence_and_candidate_on_one_scale(mode):
    weights = [np.arange(24).reshape(2, 3, 4) / 100, np.full((2, 3, 4), 0.5)]
    figure = candidate_maps(
        weights,
        ["cheio", "vazia"],
        ["Ela", "<s>", "jarra", "copo"],
        gold=[3, 2],
        look=Look(mode),
        layer="camada",
        head="cabeça",
        prefix="C",
        gold_note="certa",
    )
    assert (
        len(figure.data) == 8 and {trace.zmax for trace in figure.data} == {50} and {t.zmin for t in figure.data} == {0}
    )
    np.testing.assert_array_equal(figure.data[4].z, 100 * weights[0][..., 2])
    np.testing.assert_array_equal(figure.data[5].z, 100 * weights[1][..., 2])
    titles = [note.text for note in figure.layout.annotations]
    assert any("&lt;s&gt;" in title for title in titles) and not any("<s>" in title for title in titles)
    assert (
        sum("certa" in title for title in titles) == 2
        and "<b>cheio → copo</b>" in titles[6]
        and "<b>vazia → jarra</b>" in titles[5]
    )
    assert figure.data[0].customdata[1][2] == "C2·3"


def test_bars_keep_order_and_mark_what_is_right_and_what_is_unknown():
    figure = probability_bars(
        {"cheio": 0.6, "cheia": 0.1, "repleto": None},
        right=["cheio"],
        look=Look("light", ","),
        right_note="concorda",
        unknown_note="em pedaços",
    )
    bars = figure.data[0]
    assert list(bars.x) == [60, 10, 0] and list(bars.texttemplate) == [
        "%{x:.1f}\u00a0%",
        "%{x:.1f}\u00a0%",
        "em pedaços",
    ]
    assert figure.layout.separators[0] == ","
    assert figure.layout.yaxis.ticktext == ("cheio · concorda", "cheia", "repleto")


def test_labels_and_scales():
    assert label("</s> & <a>") == "&lt;/s&gt; &amp; &lt;a&gt;"
    scale = attention_scale("dark")
    assert scale[0][0] == 0 and scale[-1][0] == 1 and all(colour.startswith("#") for _, colour in scale)
