"""What a visitor has chosen, and what of it the link carries.

``Chosen`` is what every page gets; the names of the session and URL keys live here, once.
A link restores model, sentence, device, precision and language. A sentence whose encoded form is longer
than ``LINK_LIMIT`` stays out of the link (browsers, proxies and chat programs cut long
addresses): it is kept under a short id (ui.top_bar.long_text). Not here: widgets (ui.top_bar.pickers).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.languages import LANGUAGES, Language

from .history import follows_link
from .locale import known, language, language_of_browser, remember_language

MODEL, SENTENCE, DEVICE, PRECISION, LANG = "model", "sentence", "device", "precision", "lang"
LINK_TOO_LONG = "link_too_long"  # characters of a link that was refused (ui.serving.messages)
SOURCE_LANGUAGE, TARGET_LANGUAGE = "source_language", "target_language"
OF_FRAME = (MODEL, SENTENCE, DEVICE, PRECISION, LANG)  # choices that every page has
LONGEST_CODE = 16  # characters; the longest are those of NLLB, por_Latn
DEFAULT_MODEL = "mirante-encoder-pt"
DEFAULT_DEVICE = "auto"
DEFAULT_SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."
Precision = Literal["float32", "float16"]
LINK_LIMIT = 1500  # characters after percent-encoding: 2000 is the common cut, the rest is for the other choices


@dataclass(frozen=True)
class Chosen:
    """What the shared pickers say: a bundled name, hub id or folder; a device and precision; the text; pt or en.

    languages: codes of what a translator of many languages reads and writes (None: its own); no other model asks.
    """

    model: str
    device: str
    sentence: str
    language: Language
    precision: Precision = "float32"
    languages: tuple[str | None, str | None] = (None, None)

    @property
    def key(self) -> tuple[str | None, ...]:
        """What decides the numbers of a text, for the key of a cache."""
        return (self.model, self.device, self.precision, *self.languages)


def chosen() -> Chosen:
    """The choices of this visit; from the link or by default where no picker has run (a page tested alone)."""
    return Chosen(
        model=(current(MODEL) or DEFAULT_MODEL).strip(),
        device=st.session_state.get(DEVICE) or DEFAULT_DEVICE,  # never from the link alone: this machine may lack it
        sentence=DEFAULT_SENTENCE if (text := current(SENTENCE)) is None else text,
        language=language(),
        precision=st.session_state.get(PRECISION) or "float32",
        languages=(_code(SOURCE_LANGUAGE), _code(TARGET_LANGUAGE)),
    )


def _code(key: str) -> str | None:
    """A code of a language, as the session or the link has it; of a stranger's no more than a code has."""
    return (current(key) or "")[:LONGEST_CODE] or None


def current(key: str) -> str | None:
    """What the session holds for a key, else what the link says."""
    value = st.session_state.get(key)
    return st.query_params.get(key) if value is None else value


def with_current(options: tuple[str, ...], key: str) -> tuple[str, ...]:
    """``options``, and the typed value at the end if it is none of them: the list always shows what is chosen."""
    value = current(key)
    return options if not value or value in options else (*options, value)


def fits_link(text: str) -> bool:
    """Whether a text is short enough, once encoded, to travel in the address bar."""
    return len(quote(text)) <= LINK_LIMIT


def sentence_travels() -> bool:
    """Whether the sentence of this run goes into the link; call before its widget is drawn.

    When a short text follows a long one the value is assigned again: only an assigned value makes
    Streamlit write the parameter that it had taken out.
    """
    text = st.session_state.get(SENTENCE) or ""
    travels = fits_link(text)
    if travels and st.session_state.get("_sentence_stayed"):
        st.session_state[SENTENCE] = text
    st.session_state["_sentence_stayed"] = not travels
    return travels


def settle_language() -> None:
    """Fix the language of this visit before anything is drawn, and write it into the link.

    Runs first in app.py. The link always names the language, so that whoever opens a copied
    one reads what the sender read. An unknown ``?lang=`` counts as none.
    """
    if not known(st.session_state.get(LANG)):
        _begin_language()
    remember_language()


def _begin_language() -> None:
    linked = known(st.query_params.get(LANG))
    st.session_state[LANG] = linked or language_of_browser() or LANGUAGES[0]
    if linked is None:
        with suppress(
            StreamlitAPIException
            # the browser's Back to an address without it: the picker of the page before still holds the name, and
            # writes it
            # itself
        ):
            st.query_params[LANG] = st.session_state[LANG]


def settle(key: str, options: Sequence, default: object) -> None:
    """Give a bound widget a value that its options have: what is held, else what the link says, else ``default``.

    Call before the widget. A link to layer 999, or a model with fewer layers than the last one, gets the default.
    """
    follows_link(key)
    by_name = {str(option): option for option in options}
    held = st.session_state.get(key, by_name.get(st.query_params.get(key, "")))
    wanted = held if held in by_name.values() else default
    st.session_state[key] = (
        # assigned even where it is held: on another page the widget is a new one, and would begin at its first option
        wanted
    )


def fragment_alone() -> bool:
    """Whether this run is of a fragment only. Then the address is the browser's: what Python knows of it is that of the
    last page, and writing it would take back what a widget outside the fragment has written since.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and bool(context.fragment_ids_this_run)


def publish(key: str, value: str, default: str) -> None:
    """Write the choice of a widget into the link ourselves, where its options are shown translated.

    Streamlit's own binding writes the text that is shown, so that a link from Portuguese would not open in English.
    """
    if value != default:
        if st.query_params.get(key) != value:
            st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def held(key: str, page: str = "") -> str:
    """What no widget holds: the choice of this visit, else what the link says, else nothing.

    The link says it again after another page.
    """
    name = f"_held_{page}{key}"
    follows_link(name)
    value = st.session_state.setdefault(name, st.query_params.get(key, ""))
    publish(key, value, "")
    return value


def hold(key: str, value: str, page: str = "") -> None:
    """Keep a choice for ``held``; ``page`` where others use the same name for something else."""
    st.session_state[f"_held_{page}{key}"] = value
    publish(key, value, "")
