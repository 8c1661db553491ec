"""What is compared: A is what the whole app has chosen; B differs in its head, its sentence or its model.

Everything is in the link: ``mode``, and of B ``b_layer``, ``b_head``, ``b_sentence``, ``b_model``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.axes import Kind, LayerHead, head_name
from core.errors import BadInput
from core.tracing.trace import Trace
from core.views.comparison import Comparison, compare

from ...explorer.head_pickers import pick_head
from ...serving import cache
from ...shell.frame import beside_title
from ...shell.locale import plain, t
from ...shell.named_choice import pick_named
from ...shell.state import DEFAULT_SENTENCE, Chosen, settle
from ...top_bar.pickers import offered_models

_MODE, _KIND, _B_LAYER, _B_HEAD, _B_SENTENCE, _B_MODEL = "mode", "kind", "b_layer", "b_head", "b_sentence", "b_model"
HEADS, SENTENCES, MODELS = _MODES = ("heads", "sentences", "models")
DEFAULT_B = DEFAULT_SENTENCE.replace("cheio", "vazia")


@dataclass(frozen=True, eq=False)
class ComparedPair:
    """Both sides as they are shown: comparison, head and a short name of each.

    word: paired word that changes most in these heads, to be held where nobody holds one; None where it is not known.
    """

    mode: str
    comparison: Comparison
    heads: tuple[LayerHead, LayerHead]
    names: tuple[str, str]
    word: int | None = None


def pick_pair(chosen: Chosen, mode: str, heads_place: DeltaGenerator) -> ComparedPair:
    """The widgets of both sides, those of the heads in ``heads_place``, and what they choose.

    Raises:
        MiranteError: what reading a sentence raises; BadInput when no word is common.
    """
    with beside_title():
        other = _pick_other(mode, chosen)
        a, b = cache.trace(chosen, chosen.sentence), cache.trace(other, other.sentence)
        comparison = compare(a, b, _pick_kind(a))
        changed = most_changed(comparison) if mode == SENTENCES else None
    with heads_place:
        heads = _pick_heads(mode, comparison, changed)
    names = tuple(f"{side}: {about}" for side, about in zip("AB", _names(mode, chosen, other, heads), strict=True))
    word = changed[1] if changed and changed[0] == heads[0] else None
    return ComparedPair(mode, comparison, heads, names, word)


def pick_mode() -> str:
    """Heads, sentences or models."""
    labels = {HEADS: t("Two heads"), SENTENCES: t("Two sentences"), MODELS: t("Two models")}
    return pick_named(t("Compare"), labels, key=_MODE, default=SENTENCES, hide_label=True)


def _pick_other(mode: str, chosen: Chosen) -> Chosen:
    """B's model and sentence."""
    if mode == SENTENCES:
        text = st.text_input(
            t("Sentence B"),
            DEFAULT_B,
            key=_B_SENTENCE,
            bind="query-params",
            persist_state="session",
            max_chars=1000,
            width=480,
            help=t("A is the sentence of the bar on top: “{sentence}”", sentence=plain(chosen.sentence[:120])),
        )
        if not (text or "").strip():
            raise BadInput("Sentence B is empty. Type it in its field.")
        return replace(chosen, sentence=text)
    if mode == MODELS:
        model = st.selectbox(
            t("Model B"),
            _models(chosen.model),
            key=_B_MODEL,
            bind="query-params",
            persist_state="session",
            accept_new_options=True,
            width=320,
            help=t(
                "A is the model of the bar on top: {model}. Any other that you can type there can be typed here.",
                model=plain(chosen.model),
            ),
        )
        return replace(chosen, model=(model or chosen.model).strip())
    return chosen


def _models(first: str) -> tuple[str, ...]:
    """Models to choose from, those that are not A first, and what the link names."""
    known = offered_models()
    from_link = st.session_state.get(_B_MODEL) or st.query_params.get(_B_MODEL) or ""
    names = (*(name for name in known if name != first), first, *([from_link] if from_link else []))
    return tuple(dict.fromkeys(names))


def _pick_kind(a: Trace) -> Kind:
    """Which attention of A, where it has several."""
    if len(a.kinds) == 1:
        return a.kinds[0]
    names = {"encoder": t("Encoder"), "decoder": t("Decoder"), "cross": t("Cross")}
    return pick_named(t("Attention"), {kind: names[kind] for kind in a.kinds}, key=_KIND, default="encoder")


def most_changed(comparison: Comparison) -> tuple[LayerHead, int] | None:
    """``Comparison.most_changed``, looked for once a pair."""
    known = _most_changed.setdefault(comparison.a, WeakKeyDictionary()).setdefault(comparison.b, {})
    if comparison.kind_a not in known:
        known[comparison.kind_a] = comparison.most_changed()
    return known[comparison.kind_a]


_most_changed: WeakKeyDictionary[Trace, WeakKeyDictionary[Trace, dict]] = WeakKeyDictionary()


def _pick_heads(
    mode: str, comparison: Comparison, changed: tuple[LayerHead, int] | None
) -> tuple[LayerHead, LayerHead]:
    """A's head by the pickers of the whole app; B's by its own, or the same where one model reads two sentences.

    Two sentences open on the head that changes most.
    """
    view = cache.view(comparison.a, comparison.kind_a, words=True, specials=True, renormalise=False)
    first = pick_head(view, first=changed[0] if changed else cache.first_head(comparison.a, comparison.kind_a))
    if mode == SENTENCES:
        return first, first
    layers, heads = (
        range(1, comparison.b.layers(comparison.kind_b) + 1),
        range(1, comparison.b.heads(comparison.kind_b) + 1),
    )
    start = (
        _another(first, len(layers), len(heads)) if mode == HEADS else cache.first_head(comparison.b, comparison.kind_b)
    )
    settle(_B_LAYER, layers, start[0] + 1)
    settle(_B_HEAD, heads, start[1] + 1)
    layer = st.selectbox(t("Layer of B"), layers, key=_B_LAYER, bind="query-params", width=110)
    head = st.selectbox(t("Head of B"), heads, key=_B_HEAD, bind="query-params", width=110)
    return first, (layer - 1, head - 1)


def _another(first: LayerHead, layers: int, heads: int) -> LayerHead:
    """A head that is not A's, where there is one: the next of its layer."""
    return (first[0], (first[1] + 1) % heads) if heads > 1 else ((first[0] + 1) % layers, 0)


def _names(mode: str, a: Chosen, b: Chosen, heads: tuple[LayerHead, LayerHead]) -> tuple[str, str]:
    if mode == SENTENCES:
        return a.sentence, b.sentence
    labels = tuple(head_name(*head, t("L")) for head in heads)
    return labels if mode == HEADS else (f"{a.model} · {labels[0]}", f"{b.model} · {labels[1]}")
