"""Every page ends with two or three questions, each a link to another page that has the same choices."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from tests.ui.test_pages import open_page
from ui.explorer.where_next import CARRIED
from ui.shell.locale import catalog
from ui.shell.page_registry import REGISTRY, page_entry
from ui.shell.ways_on import WAYS_ON

SLUGS = [entry.slug for entry in REGISTRY]


def test_every_page_leads_on_and_every_page_is_led_to_or_in_the_menu_alone_for_a_reason() -> None:
    assert sorted(WAYS_ON) == sorted(SLUGS)
    reached = {slug for ways in WAYS_ON.values() for _, slug in ways}
    unreached = set(SLUGS) - reached
    # the start and what begins there; pages of another kind of model; the list of all models and what looks at one
    assert unreached == {"inicio", "comece_aqui", "gerar", "traduzir", "varredura", "modelos", "visao", "convolucao"}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_ways_of_a_page(slug: str) -> None:
    ways = WAYS_ON[slug]
    targets = [target for _, target in ways]
    assert 2 <= len(ways) <= 3 and len(set(targets)) == len(targets) and slug not in targets
    assert set(targets) <= set(SLUGS)
    for question, _ in ways:
        assert str(question).endswith("?") and catalog("pt").gettext(str(question)).endswith("?")
        assert catalog("pt").gettext(str(question)) != str(question)


@pytest.mark.parametrize("language", ["pt", "en"])
def test_the_links_carry_what_is_chosen(language: str) -> None:
    chosen = {"lang": language, "sentence": "O gato dorme.", "layer": "2", "head": "5", "token": "2:dorme"}
    app = open_page("explorar.py", model="mirante-encoder-pt", picture="lines", **chosen)
    links = {element.proto.page: element.proto for element in app.get("page_link") if "→" in element.proto.label}
    assert sorted(links) == sorted(target for _, target in WAYS_ON["explorar"])
    title = catalog(language).gettext(str(page_entry("causa").title))
    assert links["causa"].label.endswith(title)
    for link in links.values():
        said = {name: values[0] for name, values in parse_qs(link.query_string).items()}
        assert chosen.items() <= said.items() and set(said) <= set(CARRIED)


def test_the_model_of_a_page_that_needs_one_goes_along() -> None:
    app = open_page("gerar.py", sentence="O menino leu", lang="pt")
    links = [element.proto.query_string for element in app.get("page_link") if "→" in element.proto.label]
    assert len(links) == 2 and all("stay=true" in link and "model=mirante-decoder-pt" in link for link in links)
