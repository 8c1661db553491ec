"""The Models page: the card of the model in the link, its numbers, and the way to use another model."""

from __future__ import annotations

import pytest

from core.models.cards import read_card
from core.models.sources import shipped_names
from tests.ui.test_pages import open_page
from ui.shell.page_registry import REGISTRY, TEXT_KINDS, pages_serving
from ui.top_bar.pickers import bundled_models
from ui.top_bar.sentence import examples_for


@pytest.mark.parametrize("name", shipped_names())
@pytest.mark.parametrize("language", ["pt", "en"])
def test_every_bundled_model_shows_its_card(name: str, language: str) -> None:
    app = open_page("modelos.py", card=name, lang=language)
    assert not app.exception and not app.error
    card = read_card(name)
    frame = app.dataframe[0].value
    assert list(frame.iloc[:, 0]) == [measure.name[language] for measure in card.measures]
    first = card.measures[0].value
    assert frame.iloc[0, 1] == f"{first:.3f}".replace(".", "," if language == "pt" else ".")
    assert any(card.text[language].splitlines()[0] in markdown.value for markdown in app.markdown)


@pytest.mark.parametrize("name", shipped_names())
def test_a_card_links_every_page_that_shows_its_model_and_offers_it_where_text_is_read(name: str) -> None:
    app = open_page("modelos.py", card=name, lang="en")
    assert sorted(next(group for group in app.button_group if group.key == "card").options) == list(shipped_names())
    kind = read_card(name).entry.kind
    links = [element.proto.label for element in app.main.get("page_link") if "→" not in element.proto.label]
    assert links.pop(0) == "Mirante"
    assert links == [str(entry.title) for entry in pages_serving(kind)] and links
    offered = [button for button in app.main.button if button.label == "Use this model"]
    assert bool(offered) == (kind in TEXT_KINDS and name != "mirante-encoder-pt")


def test_every_page_shows_a_kind_of_shipped_model_that_it_needs() -> None:
    kinds = {read_card(name).entry.kind for name in shipped_names()}
    for entry in REGISTRY:
        assert set(entry.serves) <= kinds and (entry.serves or entry.slug in ("modelos", "comece_aqui")), entry.slug
        assert entry.needs is None or entry.serves == (entry.needs,)


def test_using_another_model_changes_the_shared_picker() -> None:
    app = open_page("modelos.py", model="someone/else", card="mirante-encoder-pt")
    (use,) = [button for button in app.main.button if button.label == "Usar este modelo"]
    use.click().run()
    assert app.session_state["model"] == "mirante-encoder-pt" and not app.exception
    assert not [button for button in app.main.button if button.label == "Usar este modelo"]


def test_an_unknown_card_in_the_link_shows_a_bundled_one() -> None:
    app = open_page("modelos.py", card="../../etc")
    assert not app.exception and not app.error and app.dataframe


def test_examples_follow_the_language_for_a_model_that_reads_whole_sentences() -> None:
    assert examples_for("mirante-encoder-pt") == examples_for("someone/else") and len(examples_for("someone/else")) >= 5


def test_the_default_model_is_the_encoder_whatever_else_is_bundled(monkeypatch) -> None:
    monkeypatch.setattr("ui.top_bar.pickers.bundled_names", lambda: ("a-model", "mirante-encoder-pt", "zz"))
    assert bundled_models() == ("mirante-encoder-pt", "a-model", "zz")
    app = open_page("explorar.py")
    assert app.session_state["model"] == "mirante-encoder-pt"
