"""A model that was saved without a prediction head: pages give what needs no answer, and say at once what they lack."""

from __future__ import annotations

import pytest
from transformers import AutoModel, AutoTokenizer

from core.analyses.methods import METHODS
from tests import tiny
from tests.ui.test_pages import open_page

REASON = "foi salvo sem a camada de previsão"


@pytest.fixture(scope="module")
def bodies(tmp_path_factory):
    """A models folder with an encoder and a decoder that are bodies alone."""
    root = tmp_path_factory.mktemp("bodies")
    for name in ("bert", "gpt_neox"):
        AutoModel.from_pretrained(tiny.folder(name)).save_pretrained(root / name)
        AutoTokenizer.from_pretrained(tiny.folder(name)).save_pretrained(root / name)
    return root


@pytest.fixture(autouse=True)
def models_folder(bodies, monkeypatch):
    monkeypatch.setenv("MIRANTE_MODELS", str(bodies))


def infos(app) -> str:
    return " ".join(info.value.replace("\\", "") for info in app.info)


@pytest.mark.parametrize("name", ["bert", pytest.param("gpt_neox", marks=pytest.mark.slow)])
def test_paths_gives_every_method_that_needs_no_answer(name):
    app = open_page("caminhos.py", lang="pt", model=name, sentence=tiny.SENTENCE, word="6:copo")
    assert not app.error and not app.exception, app.error
    assert f"“{name}” {REASON}" in infos(app) and "vetor de **copo**" in infos(app)
    offered = next(group for group in app.button_group if group.key == "method").options
    assert len(offered) == len(METHODS) - 1 and not any("Gradiente" in option for option in offered)
    assert any(REASON in text.value for text in app.markdown), "why the gradient is missing"


@pytest.mark.parametrize(
    "page", ["fidelidade.py", *(pytest.param(page, marks=pytest.mark.slow) for page in ("causa.py", "camadas.py"))]
)
def test_what_needs_an_answer_says_the_reason_before_anything_is_waited_for(page):
    app = open_page(page, lang="pt", model="bert", sentence=tiny.SENTENCE)
    assert [REASON in error.value for error in app.error] == [True] and not app.exception
    assert "leva cerca de" not in infos(app)


@pytest.mark.parametrize(
    ("page", "shown", "reason"),
    [
        ("mascarar.py", "mirante-encoder-pt", REASON),
        pytest.param("gerar.py", "mirante-decoder-pt", "“bert” é um codificador", marks=pytest.mark.slow),
        pytest.param("traduzir.py", "mirante-translator", "“bert” é um codificador", marks=pytest.mark.slow),
    ],
)
def test_a_page_that_shows_another_model_says_so_and_why(page, shown, reason):
    app = open_page(page, lang="pt", model="bert")
    assert not app.error and not app.exception
    (note,) = [caption for caption in app.caption if f"Aqui com **{shown}**" in caption.value.replace("\\", "")]
    said = note.help.replace("\\", "")
    assert f"por isso mostra **{shown}**" in said and reason in said and "Nas outras páginas **bert** volta" in said
    assert app.session_state["model"] == shown


@pytest.mark.slow
def test_a_model_that_fits_is_not_spoken_of():
    app = open_page("mascarar.py", lang="pt", model="mirante-encoder-pt")
    assert not any("Aqui com" in caption.value for caption in app.caption)
