"""What the bench is asked: which sentences, which conditions, how, and beside which null. All of it in the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.coreference.items import Item, bundled_items
from core.coreference.learned import learned_items, length_note
from core.coreference.probes import PROBES, Probe, fits, refusal
from core.models.loading import LanguageModel

from ...shell.history import follows_link
from ...shell.locale import error_text, plain, t
from ...shell.named_choice import pick_named
from ...shell.state import publish
from .names import condition_name, probe_names

_SOURCE, _PROBE, _CONDITIONS, _UNTRAINED, _CAUSAL = "items", "probe", "conditions", "twin", "causal"
_SOURCES = ("containers", "families", "own")
_TRANSLATED = ("translations",)
_FIRST = ("P0", "P2", "P3")


@dataclass(frozen=True)
class Options:
    """The items that were chosen and fit the probe, the probe, and what else is to be run."""

    source: str
    items: tuple[Item, ...]
    probe: Probe
    untrained: bool
    causal: bool


def pick_items(model: LanguageModel) -> str:
    """Containers, families or the visitor's own pairs; for a translator, what it can translate."""
    names = {
        "containers": t("Jug and glass, 9 conditions"),
        "families": t("18 other families"),
        "own": t("Your own pairs"),
        "translations": t("Translation of “it”"),
    }
    sources = _TRANSLATED if model.kind == "encoder-decoder" else _SOURCES
    return pick_named(t("Sentences"), {source: names[source] for source in sources}, key=_SOURCE, default=sources[0])


def pick_options(model: LanguageModel, source: str, own_pairs: Sequence[Item]) -> Options:
    """The rest of the choices, for the items of the source."""
    items = tuple(own_pairs) if source == "own" else bundled_items(source)
    probe = _pick_probe(items)
    if (reason := refusal(model, probe)) is not None:
        st.info(plain(error_text(reason)))
    items = _pick_conditions(source, tuple(item for item in items if fits(item, probe)))
    if (note := length_note(model, items)) is not None:
        st.caption(plain(error_text(note)))
    items = learned_items(model, items)
    with st.container(horizontal=True):
        causal = model.kind != "encoder-decoder" and st.toggle(
            t("Cut edges too"),
            key=_CAUSAL,
            bind="query-params",
            help=t(
                "For each sentence, the edges from the deciding word to each noun are cut: whose loss moves "
                "the answer most? Takes about twice as long."
            ),
        )
        untrained = st.toggle(
            t("Random twin too"),
            key=_UNTRAINED,
            bind="query-params",
            help=t("The same architecture, never trained: what its heads show is luck and shape."),
        )
    return Options(source, items, probe, untrained, causal)


def _pick_probe(items: Sequence[Item]) -> Probe:
    """How is asked; only what some item of the source can be asked."""
    known = tuple(probe for probe in PROBES if any(fits(item, probe) for item in items))
    first: Probe = "question" if "question" in known else known[0]
    names = probe_names()
    return pick_named(
        t("What is measured"),
        {probe: names[probe] for probe in known},
        key=_PROBE,
        default=first,
        help=t(
            "Look of the adjective: the row of the word as it stands. Answer to a question: “What got full? "
            "The ___.” Hidden noun: “until the ___ was full”. The last two are read from the hidden word."
        ),
    )


def _pick_conditions(source: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The conditions to run; own pairs have one."""
    known = tuple(dict.fromkeys(item.condition for item in items))
    if source == "own" or not known:
        return items
    key = f"{_CONDITIONS}_{source}"
    first = [name for name in known if name in _FIRST] or list(known)
    follows_link(key)
    from_link = [name for name in (st.query_params.get(_CONDITIONS) or "").split(",") if name in known]
    held = [name for name in st.session_state.get(key) or from_link or first if name in known]
    st.session_state[key] = held
    picked = st.pills(
        t("Conditions"), known, key=key, selection_mode="multi", persist_state="session", format_func=condition_name
    )
    picked = picked or first
    publish(_CONDITIONS, ",".join(picked), ",".join(first))
    return tuple(item for item in items if item.condition in picked)
