"""Write the explorer's words, in every language, where core finds them without a page: ``python -m
tools.standalone_texts``.

The source is ui/components/texts.py with its catalogue; tests/ui/test_standalone_texts.py says when the file is behind
it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from unittest.mock import patch

from core.export.modules import ASSETS
from core.languages import LANGUAGES
from ui.components.choices import SHOWN
from ui.components.texts import explorer_texts


@dataclass(frozen=True)
class _View:
    """As much of a view as its words depend on."""

    rows: str = "read"
    weight: str = "attention"


PATH = ASSETS / "standalone" / "texts.json"


def document() -> dict[str, dict[str, dict[str, str]]]:
    """{language: {"attention": all words, "difference", and each value of an option that says some in other words}}."""
    return {language: _spoken(language) for language in LANGUAGES}


def _spoken(language: str) -> dict[str, dict[str, str]]:
    with (
        patch("ui.shell.locale.language", return_value=language),
        patch("ui.components.texts.language", return_value=language),
    ):
        plain = explorer_texts("attention", _View())
        others = {"difference": explorer_texts("difference", _View())} | {
            value: explorer_texts("attention", _View(**{choice.name: value}))
            for choice in SHOWN
            for value in choice.replaces
        }
    return {"attention": plain} | {
        name: {key: text for key, text in words.items() if plain.get(key) != text} for name, words in others.items()
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{PATH}: {len(document()['pt']['attention'])} texts")
