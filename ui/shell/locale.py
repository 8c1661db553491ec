"""The language of a visit: ``t("English msgid", **fields)`` is the text that this visitor reads.

It is, in this order: ``?lang=`` of the link, what was chosen in this session, the browser's language, Portuguese. Not
here: the catalogues (core.languages), the widget that changes the language (ui.top_bar.pickers)."""

from __future__ import annotations

import re
from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import Message, MiranteError
from core.languages import DEFAULT, LANGUAGES, Language, catalog

_MARKS = frozenset("\\`*_{}[]()<>#+-.!|~$:&=")
_NOTHING = ":color[]"
_BREAKS = dict.fromkeys(map(ord, "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")
_BETWEEN = re.compile(r"(?<=:)(?=[/\w+-])|(?<=[wW]{3})(?=\.)|(?<=@)(?=\S)|(?<=[-<>~])(?=[-=>])")
"""Between which characters an address, a named picture or an arrow would be recognised."""


def t(msgid: str, **fields: object) -> str:
    """``msgid`` in the visitor's language, then ``{fields}`` filled in."""
    text = catalog(language()).gettext(msgid)
    return text.format(**fields) if fields else text


def tn(singular: str, plural: str, n: int, **fields: object) -> str:
    """Like :func:`t`, by number: ``tn("{n} token", "{n} tokens", n)``; ``n`` is a field too."""
    return catalog(language()).ngettext(singular, plural, n).format(n=n, **fields)


def percent(share: float) -> str:
    """A share 0 … 1 as people read it in this language: ``97 %`` or ``97%``.

    It is never 100 for a little less, nor 0 for a little more.
    """
    if 0.995 <= share < 1:
        return t("over {n}%", n=99)
    return t("under {n}%", n=1) if 0 < share < 0.005 else t("{n}%", n=round(100 * share))


def short_percent(share: float) -> str:
    """The same for a list or a button: ``>99 %``, ``<1 %``.

    For Markdown, not for a figure, which reads signs as tags.
    """
    sign, n = (">", 99) if 0.995 <= share < 1 else ("<", 1) if 0 < share < 0.005 else ("", round(100 * share))
    return sign + t("{n}%", n=n)


def error_text(error: MiranteError | Message) -> str:
    """An error's (or a part's) message in the visitor's language: the template is translated, then filled."""
    fields = {
        name: error_text(value) if isinstance(value, (MiranteError, Message)) else value
        for name, value in error.fields.items()
    }
    return t(error.template, **fields)


def plain(text: str) -> str:
    """Text that a Markdown element shows as it was written; the one escape for whatever a visitor or a file says.

    Every mark of the syntax is escaped. Addresses, ``:smile:``, ``:material/home:`` and arrows are recognised after the
    escapes are resolved, so that no backslash stops them: an empty element without a style (``:color[]``, Streamlit's)
    stands between their characters, which nobody sees or copies. Line breaks and tabs are spaces, as Markdown draws
    them, so that no text begins a block.
    """
    in_line = text.translate(_BREAKS)
    if in_line.startswith("  "):
        in_line = " " + in_line.lstrip(" ")  # four would be a block of code
    parts = ("".join(f"\\{mark}" if mark in _MARKS else mark for mark in part) for part in _BETWEEN.split(in_line))
    return _NOTHING.join(parts)


_settled: ContextVar[Language | None] = ContextVar("language of this run", default=None)
"""A page asks for its language two hundred times; each question to the session costs 20 µs."""


def language() -> Language:
    """The language of this visit; Portuguese outside a running page (tests, tools)."""
    return _settled.get() or _asked()


def remember_language() -> None:
    """Ask the session once for the whole run: first in every run, as a thread may serve several."""
    _settled.set(None)
    _settled.set(_asked())


def _asked() -> Language:
    if get_script_run_ctx(suppress_warning=True) is None:
        return DEFAULT
    return known(st.session_state.get("lang")) or known(st.query_params.get("lang")) or language_of_browser() or DEFAULT


def known(name: object) -> Language | None:
    """``name`` if it is a language that Mirante speaks, else None."""
    return name if isinstance(name, str) and name in LANGUAGES else None


def language_of_browser() -> Language | None:
    """The browser's language, ``pt-BR`` or ``en_US`` cut to its first part; None if we do not speak it."""
    return known((st.context.locale or "").replace("_", "-").split("-")[0].lower())
