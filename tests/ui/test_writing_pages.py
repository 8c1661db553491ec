"""Generate, Mask, Translate: from a link, what was written, hidden or forced is there, and the model that fits is put
and taken back.
"""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import core
from core.predictions.generation import Sampling, beginning, continue_text
from tests.ui.test_pages import ROOT, open_page
from ui.top_bar.model_fit import FIRST_PAGE

BEGIN = "O gato está sentado no"


def text(app: AppTest) -> str:
    return "\n".join(
        [*(one.value for one in app.markdown), *(one.value for one in app.caption), *(one.value for one in app.info)]
    )


def wrote(app: AppTest) -> str:
    """Ids in the link, without the digest of what they belong to."""
    return asked(app, "wrote").partition(":")[2]


def asked(app: AppTest, key: str) -> str:
    value = app.query_params.get(key, "")
    return value if isinstance(value, str) else value[-1]


def press(app: AppTest, key: str) -> AppTest:
    next(one for one in app.button if one.key == key).click()
    return app.run()


def test_a_decoder_writes_one_token_then_five_and_takes_one_back() -> None:
    app = open_page("gerar.py", model="mirante-decoder-pt", sentence=BEGIN)
    lm = core.load("mirante-decoder-pt")
    start = beginning(lm, BEGIN)
    assert "wrote" not in app.query_params
    press(app, "write_one")
    assert wrote(app) == str(continue_text(lm, start, 1).ids[-1])
    press(app, "write_five")
    made = continue_text(lm, start, 6).ids[len(start) :]
    assert wrote(app) == ".".join(map(str, made))
    press(app, "write_back")
    assert wrote(app) == ".".join(map(str, made[:-1]))
    press(app, "write_clear")
    assert "wrote" not in app.query_params and "Nada foi escrito ainda." in text(app)
    assert not app.exception and not app.error


def test_a_link_brings_back_what_was_written_and_how() -> None:
    first = open_page("gerar.py", model="mirante-decoder-pt", sentence=BEGIN, temperature="0.8", seed="7", topk="40")
    press(first, "write_five")
    lm = core.load("mirante-decoder-pt")
    start = beginning(lm, BEGIN)
    assert wrote(first) == ".".join(map(str, continue_text(lm, start, 5, Sampling(0.8, 40, 1.0, 7)).ids[len(start) :]))
    again = open_page("gerar.py", model="mirante-decoder-pt", sentence=BEGIN, wrote=asked(first, "wrote"))
    assert asked(again, "wrote") == asked(first, "wrote")
    assert [one.value for one in again.markdown if one.value.startswith("####")] == [
        one.value for one in first.markdown if one.value.startswith("####")
    ]


@pytest.mark.parametrize("link", ["abcd:1.2", "x", "b7f7:999999", "b7f7:-1", "b7f7:1..2", ":5"])
def test_what_was_not_written_after_this_beginning_is_left_out(link: str) -> None:
    app = open_page("gerar.py", model="mirante-decoder-pt", sentence=BEGIN, wrote=link)
    assert "Nada foi escrito ainda." in text(app) and not app.exception and not app.error


@pytest.mark.parametrize("number", ["inf", "1e999", "nan", "-1", "10001", "9" * 400])
def test_a_number_that_no_field_holds_counts_as_none(number: str) -> None:
    said = {"temperature": "0.8", "seed": number, "topk": number}
    app = open_page("gerar.py", model="mirante-decoder-pt", sentence=BEGIN, **said)
    assert not app.exception and not app.error
    assert [app.number_input(key=key).value for key in ("seed", "topk")] == [0, 0]


def test_no_field_for_numbers_is_bound_to_the_link_by_streamlit() -> None:
    """Its binding makes an error of a number that is none, as of "inf"."""
    for file in (ROOT / "ui").rglob("*.py"):
        for call in re.findall(r"st\.number_input\((.*?)\n    \w", file.read_text(encoding="utf-8"), re.DOTALL):
            assert "bind=" not in call.partition("\n    )")[0], file


def test_the_cache_is_counted_by_the_formula() -> None:
    app = open_page("gerar.py", model="mirante-decoder-pt", sentence=BEGIN, lang="en")
    n = len(beginning(core.load("mirante-decoder-pt"), BEGIN))
    assert f"Those of {n} tokens in 4 layers take {2 * 4 * n * 2 * 32 * 4 / 1000:.1f} kB" in text(app)
    assert "**GQA**: 2 heads of keys and values for 8 heads that look." in text(app)
    assert f"{n * (n - 1) // 2} cells, every one exactly 0" in text(app)


def test_of_a_long_beginning_the_end_is_shown() -> None:
    words = [f"palavra{i}" for i in range(60)]
    shown = next(
        line
        for line in text(open_page("gerar.py", model="mirante-decoder-pt", sentence=" ".join(words))).splitlines()
        if line.startswith("####")
    )
    assert shown.startswith("#### … palavra") and shown.endswith("palavra58 palavra59 …") and len(shown) < 300
    whole = "x" * 400
    assert f"… {'x' * 280} …" in text(open_page("gerar.py", model="mirante-decoder-pt", sentence=whole)), (
        "one word that never ends"
    )


@pytest.mark.parametrize(
    ("page", "model", "begin"),
    [("gerar.py", "mirante-decoder-pt", BEGIN), ("traduzir.py", "mirante-translator", ">>fra<<")],
)
def test_the_model_that_fits_is_put_and_what_was_there_comes_back(page: str, model: str, begin: str) -> None:
    app = open_page(page)
    assert app.session_state["model"] == model and app.session_state["sentence"].startswith(begin)
    app.switch_page("pages/explorar.py").run()
    assert app.session_state["model"] == "mirante-encoder-pt" and app.session_state["sentence"].endswith(
        "ficasse cheio."
    )
    assert not app.exception and not app.error


@pytest.mark.parametrize(
    ("first", "expected"), [("traduzir", "I ate your strawberries."), ("explorar", ">>fra<< I like strawberries.")]
)
def test_a_link_to_translate_brings_its_sentence_and_the_menu_an_example(first: str, expected: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["sentence"] = "I ate your strawberries."
    app.session_state[FIRST_PAGE] = first
    app.run().switch_page("pages/traduzir.py").run()
    assert (app.session_state["model"], app.session_state["sentence"]) == ("mirante-translator", expected)
    assert not app.exception and not app.error


def test_a_hidden_word_is_expected_and_the_heads_that_moved_it_are_named() -> None:
    app = open_page("mascarar.py", mask="12:cheio")
    found = text(app)
    assert "O modelo lê: “Ela derramou água da jarra para o copo até que ficasse" in found
    assert "trás da máscara o modelo espera" in found and "à palavra escondida **cheio** o modelo dá" in found
    assert "a resposta perde mais sem estas" in found
    assert not app.exception and not app.error


def test_a_mask_that_is_typed_is_answered_and_nothing_hidden_says_what_to_do() -> None:
    assert "trás da máscara o modelo espera" in text(
        open_page("mascarar.py", sentence="O [MASK] está sentado no sofá.")
    )
    app = open_page("mascarar.py")
    assert "Nenhuma palavra está escondida ainda" in text(app)
    press(app, "mask_last")
    assert asked(app, "mask") == "12:cheio" and "à palavra escondida **cheio**" in text(app)


@pytest.mark.parametrize("page", ["mascarar.py", "explorar.py", "gerar.py"])
def test_a_text_that_no_model_reads_is_refused_before_its_words_are_drawn(page: str) -> None:
    model = "mirante-decoder-pt" if page == "gerar.py" else "mirante-encoder-pt"
    open_page(page, model=model)  # the model is loaded
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["model"], app.query_params["sentence"] = model, "gato " * 10_000
    app.switch_page(f"pages/{page}")
    start = time.process_time()
    app.run()
    assert time.process_time() - start < 5, "it took 38 s"
    assert len(app.error) == 1 and "no máximo" in app.error[0].value
    assert not app.get("button_group") or len(app.get("button_group")[0].proto.options) < 20


def test_a_translation_is_forced_searched_and_written() -> None:
    source = ">>fra<< I like strawberries."
    forced = open_page("traduzir.py", model="mirante-translator", sentence=source, target="Je mange des pommes.")
    assert "Je mange des pommes" in text(forced) and "**pommes** ← strawberries" in text(forced)
    lm = core.load("mirante-translator")
    weights = core.capture(lm, source, "Je mange des pommes.").attention(1, 0, "cross")
    assert np.allclose(weights.sum(1), 1, atol=1e-5)
    searched = open_page("traduzir.py", model="mirante-translator", sentence=source, search="beam", beam="2")
    assert len(searched.radio[0].options) == 4 and "J'aime les strawberries" in text(searched)
    written = open_page("traduzir.py", model="mirante-translator", sentence=source)
    assert "fraises" in text(written) and "← strawberries" in text(written)
    captions = "\n".join(one.value for one in written.caption)
    assert "mesma posição relativa" in captions and "73\u00a0%" in captions, "an alignment beside its trivial cause"
    for app in (forced, searched, written):
        assert not app.exception and not app.error


def test_of_words_that_stand_twice_the_clicked_one_is_hidden() -> None:
    app = open_page("mascarar.py", sentence="O gato viu o cão e o rato.", mask="4:o")
    pills = app.get("button_group")[0]
    labels = [option.content for option in pills.proto.options]
    assert len(set(labels)) == len(labels), labels
    assert "O gato viu \\[MASK\\] cão e o rato" in text(app)
    assert not app.exception and not app.error


def test_a_refusal_of_a_callback_is_told_by_the_page() -> None:
    from core.errors import BadInput
    from ui.shell.frame import REFUSED

    app = open_page("gerar.py", model="mirante-decoder-pt", sentence=BEGIN)
    app.session_state[REFUSED] = BadInput("There is no text to read: type a word or a sentence.")
    assert "Não há texto" in app.run().error[0].value
    assert not app.run().error


@pytest.mark.parametrize(
    ("page", "kind"), [("mascarar.py", "codificador que preveja"), ("gerar.py", "decodificador"), ("traduzir.py", "–")]
)
def test_a_page_whose_own_model_does_not_fit_says_so_after_one_more_run(page: str, kind: str, monkeypatch) -> None:
    """It ran again for ever when a loaded model had lost its head."""
    from dataclasses import replace

    from ui.serving import cache

    loads, genuine = [], cache.language_model

    def misfit(chosen):
        loads.append(chosen.model)
        lm = genuine(chosen)
        return replace(lm, has_head=False, kind="decoder" if lm.kind == "encoder-decoder" else "encoder")

    monkeypatch.setattr(cache, "language_model", misfit)
    app = open_page(page, lang="pt")
    assert len(app.error) == 1 and kind in app.error[0].value and "Escolha outro modelo" in app.error[0].value
    assert not app.exception and len(loads) < 10
    monkeypatch.undo()
    app.run()
    assert not app.error, "the page works again as soon as the model does"


def test_what_sharing_keys_and_values_saves_is_said_and_the_cache_is_named_where_it_is_drawn() -> None:
    app = open_page("gerar.py", sentence="O menino leu", lang="pt")
    shown = text(app)
    assert "(cache KV)" in shown and "vezes menos** do que se cada uma das 8 cabeças guardasse os seus" in shown
    sizes = next(
        drawn
        for drawn in map(json.loads, (chart.proto.spec for chart in app.get("plotly_chart")))
        if drawn["data"][0]["type"] == "bar" and "kB" in str(drawn["layout"])
    )
    assert all("kB" in size for size in sizes["data"][0]["text"])
