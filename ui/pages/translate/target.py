"""The target side of the page "Translate": written by a person, or by the model, greedily or by beam search."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.models.loading import LanguageModel
from core.predictions.generation import Beam, beams
from core.tracing.trace import Trace

from ...explorer.language_pickers import pick_languages
from ...explorer.target_text import TARGET
from ...serving import cache
from ...serving.bounded_cache import Shelf
from ...serving.forward_slots import forward_slot
from ...shell.frame import beside_title
from ...shell.locale import plain, t
from ...shell.named_choice import pick_named
from ...shell.numbers import decimal
from ...shell.state import Chosen, publish, settle

_WAY, _BEAM = "search", "beam"
_GREEDY, _SEARCH = "greedy", "beam"
_WIDTH = 4

_beams: Shelf[list[Beam]] = Shelf(64)


def read_target(chosen: Chosen, model: LanguageModel, below: DeltaGenerator) -> Trace:
    """The sentence with the target side that is asked for; its field stands in ``below``."""
    with beside_title():
        pick_languages(chosen)
    with below, st.container(horizontal=True, vertical_alignment="bottom"):
        forced = st.text_input(
            t("Your own translation"),
            key=TARGET,
            bind="query-params",
            max_chars=1000,
            placeholder=t("Leave it empty to let the model write it."),
            help=t(
                "The decoder then reads your words instead of its own, and its attention shows where it "
                "would look for them."
            ),
        ).strip()
        way = _pick_way(disabled=bool(forced))
    if forced:
        return cache.trace(chosen, chosen.sentence, forced)
    if way == _GREEDY:
        return cache.trace(chosen, chosen.sentence)
    with below:
        beam = _pick_beam(chosen, model)
        if not beam.ended:
            st.caption(t("It was cut at the limit."))
    return cache.trace(chosen, chosen.sentence, beam.target.ids)


def _pick_way(*, disabled: bool) -> str:
    names = {_GREEDY: t("greedily"), _SEARCH: t("with a beam of {n}", n=_WIDTH)}
    return pick_named(
        t("The model writes"),
        names,
        key=_WAY,
        default=_GREEDY,
        disabled=disabled,
        help=t(
            "Greedily: the most probable token, one after another. With a beam: several translations at once, "
            "of which the best whole ones are kept."
        ),
    )


def _pick_beam(chosen: Chosen, model: LanguageModel) -> Beam:
    """One of the translations that the search found, the best by default."""
    found_beams = _beams.get((*chosen.key, chosen.sentence), lambda: _search(chosen, model))
    options = tuple(range(1, len(found_beams) + 1))
    settle(_BEAM, options, 1)
    labels = {
        number: f"{plain(beam.target.text)} · {_score(beam)}" for number, beam in zip(options, found_beams, strict=True)
    }
    number = st.radio(
        t("Translations found, with the mean log-probability of a token (nats)"),
        options,
        key=_BEAM,
        persist_state="session",
        format_func=labels.get,
    )
    publish(_BEAM, str(number), "1")
    return found_beams[number - 1]


def _search(chosen: Chosen, model: LanguageModel) -> list[Beam]:
    with forward_slot(), st.spinner(t("Searching translations…")):
        return beams(model, chosen.sentence, _WIDTH)


def _score(beam: Beam) -> str:
    return decimal(beam.score, 2)
