"""Pages that need one kind of model.

The right one is put into the shared pickers on arrival, and what was there comes back on leaving.

What a person last used on pages of a kind is kept, so that their own decoder returns with them. One truth: what the
bar on top says is what the page shows. Not here: whether a model can do what a page asks (core raises)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import BadInput, Message

from ..serving import cache
from ..shell.frame import beside_title
from ..shell.locale import error_text, plain, t
from ..shell.page_registry import REGISTRY
from ..shell.state import DEFAULT_MODEL, MODEL, SENTENCE, Chosen
from .sentence import examples

if TYPE_CHECKING:
    from core.models.loading import LanguageModel, ModelKind

_BUNDLED: dict[ModelKind, str] = {
    "encoder": DEFAULT_MODEL,
    "decoder": "mirante-decoder-pt",
    "encoder-decoder": "mirante-translator",
}
_KINDS: dict[ModelKind, Message] = {
    "encoder": Message("an encoder that predicts hidden words"),
    "decoder": Message("a decoder"),
    "encoder-decoder": Message("an encoder–decoder"),
}
_FOUND: dict[ModelKind, Message] = {
    "encoder": Message("an encoder"),
    "decoder": Message("a decoder"),
    "encoder-decoder": Message("an encoder–decoder"),
}
NEEDS: dict[str, ModelKind] = {entry.slug: entry.needs for entry in REGISTRY if entry.needs is not None}
"""url paths of the pages that need one kind of model, and which."""
_WANTED, _BEFORE, _PUT, _LAST, FIRST_PAGE = "_fit_wanted", "_fit_before", "_fit_put", "_fit_last", "_fit_first"
_JUST_PUT, _WHY = "_fit_just_put", "_fit_why"
"""Whether this run is the one that ``need`` asked for: it does not ask for another."""
STAY = "stay"  # in a link from such a page to another: the model goes with it


def settle_model(path: str) -> None:
    """Before the pickers are drawn: puts the model that a page needs, or the one that was there before.

    The latter on a page that any model fits.
    """
    st.session_state.setdefault(FIRST_PAGE, path)
    wanted = st.session_state.pop(_WANTED, None)
    st.session_state[_JUST_PUT] = wanted is not None
    if wanted:
        _put(wanted)
    elif path not in NEEDS and (before := st.session_state.pop(_BEFORE, None)):
        put = st.session_state.pop(_PUT, None)
        if STAY not in st.query_params and st.session_state.get(MODEL) == put:
            _put(before)


def need(kind: ModelKind, chosen: Chosen) -> LanguageModel:
    """The chosen model, if it is of this kind (an encoder: one that fills masks).

    Else the page starts again with one that is, once.

    Raises:
        BadInput: it did, and what it started with is not of this kind either. MiranteError: what core.load raises.
    """
    from core.predictions.masked import can_mask  # torch: not while the frame is drawn

    model = cache.language_model(chosen)
    last = st.session_state.setdefault(_LAST, {})
    if model.kind == kind and (kind != "encoder" or can_mask(model)):
        last[kind] = (chosen.model, chosen.sentence)
        if st.session_state.get(_PUT) == chosen.model:
            _say_put(kind, chosen)
        return model
    if st.session_state.pop(_JUST_PUT, False):
        last.pop(kind, None)
        raise BadInput(
            "This page needs {kind}, and “{model}” is not one. Choose another model in the bar on top.",
            kind=_KINDS[kind],
            model=chosen.model,
        )
    st.session_state.setdefault(_BEFORE, (chosen.model, chosen.sentence))
    st.session_state[_WHY] = _misfit(kind, model)
    st.session_state[_WANTED] = last.get(kind) or (_BUNDLED[kind], _sentence(kind, chosen.sentence))
    st.session_state[_PUT] = st.session_state[_WANTED][0]
    st.rerun()


def _say_put(kind: ModelKind, chosen: Chosen) -> None:
    """A few words beside the title: which model the page shows; their help says why, and what comes back."""
    with beside_title():
        st.caption(
            t("Here with **{model}**", model=plain(chosen.model)),
            help=t(
                "This page needs {kind}, so it shows **{model}**. {reason} On the other pages **{before}** comes back.",
                kind=error_text(_KINDS[kind]),
                model=plain(chosen.model),
                reason=plain(error_text(st.session_state[_WHY])),
                before=plain(st.session_state[_BEFORE][0]),
            ),
            width="content",
        )


def _misfit(kind: ModelKind, model: LanguageModel) -> Message:
    """Why a model is not the one that a page needs."""
    from core.predictions.masked import no_mask_reason

    reason = no_mask_reason(model) if kind == "encoder" else None
    return reason or Message("“{model}” is {found}.", model=model.name, found=_FOUND[model.kind])


def _sentence(kind: ModelKind, sentence: str) -> str:
    """The sentence of a link, or one that a model of this kind can read."""
    linked = SENTENCE in st.query_params
    written_for_it = linked and NEEDS.get(st.session_state.get(FIRST_PAGE, "")) == kind  # the visit began here
    fits = linked if kind == "decoder" else written_for_it or sentence.startswith(">>")
    first = {"decoder": "decoder", "encoder-decoder": "encoder-decoder"}.get(kind)
    return sentence if fits or first is None else examples(first)[0]["text"]


def _put(choice: tuple[str, str]) -> None:
    st.session_state[MODEL], st.session_state[SENTENCE] = choice
