"""Bancada: what it asks, shows and hands out; own pairs with their faults at the right cell."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import core
from core.coreference import bench, conditions, items, learned, report
from core.coreference.pair_examples import EXAMPLE
from core.coreference.pair_files import pack_rows
from tests.ui.test_pages import open_page
from ui.shell.locale import plain

PAGE = "bancada.py"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> tuple[items.Item, ...]:
    """Four pairs of each condition."""
    found = tuple(one for one in items.bundled_items("containers") if int(one.pair[3:]) <= 4)
    monkeypatch.setattr("ui.pages.bench.options.bundled_items", lambda name: found)
    return found


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.subheader, *app.caption, *app.info, *app.error))


def start(app: AppTest) -> AppTest:
    return (
        app.button(key="bench_start").click().run(timeout=120)
        if any(one.key == "bench_start" for one in app.button)
        else app
    )


def test_the_numbers_are_those_of_core(few) -> None:
    app = start(open_page(PAGE, lang="pt", conditions="P0,P4"))
    assert not app.exception and not app.error
    frame = app.dataframe[0].value
    lm = core.load("mirante-encoder-pt", device="cpu")
    asked = [one for one in few if one.condition in ("P0", "P4")]
    rows = report.rows(conditions.condition_results(bench.run_bench(lm, asked, "question"), "question"))
    assert frame["Pares"].tolist() == [row["pairs"] for row in rows] == [4, 4]
    assert [int(text.split()[0]) for text in frame["Escolha"]] == [round(100 * row["choice"]) for row in rows]
    assert "python -m core coref --model mirante-encoder-pt --probe question --condition P0 --condition P4 --json" in [
        code.value for code in app.code
    ]


def test_cut_edges_and_the_twin_are_asked_on_request(few) -> None:
    app = start(open_page(PAGE, lang="pt", conditions="P0", causal="true", twin="true"))
    assert not app.exception and "Ligações cortadas" in texts(app)
    assert "—" not in app.dataframe[0].value["Ligação cortada"].tolist()


@pytest.mark.parametrize("model", ["mirante-decoder-pt", "mirante-film"])
@pytest.mark.parametrize("probe", ["adjective", "overt"])
def test_other_models_say_what_cannot_be_asked(few, model: str, probe: str) -> None:
    app = start(open_page(PAGE, lang="pt", conditions="P2", model=model, probe=probe))
    assert not app.exception and not app.error
    if model == "mirante-decoder-pt" and probe == "overt":
        assert "da esquerda para a direita" in texts(app)


def test_a_translator_is_asked_by_the_pronoun_that_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    listed, lm = items.bundled_items("translations"), core.load("mirante-translator", device="cpu")
    readable = learned.learned_items(lm, listed)
    can = [one for name in ("T0", "T2") for one in [one for one in readable if one.condition == name][:8]]
    few = (*[one for one in listed if one not in readable][:6], *can)
    monkeypatch.setattr("ui.pages.bench.options.bundled_items", lambda name: few if name == "translations" else ())
    app = start(
        open_page(PAGE, lang="pt", model="mirante-translator", items="families", probe="overt", conditions="P0")
    )
    assert not app.exception and not app.error and not app.info
    assert app.session_state["items"] == "translations" and app.session_state["probe"] == "cross"
    assert plain("no máximo 12 palavras e sinais: testam-se 16 das 22 frases") in texts(app)
    rows = report.rows(conditions.condition_results(bench.run_bench(lm, can, "cross"), "cross"))
    frame = app.dataframe[0].value
    assert frame["Condição"].tolist() == ["T0 o gênero decide", "T2 o gênero não diz nada"] and frame[
        "Pares"
    ].tolist() == [row["pairs"] for row in rows]
    assert frame["Escolha"][0].startswith(str(round(100 * rows[0]["choice"]))) and frame["Escolha"][1] == "—"


def test_another_model_does_not_keep_the_translator_s_sentences(few) -> None:
    app = open_page(PAGE, lang="pt", items="translations", probe="cross")
    assert not app.exception and app.session_state["items"] == "containers" and app.session_state["probe"] == "question"


def test_families(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = items.bundled_items("families")
    few = tuple(one for one in listed if one.condition in ("fit", "lift"))[:16]
    monkeypatch.setattr("ui.pages.bench.options.bundled_items", lambda name: few)
    app = start(open_page(PAGE, lang="en", items="families"))
    assert not app.exception and not app.error and len(app.dataframe) == 2


def test_own_pairs_begin_with_examples_that_are_sound() -> None:
    app = start(open_page(PAGE, lang="pt", items="own", probe="adjective"))
    assert not app.exception and not app.error and "3 pares válidos" in texts(app)
    assert "poucos" not in texts(app) and "fica acima do acaso em 1 de 1" not in texts(app), "three pairs claim nothing"


def test_own_pairs_of_a_link_and_a_fault_at_its_cell() -> None:
    broken = [dict(EXAMPLE[0]), {**EXAMPLE[1], "probe_b": "cheia"}]
    app = open_page(PAGE, lang="pt", items="own", pairs=pack_rows(broken))
    assert not app.exception
    said = [error.value for error in app.error]
    assert len(said) == 1 and "Linha 2" in said[0] and "Palavra" in said[0] and "cheia" in said[0]
    assert "1 par válido" in texts(app)


def test_a_word_that_stands_twice_offers_its_places() -> None:
    row = {
        "sentence_a": "O copo caiu no copo porque estava cheio.",
        "sentence_b": "O copo caiu no copo porque estava vazio.",
        "probe_a": "cheio",
        "probe_b": "vazio",
        "candidates": "copo; copo#2",
        "gold_a": "copo#2",
        "gold_b": "copo#2",
        "question_a": "",
        "question_b": "",
    }
    app = open_page(PAGE, lang="pt", items="own", pairs=pack_rows([row]))
    assert not app.exception and app.error
    labels = [button.label for button in app.button]
    assert plain("copo#1") in labels and plain("copo#2") in labels


def test_a_broken_link_keeps_the_examples() -> None:
    app = open_page(PAGE, lang="pt", items="own", pairs="not-a-table")
    assert not app.exception and "3 pares válidos" in texts(app)
    assert any("endereço" in warning.value for warning in app.warning)


def test_the_same_pair_twice_is_a_fault_and_another_gold_is_another_answer() -> None:
    app = open_page(PAGE, lang="pt", items="own", pairs=pack_rows([dict(EXAMPLE[0]), dict(EXAMPLE[0])]))
    assert any(
        "Linha 2" in error.value and "linha 1" in error.value for error in app.error
    ) and "1 par válido" in texts(app)
    swapped = {**EXAMPLE[0], "gold_a": "jarra", "gold_b": "copo"}
    shown = [
        choice_of(start(open_page(PAGE, lang="pt", items="own", probe="question", pairs=pack_rows([row]))))
        for row in (dict(EXAMPLE[0]), swapped)
    ]
    assert shown[0] != shown[1], "the answers are kept by the whole item"


def choice_of(app: AppTest) -> str:
    return next(one.value["Escolha"][0] for one in app.dataframe if "Escolha" in one.value)


def test_one_question_alone_makes_no_pair_and_no_crash() -> None:
    app = start(
        open_page(PAGE, lang="pt", items="own", probe="question", pairs=pack_rows([{**EXAMPLE[0], "question_b": ""}]))
    )
    assert not app.exception and not app.error and "Nada se pode contar" in texts(app)


def test_typed_pairs_survive_a_change_of_language() -> None:
    app = open_page(PAGE, lang="pt", items="own", pairs=pack_rows([dict(EXAMPLE[1])]))
    app.session_state["lang"] = "en"
    app.run()
    assert "1 sound pair" in texts(app)
