"""Camadas from a link, for an encoder, a decoder and a translator: three pictures, and what a link cannot mean."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.analyses.score import first_place
from core.text.tokens import Tokens
from tests.ui.test_pages import open_page
from ui.explorer.word_names import position_named
from ui.pages.layers.link import PICTURES
from ui.serving import long_work
from ui.shell.numbers import exact

MASKED = "Ela derramou água da jarra para o copo até que ficasse cheio. O que ficou cheio? O [MASK]."
MODELS = {
    "mirante-encoder-pt": MASKED,
    "mirante-decoder-pt": "Ela derramou água da jarra para o copo até que",
    "mirante-translator": ">>fra<< I like strawberries.",
}


def opened(**query: str) -> AppTest:
    app = open_page("camadas.py", lang="pt", **query)
    assert not app.exception
    return app


def charts(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


@pytest.mark.parametrize("what", PICTURES)
@pytest.mark.parametrize("model", MODELS)
def test_every_picture_of_every_bundled_kind(model: str, what: str) -> None:
    app = opened(model=model, sentence=MODELS[model], what=what)
    assert not app.error, [error.value for error in app.error]
    assert app.session_state["what"] == what and len(charts(app)) == (2 if what == "lens" else 1)
    assert sum("O que isso não significa" in one.value for one in app.markdown) == 1
    assert len(app.dataframe) == 1 and len(app.dataframe[0].value)
    assert "".join(app.query_params.get("what", "lens")) == what


def test_the_lens_opens_at_the_mask() -> None:
    app = opened(sentence=MASKED)
    assert any("No lugar de" in one.value and "copo" in one.value for one in app.markdown)
    table = charts(app)[0]
    assert "<b>[MASK]</b>" in table["layout"]["yaxis"]["ticktext"] and table["data"][0]["zmax"] == 100


def test_the_lens_hides_the_word_that_it_asks_for_unless_the_link_shows_it() -> None:
    sentence = "Ela derramou água da jarra para o copo até que ficasse cheio."
    app = opened(sentence=sentence)
    assert any("No lugar de “\\[MASK\\] \\(cheio\\)”" in one.value for one in app.markdown)
    assert app.toggle(key="hide").value is True
    shown = opened(sentence=sentence, hide="false")
    assert any("No lugar de “cheio”" in one.value for one in shown.markdown) and shown.toggle(key="hide").value is False
    assert charts(shown)[0]["data"][0]["z"] != charts(app)[0]["data"][0]["z"]


def test_a_link_names_position_and_piece() -> None:
    app = opened(sentence=MASKED, token="11:cheio", piece="jarra")
    assert app.selectbox(key="layers_token").value == "12:cheio" and app.selectbox(key="layers_piece").value == "jarra"
    assert "“jarra”" in charts(app)[1]["layout"]["annotations"][0]["text"]


def test_a_choice_goes_into_the_link() -> None:
    app = opened(sentence=MASKED)
    app.selectbox(key="layers_token").set_value("8:copo").run()
    assert not app.exception and "".join(app.query_params["token"]) == "8:copo"
    assert any("No lugar de “copo”" in one.value for one in app.markdown)


def test_a_choice_comes_back_after_another_page() -> None:
    app = opened(sentence=MASKED, token="8:copo", piece="jarra")
    app.query_params.clear()  # what the menu does
    app.run()
    assert app.selectbox(key="layers_token").value == "8:copo" and app.selectbox(key="layers_piece").value == "jarra"
    assert "".join(app.query_params["token"]) == "8:copo" and "".join(app.query_params["piece"]) == "jarra"


def test_equal_pieces_have_their_place_in_the_list() -> None:
    options = opened(sentence=MASKED).selectbox(key="layers_token").options
    assert len(set(options)) == len(options) and {"copo", "cheio (13)", "cheio (18)"} <= set(options)


def test_a_piece_that_the_vocabulary_lacks_is_said() -> None:
    app = opened(sentence=MASKED, piece="otorrinolaringologista")
    assert any("não é um só token" in one.value for one in app.info) and len(charts(app)) == 1


def test_the_least_share_decides_how_much_is_drawn() -> None:
    few, many = (opened(sentence=MASKED, what="flow", least=least) for least in ("20", "2"))
    assert len(few.dataframe[0].value) < len(many.dataframe[0].value)
    assert any("linhas desenhadas somam" in one.value and "linhas mais finas" in one.value for one in few.markdown)


def test_the_flow_of_a_translator_has_no_cross_attention() -> None:
    app = opened(model="mirante-translator", sentence=MODELS["mirante-translator"], what="flow", stack="cross")
    assert not app.error and app.session_state["stack"] == "decoder"
    assert any("atenção cruzada" in one.value for one in app.caption)


def test_the_flow_of_its_encoder() -> None:
    app = opened(
        model="mirante-translator", sentence=MODELS["mirante-translator"], what="flow", stack="encoder", token="2:␣like"
    )
    assert not app.error and app.session_state["stack"] == "encoder"
    assert any("**Em “␣like”**" in one.value for one in app.markdown)


def test_layer_head_and_query_of_the_vectors() -> None:
    app = opened(sentence=MASKED, what="vectors", layer="2", head="3", token="8:copo")
    assert not app.error and any(
        "Cabeça C2·3: **“copo” olha para" in one.value.replace("\\", "") for one in app.markdown
    )
    assert any("posições rotatórias" in one.value for one in app.caption)


def test_a_long_sentence_is_not_squeezed() -> None:
    text = "O menino leu o livro que a professora deixou sobre a mesa. " * 6
    app = opened(sentence=text)
    assert len(charts(app)[0]["layout"]["yaxis"]["ticktext"]) == 40
    assert any("Mostrados: 40 de" in one.value for one in app.caption)
    app.selectbox(key="layers_token").set_value("1:O").run()
    assert (
        app.slider(key="first_token").value == 1
        and "<b>[MASK] (O)</b>" in charts(app)[0]["layout"]["yaxis"]["ticktext"]
    )
    flow = opened(sentence=text, what="flow", least="1")
    assert len(charts(flow)[0]["layout"]["yaxis"]["ticktext"]) <= 40
    assert any("conta como não desenhado" in one.value for one in flow.caption)


@pytest.mark.parametrize("what", ["lens", "flow"])
def test_long_work_waits_for_a_button_that_says_its_cost(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(long_work, "FREE", 0.0)
    app = opened(sentence="O gato preto dormia ao sol.", what=what)
    assert not charts(app) and any("segundo" in one.value for one in app.info)
    app.button(key=f"layers_{what}_start").click().run()
    assert charts(app) and not app.exception
    assert charts(app.run()), "what was computed is kept"


@pytest.mark.parametrize("what", ["", "drawing", *PICTURES])
def test_a_link_that_makes_no_sense(what: str) -> None:
    app = opened(
        sentence=MASKED, what=what, token="99:nada", least="x", layer="77", head="", piece="<b>", first_token="-3"
    )
    assert not app.error and app.title[0].value == "Camadas"
    assert charts(app)


def test_a_deep_model_is_shown_in_parts() -> None:
    """Every part has at most six columns; the first one has the input and the last layer, and every layer is in some
    part.
    """

    def levels() -> None:
        import streamlit as st

        from ui.pages.layers.lens import _levels

        st.session_state["found"] = _levels(12)

    app = AppTest.from_function(levels).run()
    assert app.session_state["found"] == [0, 2, 5, 7, 10, 12]
    parts = [
        app.selectbox(key="levels").set_value(name).run().session_state["found"] for name in ("1-5", "6-10", "11-12")
    ]
    assert sum(parts, []) == list(range(1, 13)) and "".join(app.query_params["levels"]) == "11-12"


def test_a_deep_flow_may_begin_late() -> None:
    def first() -> None:
        import streamlit as st

        from ui.pages.layers.flow import _pick_first

        st.session_state["found"] = _pick_first(12), _pick_first(6)

    app = AppTest.from_function(first).run()
    assert app.session_state["found"] == (0, 0)
    app.button_group(key="depth").set_value("last").run()
    assert app.session_state["found"] == (6, 0) and "".join(app.query_params["depth"]) == "last"


def test_shares_are_never_zero_for_a_little_more() -> None:
    assert (exact(0.12345), exact(0.00001), exact(0.0), exact(0.25, 1)) == (
        "12,35\u00a0%",
        "< 0,01\u00a0%",
        "0,00\u00a0%",
        "25,0\u00a0%",
    )


def test_equal_pieces_are_told_apart_by_place() -> None:
    pieces = ("O", "que", "o", "que")
    assert position_named("3:que", pieces) == 3 and position_named("0:que", pieces) == 1
    assert (
        position_named("1:nada", pieces) is None
        and position_named("", pieces) is None
        and position_named("²:que", pieces) is None
    )


@pytest.mark.parametrize(
    ("pieces", "writes", "expected"),
    [
        (("a", "b", "."), False, 1),
        (("a", "b", "."), True, 0),
        (("a", "b"), True, 1),
        ((".",), True, 0),
        (("a", "M", "b"), True, 1),
    ],
)
def test_where_an_untouched_page_looks(pieces: tuple[str, ...], writes: bool, expected: int) -> None:
    n = len(pieces)
    tokens = Tokens(
        "",
        tuple(9 if piece == "M" else 1 for piece in pieces),
        pieces,
        (False,) * n,
        (False,) * n,
        (None,) * n,
        tuple(range(n)),
        pieces,
    )
    assert first_place(tokens, 9, writes=writes) == expected
