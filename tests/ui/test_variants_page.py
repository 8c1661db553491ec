"""Variantes from a link, in both languages and for every bundled kind: the numbers of core, the settings in the link,
the tiles, bad links, the recorded curves.
"""

from __future__ import annotations

import json
from base64 import b64decode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import capture, load
from core.models.sources import default_root
from core.variants import growth, results
from core.variants.results import VARIANTS, Settings
from tests.ui.test_pages import open_page
from ui.pages.variants.growth import read_recording
from ui.serving.long_work import _results
from ui.shell.numbers import power, without_zero_decimals

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."
MODELS = {
    "mirante-encoder-pt": SENTENCE,
    "mirante-decoder-pt": SENTENCE,
    "mirante-translator": ">>fra<< I like strawberries.",
}


def opened(**query: str) -> AppTest:
    app = open_page("variantes.py", **{"lang": "pt", "sentence": SENTENCE, **query})
    assert not app.exception and not app.error, [one.value for one in (*app.exception, *app.error)]
    return app


def charts(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def said(app: AppTest) -> str:
    return "\n".join(one.value.replace("\\", "") for one in (*app.markdown, *app.caption))


def numbers(shown) -> np.ndarray:
    """Values of a plotly figure, written out or packed."""
    if not isinstance(shown, dict):
        return np.array(shown, dtype=float)
    found = np.frombuffer(b64decode(shown["bdata"]), dtype=shown["dtype"])
    return found.reshape([int(one) for one in shown["shape"].split(",")]) if "shape" in shown else found


@pytest.mark.parametrize(
    ("language", "expected"),
    [("pt", ("O que você vê", "Todas as variantes", "93,0\u00a0%")), ("en", ("What you see", "All variants", "93.0%"))],
)
def test_the_page_opens_from_a_link(language: str, expected: tuple[str, ...]) -> None:
    app = opened(lang=language, layer="3", head="8", variant="longformer", globals="1,9")
    text = said(app) + "".join(one.value for one in app.subheader)
    assert (
        all(part in text for part in expected) and app.title[0].value == {"pt": "Variantes", "en": "Variants"}[language]
    )
    assert [one.partition(":")[2] for one in app.session_state["variant_globals"]] == ["[CLS]", "copo"]
    assert "".join(app.query_params["globals"]) == "1,9" and "".join(app.query_params["variant"]) == "longformer"


@pytest.mark.parametrize("model", MODELS)
def test_every_variant_of_every_bundled_kind(model: str) -> None:
    app = opened(model=model, sentence=MODELS[model], variant="linformer")
    for name in VARIANTS if model == "mirante-encoder-pt" else ("performer", "sharing", "flash"):
        app.button_group(key="variant").set_value(name).run()
        assert not app.exception and not app.error and app.session_state["variant"] == name
        assert len(charts(app)) == {"flash": 4, "performer": 6, "sharing": 6}.get(name, 5)


def test_the_weights_and_the_errors_are_those_of_core() -> None:
    app = opened(layer="2", head="5", variant="window", width="1", features="128", draw="3")
    trace = capture(load("mirante-encoder-pt", device="cpu", root=default_root()), SENTENCE)
    found = results.compare_variants(
        trace.record(1), 4, Settings(window=1, features=128, draw=2), causal=False, square=True
    )
    pattern, weights, errors, *_ = charts(app)
    np.testing.assert_allclose(numbers(weights["data"][0]["z"]), found["window"].weights, atol=1e-6)
    np.testing.assert_allclose(numbers(errors["data"][0]["x"]), [one.error for one in found.values()], atol=1e-6)
    assert {one["name"] for one in pattern["data"] if one.get("name")} == {"janela", "atenção que se perde"}
    assert [one["customdata"][0][5] for one in pattern["data"] if one["type"] == "heatmap"] == [
        "[CLS] → jarra = fechada",
        "[CLS] → jarra = janela",
    ]
    assert weights["data"][0]["customdata"][1][0].startswith("Ela → [CLS] = ")
    assert len(app.dataframe[0].value) == len(VARIANTS)


def test_a_wide_window_is_the_model_itself_and_says_so() -> None:
    app = opened(variant="window", width="14", groups="8")
    assert "é a do próprio modelo" in said(app)
    for name, text in (
        ("sharing", "é a do próprio modelo"),
        ("linformer", "não de palavras"),
        ("performer", "implícito"),
    ):
        assert text in said(app.button_group(key="variant").set_value(name).run())


def test_a_model_that_looks_back_is_compared_with_its_own_causal_attention() -> None:
    app = opened(model="mirante-decoder-pt", variant="causal", groups="2")
    assert "é a do próprio modelo" in said(app)
    assert "O Linformer não tem essa forma" in said(app.button_group(key="variant").set_value("linformer").run())
    assert "é a do próprio modelo" in said(app.button_group(key="variant").set_value("sharing").run()), (
        "this model has two sets of keys and values already"
    )


def test_the_tiles_walk_and_end_at_softmax() -> None:
    app = opened(variant="flash", tile="0", tile_side="4")
    assert "todo m é −∞" in said(app) and app.button(key="tile_back").disabled
    app.button(key="tile_next").click().run()
    assert (
        not app.exception
        and app.session_state["tile"] == 1
        and "Ladrilho **1 de 16**" in said(app)
        and "".join(app.query_params["tile"]) == "1"
    )
    assert list(app.dataframe[0].value["m"]) == ["−∞"] * 4 and list(app.dataframe[0].value["s"]) == ["0,00"] * 4
    assert "× 10⁻⁷" in said(app)
    last = opened(variant="flash", tile="16", tile_side="4")
    assert last.button(key="tile_next").disabled and not np.isnan(numbers(charts(last)[0]["data"][0]["z"])).any()


def test_the_tiles_play_and_stop_at_the_end() -> None:
    app = opened(variant="flash", tile="14")
    app.button(key="tile_play").click().run()
    assert not app.exception and app.session_state["_tiles_play"]
    for _ in range(3):
        app.session_state["_tiles_moved"] -= 2  # as if the tile had been seen long enough
        app.run()
        assert not app.exception
    assert app.session_state["tile"] == 16 and not app.session_state["_tiles_play"]


def test_cross_attention_has_no_windows_and_a_short_text_fewer_settings() -> None:
    app = opened(model="mirante-translator", sentence=MODELS["mirante-translator"], kind="cross", variant="window")
    assert app.session_state["variant"] == "flash" and "não há distância" in said(app)
    assert not opened(model="mirante-decoder-pt", sentence="O", variant="bigbird", width="9", lots="7").exception


@pytest.mark.parametrize(
    "query",
    [
        {"width": "99", "globals": "0,77,x", "lots": "-1"},
        {"tile": "9999", "tile_side": "3", "variant": "flash"},
        {"variant": "fast", "features": "7", "groups": "3", "growth": "x"},
    ],
    ids=str,
)
def test_a_link_that_makes_no_sense_shows_the_default(query: dict[str, str]) -> None:
    app = opened(**query)
    assert app.session_state["width"] == 2 and app.session_state["features"] == 64 and app.session_state["groups"] == 1
    assert app.session_state["growth"] == "seconds" and len(charts(app)) >= 4


@pytest.mark.parametrize(("asked", "held"), [("1,2,3,4,5,6,7,8,9,10", 8), ("77", 1), ("none", 0)])
def test_global_tokens_of_a_link_are_at_most_eight_and_never_nothing_by_mistake(asked: str, held: int) -> None:
    app = opened(variant="longformer", globals=asked)
    assert len(app.multiselect(key="variant_globals").value) == held


def test_the_recorded_curves_are_shown_and_a_measurement_says_its_cost_first() -> None:
    kept = read_recording()
    assert kept is not None and [curve.name for curve in kept.curves] == [*growth.FULL_TEXT, *growth.STEP_GROUPS]
    app = opened(variant="full", growth="bytes")
    assert "segundos" in app.info[0].value and app.button(key="growth_start") and kept.date in said(app)
    curves = charts(app)[-1]["data"]
    assert len(curves) == len(growth.FULL_TEXT)
    np.testing.assert_array_equal(numbers(curves[0]["y"]), [point.bytes for point in kept.curves[0].points])
    assert list(numbers(curves[0]["x"])) == list(growth.LENGTHS) and "n^2,00" in curves[0]["name"]


def test_a_measurement_that_was_asked_for_replaces_the_recorded_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        growth,
        "measure_growth",
        lambda progress: tuple(
            growth.GrowthCurve(name, tuple(growth.Point(n, 1e-3 * n, 10 * n, 100 * n) for n in growth.LENGTHS))
            for name in (*growth.FULL_TEXT, *growth.STEP_GROUPS)
        ),
    )
    app = opened(variant="full")
    app.button(key="growth_start").click().run()
    assert (
        not app.exception and "Medido nesta máquina em " in said(app) and "n^1,00" in charts(app)[-1]["data"][0]["name"]
    )
    _results.clear()  # nobody else is to see these made-up curves


def test_a_long_text_shows_a_part_of_the_picture() -> None:
    app = opened(sentence=" ".join([SENTENCE] * 4), variant="bigbird")
    assert any("40 de" in one.value for one in app.caption) and len(charts(app)[1]["data"][0]["customdata"]) == 40
    assert not opened(sentence=" ".join([SENTENCE] * 4), variant="flash").exception


def test_numbers_are_written_as_people_read_them() -> None:
    assert power(3.24e-7) == "3,2 × 10⁻⁷" and power(0) == "0"
    assert (
        without_zero_decimals("100,0 ms") == "100 ms"
        and without_zero_decimals("1,00 s") == "1 s"
        and without_zero_decimals("8,5 MB") == "8,5 MB"
    )


@pytest.mark.parametrize(("tile", "first", "later"), [("1", True, False), ("2", False, True)])
def test_at_the_first_tile_of_a_row_nothing_was_gathered(tile: str, first: bool, later: bool) -> None:
    app = opened(variant="flash", tile_side="4", tile=tile)
    said = "\n".join(one.value for one in app.caption)
    assert ("nada tinha sido juntado" in said, "o que elas tinham juntado" in said) == (first, later), said[:400]
