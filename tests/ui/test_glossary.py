"""The glossary: every term in both languages, once; texts link the first place of a term, and stay the same texts."""

from __future__ import annotations

import json
import re

import pytest

from core.assets import ASSETS, ROOT
from core.languages import LANGUAGES, catalog
from tools.glossary import FILES, glossary
from ui.shell.glossary import ANCHOR, terms, with_terms
from ui.shell.page_registry import REGISTRY

WRITTEN = json.loads((ASSETS / "glossary.json").read_text(encoding="utf-8"))["terms"]
LINK = re.compile(rf"\[([^\]]*)\]\({ANCHOR}([\w-]+)\)")


def test_every_term_is_said_in_every_language_and_none_twice() -> None:
    for spoken in LANGUAGES:
        forms = [form.lower() for term in terms(spoken) for form in term.forms]
        assert len(set(forms)) == len(forms)
    assert len({entry["key"] for entry in WRITTEN}) == len(WRITTEN) >= 25
    for entry in WRITTEN:
        assert set(entry) == {"key", "page", "section", *LANGUAGES}
        for words in (entry[spoken] for spoken in LANGUAGES):
            assert words["name"] and words["forms"] and 20 < len(words["says"]) < 160 and words["says"].endswith(".")


def test_every_term_leads_to_a_page_and_to_a_section_of_the_formulas() -> None:
    sections = re.findall(r"^## ([^(\n]*)", (ROOT / "docs/maths.md").read_text(encoding="utf-8"), re.MULTILINE)
    for entry in WRITTEN:
        assert entry["page"] in {page.slug for page in REGISTRY}
        assert any(section.startswith(entry["section"]) for section in sections), entry["section"]


def test_the_documents_are_those_of_the_file() -> None:
    for spoken, name in FILES.items():
        assert (ROOT / name).read_text(encoding="utf-8") == glossary(spoken), "run python -m tools.glossary"


def test_the_first_place_of_at_most_three_terms_becomes_a_link() -> None:
    known: set[str] = set()
    text = "Um peso e outro peso: uma cabeça, uma **camada**, um token."
    linked = with_terms(text, known)
    assert [(word, key) for word, key in LINK.findall(linked)] == [
        ("peso", "weight"),
        ("cabeça", "head"),
        ("camada", "layer"),
    ]
    assert LINK.sub(r"\1", linked) == text
    assert with_terms("Um peso e um token.", known) == f"Um peso e um [token]({ANCHOR}token)."


@pytest.mark.parametrize(
    "text", ["`peso` $peso$", "[peso](/x)", "Um contrapeso, um peso-pena.", "\\[peso\\] https://a.b/peso"]
)
def test_code_formulas_links_and_other_words_are_left_alone(text: str) -> None:
    assert with_terms(text) == text


def test_most_terms_are_said_by_a_text_of_a_page() -> None:
    from babel.messages.pofile import read_po

    with (ASSETS / "locale/pt/LC_MESSAGES/mirante.po").open("rb") as file:
        said = " ".join(str(message.string) for message in read_po(file)).lower()
    assert catalog("pt") and all(any(form.lower() in said for form in term.forms) for term in terms("pt"))
