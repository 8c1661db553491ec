"""docs/glossary.md and docs/glossary.pt-BR.md from assets/glossary.json: ``python -m tools.glossary``."""

from __future__ import annotations

from core.languages import Language, translate
from ui.shell.glossary import terms
from ui.shell.page_registry import page_entry

from .served import ROOT

FILES: dict[Language, str] = {"en": "docs/glossary.md", "pt": "docs/glossary.pt-BR.md"}
_TITLES = {
    "en": ("Glossary", "*[Em português](glossary.pt-BR.md)*"),
    "pt": ("Glossário", "*[In English](glossary.md)*"),
}
_LEADS = {
    "en": "The same words open on every page of Mirante where a text first says them.",
    "pt": "As mesmas palavras se abrem em cada página do Mirante onde um texto as diz pela primeira vez.",
}
_HEADS = {
    "en": "| Term | What it is | See it | Formula |",
    "pt": "| Termo | O que é | Veja em | Fórmula (em inglês) |",
}


def glossary(spoken: Language) -> str:
    """The document in a language."""
    title, other = _TITLES[spoken]
    rows = [
        f"| {term.name} | {term.says} | {translate(str(page_entry(term.page).title), spoken)} "
        f"| [{term.section}](maths.md) |"
        for term in sorted(terms(spoken), key=lambda term: term.name.casefold())
    ]
    return "\n".join([f"# {title}", "", other, "", _LEADS[spoken], "", _HEADS[spoken], "|---|---|---|---|", *rows, ""])


def main() -> None:
    """Write both."""
    for spoken, name in FILES.items():
        (ROOT / name).write_text(glossary(spoken), encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
