"""The page "Step by step": the link restores everything, and a model whose steps are not seen is refused in words."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import core
from core.models.sources import bundled_names
from tests.ui.test_pages import open_page

SENTENCE = "O gato viu a jarra."
PAGE = "passo_a_passo.py"


def packet(app: AppTest) -> dict:
    """What the component was given: the JSON of its packet."""
    found = [element for element in app.main if element.type == "bidi_component" and element.key == "steps"]
    assert len(found) == 1
    data = found[0].proto.bytes
    (size,) = struct.unpack_from("<I", data)
    return json.loads(data[4 : 4 + size])


def open_steps(**query: str) -> AppTest:
    app = open_page(PAGE, lang="pt", sentence=SENTENCE, **query)
    assert not app.exception and not app.error, [error.value for error in app.error]
    return app


def test_the_link_restores_head_step_and_words() -> None:
    first = packet(open_steps())
    labels = first["rows"]["labels"]
    query, key = labels.index("gato"), labels.index("viu")
    sent = packet(open_steps(layer="2", head="3", step="7", token=f"{query}:gato", key=f"{key}:viu"))
    assert (sent["layer"], sent["head"], sent["query"]) == (1, 2, query)
    assert sent["options"] == {"step": 7, "query": query, "key": key, "seen": 0}


def test_step_and_words_come_back_after_another_page() -> None:
    app = open_steps(step="7", token="2:gato", key="3:viu")
    before = packet(app)["options"]
    app.query_params.clear()  # what the menu does
    assert packet(app.run())["options"] == before and before["step"] == 7
    assert "".join(app.query_params["step"]) == "7" and "".join(app.query_params["token"]) == "2:gato"


@pytest.mark.parametrize("step", ["0", "11", "999", "-1", "x", "²", "9" * 5000])
def test_a_step_that_is_not_there_is_the_nearest_or_the_first(step: str) -> None:
    assert packet(open_steps(step=step))["options"]["step"] in (1, 10)


@pytest.mark.parametrize("token", ["99:gato", "0:nada", ":", "²:gato", "9" * 50 + ":gato"])
def test_a_word_that_is_not_there_gives_the_nearest_or_the_strongest(token: str) -> None:
    sent = packet(open_steps(token=token, key=token))
    assert 0 <= sent["query"] < len(sent["rows"]["labels"]) and 0 <= sent["options"]["key"] < len(
        sent["columns"]["labels"]
    )


def test_an_untouched_page_shows_the_strongest_link_between_words() -> None:
    sent = packet(open_steps(layer="1", head="1"))
    trace = core.capture(core.load("mirante-encoder-pt", "cpu"), SENTENCE)
    special = np.asarray(trace.tokens.special)
    weights = trace.attention(0, 0).copy()
    weights[special], weights[:, special] = -1, -1
    np.fill_diagonal(weights, -1)
    assert (sent["query"], sent["options"]["key"]) == np.unravel_index(weights.argmax(), weights.shape)


@pytest.mark.parametrize("language", ["pt", "en"])
@pytest.mark.parametrize("model", [name for name in bundled_names() if name != "mirante-film"])
def test_every_bundled_model_shows_all_its_steps(model: str, language: str) -> None:
    app = open_page(PAGE, lang=language, model=model, sentence=SENTENCE)
    assert not app.exception and not app.error, [error.value for error in app.error]
    sent = packet(app)
    assert sent["missing"] == {} and {"input", "concat", "parts", "after"} <= set(sent["blocks"])
    assert all(sent["texts"].values()) and sent["texts"]["language"] == language


@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
def test_an_encoder_decoder_has_three_kinds(kind: str) -> None:
    name = next((one for one in bundled_names() if "translator" in one), None)
    if name is None:
        pytest.skip("no bundled encoder-decoder")
    sent = packet(open_steps(model=name, kind=kind, target="The cat"))
    assert sent["kind"] == kind
    same = sent["rows"]["labels"] == sent["columns"]["labels"]
    assert same == (kind != "cross")


@pytest.mark.parametrize("sentence", ["O gato está sentado no", "O gato viu a jarra."])
def test_a_decoder_opens_on_a_word_after_which_something_is_masked(sentence: str) -> None:
    app = open_page(PAGE, lang="pt", sentence=sentence, model="mirante-decoder-pt", step="5")
    sent = packet(app)
    assert sent["query"] < len(sent["rows"]["labels"]) - 1, "nothing would be closed for it"
