"""What a link shows that names a model which cannot be: one short message, in the visitor's language."""

from __future__ import annotations

import shutil

import pytest

from tests.hostile_models import HOSTILE, copied_model
from tests.tiny import folder
from tests.ui.test_pages import open_page

PAGES = ("explorar.py", "visao.py", "mascarar.py")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "name", ["x" * 5000, "../" * 1500, "a" * 96 + "/" + "b" * 800], ids=["long", "upwards", "path"]
)
def test_a_long_name_gets_a_short_message(page, name):
    app = open_page(page, lang="pt", model=name, vision_model=name)
    assert not app.exception and len(app.error) == 1
    assert len(app.error[0].value) < 700 and name not in app.error[0].value
    assert "referência" not in app.error[0].value  # what was not foreseen is told with one


@pytest.mark.parametrize(
    ("damage", "language", "words"),
    [
        ("config: a million layers", "pt", ("1000000", "no máximo 512")),
        ("config: a million layers", "en", ("1000000", "at most 512")),
        ("tokenizer: a doubling of letters", "pt", ("tokenizer", "a leitura leva mais de 0")),
        ("weights: a header of 2**60 bytes", "pt", ("o cabeçalho diz ter",)),
    ],
)
def test_a_hostile_folder_is_told_with_number_and_limit(damage, language, words, tmp_path, monkeypatch):
    monkeypatch.setenv("MIRANTE_MODELS", str(tmp_path))
    HOSTILE[damage](copied_model(tmp_path / "stranger"))
    app = open_page("explorar.py", lang=language, model="stranger")
    assert not app.exception and len(app.error) == 1
    message = app.error[0].value.replace("\\", "")
    assert all(word in message for word in words) and "stranger" in message, message


@pytest.mark.parametrize("language", ["pt", "en"])
def test_pickled_weights_are_answered_with_the_command_that_converts_them(language, tmp_path, monkeypatch):
    monkeypatch.setenv("MIRANTE_MODELS", str(tmp_path))
    model = copied_model(tmp_path / "somebody" / "old-model")
    (model / "model.safetensors").rename(model / "pytorch_model.bin")
    app = open_page("explorar.py", lang=language, model="somebody/old-model")
    assert not app.exception and len(app.error) == 1
    message = app.error[0].value.replace("\\", "")
    assert message.endswith("python -m core fetch somebody/old-model") and "pickle" in message


@pytest.mark.parametrize("page", ["explorar.py", pytest.param("caminhos.py", marks=pytest.mark.slow)])
def test_a_model_whose_words_mix_outside_attention_is_shown_with_a_word_about_it(page, tmp_path, monkeypatch):
    monkeypatch.setenv("MIRANTE_MODELS", str(tmp_path))
    shutil.copytree(folder("mobilebert"), tmp_path / "trigrams")
    app = open_page(page, lang="pt", model="trigrams")
    assert not app.exception and len(app.warning) == 1
    words = "também se misturam fora da atenção (um embedding de palavras vizinhas)"
    assert words in app.warning[0].value.replace("\\", "")
    assert not open_page(page, lang="pt").warning


@pytest.mark.parametrize(
    ("asked", "shown", "told"), [("3", 2, True), pytest.param("4", 4, False, marks=pytest.mark.slow)]
)
def test_a_link_names_the_layers_of_a_hybrid_as_the_model_counts_them(asked, shown, told, tmp_path, monkeypatch):
    """Of four layers the second and the fourth have attention; a link to another opens the nearest, and says so."""
    monkeypatch.setenv("MIRANTE_MODELS", str(tmp_path))
    shutil.copytree(folder("lfm2"), tmp_path / "hybrid")
    app = open_page("explorar.py", lang="pt", model="hybrid", layer=asked, head="2")
    assert not app.exception and not app.error and app.session_state["layer"] == shown
    assert "Camadas sem atenção: 1, 3 (uma convolução)." in app.warning[0].value.replace("\\", "")
    assert any("tem atenção nas camadas 2, 4" in caption.value for caption in app.caption) == told
