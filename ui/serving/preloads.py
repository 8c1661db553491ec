"""Which scripts of Streamlit the browser fetches with the index page, because every page of ours needs them at once.

Streamlit fetches the script of a widget when the first of its kind is drawn, and draws a grey bar until then: a second
of bars of another size than what comes, and everything below jumps. Not here: the page itself (index_page.py)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit as st

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
WIDGETS = ("TextArea", "BidiComponent", "PageLink", "Selectbox", "ButtonGroup", "Checkbox")
"""Of the bar on top and of most pages, by the names of Streamlit's files."""
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")


@cache
def preloads() -> str:
    """Links for the head of the index page; a widget whose file has another name in a new version has none."""
    names = [path.name for widget in WIDGETS for path in SCRIPTS.glob(f"{widget}.*.js")]
    for name in names:  # grows while it is walked
        script = (SCRIPTS / name).read_text(encoding="utf-8")
        names += [other for other in dict.fromkeys(IMPORTED.findall(script)) if other not in names]
    return "\n    ".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in names)
