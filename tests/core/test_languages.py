"""A language is a folder of assets/locale: another one needs a catalogue and no code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import languages
from core.export.provenance import citation
from core.languages import LANGUAGES, decimal_sign, spoken, thousands_sign, translate

SPANISH = """msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "sentence “{text}”"
msgstr "oración “{text}”"
"""
RECORD = {
    "versions": {"mirante": "0"},
    "model": "m",
    "revision": "r",
    "sentence": "El vaso está lleno.",
    "target": None,
    "options": {"edits": []},
    "mixing": {"state": "none"},
    "date": "2026-11-30T00:00:00",
}


@pytest.fixture
def with_spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of catalogues to which somebody added one."""
    for name, text in {"es": SPANISH, "pt": 'msgid ""\nmsgstr ""\n'}.items():
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "mirante.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(languages, "CATALOGS", tmp_path)
    languages.catalog.cache_clear()
    yield
    languages.catalog.cache_clear()


def test_the_languages_of_the_tree() -> None:
    assert LANGUAGES[:2] == ("pt", "en") and set(LANGUAGES) == set(spoken())


def test_a_language_more_is_a_folder_more(with_spanish: None) -> None:
    assert spoken() == ("pt", "en", "es")
    assert "oración “El vaso está lleno.”" in citation(RECORD, "es")
    assert translate("with an intervention", "es") == "with an intervention"  # what it lacks is English


def test_english_needs_no_catalogue() -> None:
    assert translate("layer {layer}, head {head}", "en", layer=1, head=2) == "layer 1, head 2"
    assert translate("layer {layer}, head {head}", "pt", layer=1, head=2) == "camada 1, cabeça 2"


@pytest.mark.parametrize(("language", "decimal", "thousands"), [("pt", ",", "."), ("en", ".", ","), ("es", ",", ".")])
def test_numbers_are_written_as_the_language_does(language: str, decimal: str, thousands: str) -> None:
    assert (decimal_sign(language), thousands_sign(language)) == (decimal, thousands)
