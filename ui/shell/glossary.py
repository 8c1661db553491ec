"""The words of the field, each explained in a sentence where a page first says it (assets/glossary.json).

``with_terms`` makes the first place of a term in a text a link that assets/components/glossary opens in place. Not
here: what is drawn (ui/explorer/term_panel.py), docs/glossary.md (tools/glossary.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from core.assets import ASSETS
from core.languages import Language

from .locale import language

ANCHOR = "#termo-"
_MOST = 3  # terms of one text: more would be clutter
_UNTOUCHED = re.compile(r"`[^`]*`|\$[^$]*\$|\[[^\[\]]*\]\([^()]*\)|\\?\[[^\[\]]*\]|https?://\S+")
"""What is no prose: code, formulas, links, names in brackets, addresses."""


@dataclass(frozen=True)
class Term:
    """key: of the link; page: address of the one that shows it best; section: of docs/maths.md; name, forms (as texts
    write it, the longest first) and says (one or two sentences) in one language.
    """

    key: str
    page: str
    section: str
    name: str
    forms: tuple[str, ...]
    says: str


@cache
def terms(spoken: Language) -> tuple[Term, ...]:
    """Every term in a language, in the order of the file."""
    written = json.loads((ASSETS / "glossary.json").read_text(encoding="utf-8"))["terms"]
    return tuple(_term(entry, entry.get(spoken, entry["en"])) for entry in written)


def _term(entry: Mapping, words: Mapping) -> Term:
    return Term(entry["key"], entry["page"], entry["section"], words["name"], tuple(words["forms"]), words["says"])


def with_terms(text: str, known: set[str] | None = None) -> str:
    """A text of ours (Markdown) with links at the first place of at most three terms.

    known: keys that were linked before, beside this text; what is linked here joins them.
    """
    known = set() if known is None else known
    parts, end, linked = [], 0, 0
    prose = _UNTOUCHED.sub(lambda hidden: "\0" * len(hidden[0]), text)
    for found in _pattern(language()).finditer(prose):
        key = _keys(language())[found[0].lower()]
        if key in known or linked == _MOST:
            continue
        known.add(key)
        linked += 1
        parts += [text[end : found.start()], f"[{found[0]}]({ANCHOR}{key})"]
        end = found.end()
    return "".join((*parts, text[end:]))


@cache
def _keys(spoken: Language) -> dict[str, str]:
    return {form.lower(): term.key for term in terms(spoken) for form in term.forms}


@cache
def _pattern(spoken: Language) -> re.Pattern[str]:
    forms = sorted(_keys(spoken), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)
