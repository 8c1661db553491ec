"""What opens at a term of the glossary: one panel for the whole page (assets/components/glossary)."""

from __future__ import annotations

from ..components.registry import mount
from ..shell.glossary import ANCHOR, terms
from ..shell.locale import error_text, language, t
from ..shell.page_registry import page_entry


def term_panel() -> None:
    """Draw it; nothing is seen until a term is pointed at, tapped, or reached by the keyboard."""
    said = {
        term.key: {
            "name": term.name,
            "says": term.says,
            "path": page_entry(term.page).path[1:],
            "see": t("See it: {page} (new tab)", page=error_text(page_entry(term.page).title)),
            "more": t("More: docs/maths.md, “{section}”.", section=term.section),
        }
        for term in terms(language())
    }
    mount("glossary")(key="glossary", data={"anchor": ANCHOR, "terms": said}, height="content")
