"""The menu of all pages in their groups, each with a line of what it is for (assets/components/menu draws it).

Streamlit's own navigation shows names alone; at the side its groups fail screen readers, on top it stands before the
sentence (docs/decisions/0032-top-bar.md). It stays, out of sight: what is chosen here presses its links, so that a
page begins as Streamlit lets pages begin.
"""

from __future__ import annotations

from ..components.registry import mount
from ..shell.locale import error_text, t
from ..shell.modes import projector
from ..shell.page_registry import GROUPS, REGISTRY, PageEntry


def menu(page: PageEntry) -> None:
    """Draw it; ``page`` is the one in view."""
    groups = [
        {
            "title": error_text(title),
            "pages": [_entry(entry, page) for entry in REGISTRY if entry.section == section],
        }
        for section, title in GROUPS.items()
    ]
    mount("menu")(
        key="menu",
        data={
            "label": t("Menu"),
            "skip": t("Skip to the page"),
            "slim": projector(),
            "home": _entry(REGISTRY[0], page),
            "groups": groups,
        },
        width="content",
    )


def _entry(entry: PageEntry, page: PageEntry) -> dict[str, object]:
    return {
        "path": entry.path[1:],
        "title": error_text(entry.title),
        "purpose": error_text(entry.purpose),
        "here": entry is page,
    }
