"""The views of two sides: beside each other, taking turns, over each other, or as their signed difference.

Always on one scale: weights 0 … 1 on both sides; a difference symmetric about 0, to the next twentieth above its
largest value. Not here: what the two sides are (sides.py).
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from math import ceil

import numpy as np
import streamlit as st

from core.tracing.trace import Trace
from core.views.difference import Difference
from core.views.view import View

from ...components.attention import Offer, attention_explorer, chosen_selection
from ...components.selection import Selection
from ...explorer.exports import source
from ...explorer.selection_link import COMPARE, follow_words, hold_word, linked_selection
from ...serving import cache
from ...shell.locale import plain, t
from ...shell.named_choice import pick_named
from .sides import ComparedPair

_SHOW = "show"
_BESIDE, _TOGGLE, _OVERLAY, _GAP = COMPARE_VIEWS = ("beside", "toggle", "overlay", "difference")
_COLOURS = ("more", "less")  # A and B in the colours of the difference


def pick_view() -> str:
    """How both sides are shown."""
    labels = {
        _BESIDE: t("Side by side"),
        _TOGGLE: t("A or B"),
        _OVERLAY: t("One over the other"),
        _GAP: t("Difference"),
    }
    return pick_named(t("Shown"), labels, key=_SHOW, default=_BESIDE, hide_label=True)


def show_pair(pair: ComparedPair, way: str) -> None:
    """The pictures, and which words no aligned picture shows."""
    {_BESIDE: _beside, _TOGGLE: _toggle, _OVERLAY: _overlay, _GAP: _difference}[way](pair)
    _say_alone(pair)


def _beside(pair: ComparedPair) -> None:
    """Both whole maps; a word held in one is held in the other where it has a partner."""
    comparison, views = pair.comparison, [view for _, view in _traces_and_views(pair)]
    held = linked_selection(views[0], pair.heads[0], COMPARE).query
    if held is None and pair.word is not None:
        held = comparison.sides[0].pairs[pair.word][0]
    rows = held, None if held is None else comparison.sides[0].partner(held)
    for which, (column, view) in enumerate(zip(st.columns(2), views, strict=True)):
        with column:
            st.markdown(_marked(pair, which))
            attention_explorer(
                view,
                Selection(*pair.heads[which], query=rows[which]),
                mode="matrix",
                key=f"compare_{'ab'[which]}",
                height=440,
                offer=_files(pair, which),
                on_select=lambda which=which: _hold(f"compare_{'ab'[which]}", views, which, pair),
            )


def _marked(pair: ComparedPair, which: int) -> str:
    """The name of a side; of a sentence, the words that the other has not stand out."""
    side, _, text = pair.names[which].partition(": ")
    other = pair.names[1 - which].partition(": ")[2].split()
    words = text.split()
    parts = SequenceMatcher(None, words, other, autojunk=False).get_opcodes()
    marked = [
        plain(chunk) if same == "equal" else f"**:primary[{plain(chunk)}]**"
        for same, start, stop, *_ in parts
        if (chunk := " ".join(words[start:stop]))
    ]
    return f"**{side}** " + " ".join(marked)


def _toggle(pair: ComparedPair) -> None:
    """One picture in which A and B take turns (arrow keys, or a click on the small maps)."""
    view = _over(pair)
    attention_explorer(
        view,
        _requested(pair, view),
        key="compare_toggle",
        offer=_offer(pair, ("matrix", "lines", "arcs")),
        on_select=lambda: follow_words("compare_toggle", view, COMPARE),
    )
    _legend(pair)
    st.caption(t("← and → turn from A to B; so does a click on the small maps. The scale is the same for both."))


def _overlay(pair: ComparedPair) -> None:
    """The links of both in one picture, each in its colour."""
    view = _over(pair)
    from_link = _requested(pair, view)
    picture = "arcs" if from_link.picture == "arcs" else "lines"
    wanted = Selection(
        0,
        0,
        from_link.query,
        from_link.key,
        from_link.direction,
        from_link.words,
        ((0, 1),),
        picture,
        cut=from_link.cut,
        share=from_link.share,
    )
    attention_explorer(
        view,
        wanted,
        key="compare_overlay",
        offer=_offer(pair, ("lines", "arcs")),
        on_select=lambda: follow_words("compare_overlay", view, COMPARE),
    )
    _legend(pair)


def _difference(pair: ComparedPair) -> None:
    """A − B, signed."""
    gap = pair.comparison.gap(*pair.heads)
    attention_explorer(
        gap,
        _requested(pair, gap),
        mode="matrix",
        ramp="difference",
        vmax=scale_end(gap),
        key="compare_difference",
        height=480,
        offer=_offer(pair, ("matrix", "lines", "arcs"), names=(t("A − B"),)),
        on_select=lambda: follow_words("compare_difference", gap, COMPARE),
    )
    _legend(pair)
    st.caption(t("Orange: A looks more. Blue: B looks more. Values in points: +12 pp is 12 of the row's 100%."))


def _requested(pair: ComparedPair, view: View) -> Selection:
    """What is held over the paired words; where nothing is, the word that changes most."""
    linked = linked_selection(view, (0, 0), COMPARE)
    return linked if linked.held or pair.word is None else replace(linked, query=pair.word)


def scale_end(gap: Difference) -> float:
    """The largest absolute value, rounded up to a twentieth: never 0."""
    return max(0.05, ceil(20 * float(np.abs(gap.head(0, 0)).max()) - 1e-9) / 20)


def _over(pair: ComparedPair) -> View:
    """One view with both heads, over the words that have a partner."""
    return pair.comparison.overlay(*pair.heads)


def _offer(pair: ComparedPair, pictures: tuple, names: tuple[str, ...] = ("A", "B")) -> Offer:
    return Offer(
        pictures=pictures,
        files=True,
        head_names=names,
        head_colours=_COLOURS if len(names) == 2 else None,
        record=_record(pair),
        note=" × ".join(pair.names),
    )


def _files(pair: ComparedPair, which: int) -> Offer:
    trace, view = _traces_and_views(pair)[which]
    return Offer(files=True, record=source(trace, view), note=pair.names[which])


def _record(pair: ComparedPair) -> dict:
    """Where both sides come from."""
    sides = zip("ab", _traces_and_views(pair), pair.heads, strict=True)
    return {
        name: {**source(trace, view), "layer": head[0] + 1, "head": head[1] + 1} for name, (trace, view), head in sides
    }


def _traces_and_views(pair: ComparedPair) -> list[tuple[Trace, View]]:
    """Both traces, each with the view of all its words."""
    comparison = pair.comparison
    return [
        (trace, cache.view(trace, kind, words=True, specials=True, renormalise=False))
        for trace, kind in ((comparison.a, comparison.kind_a), (comparison.b, comparison.kind_b))
    ]


def _hold(key: str, views: list[View], which: int, pair: ComparedPair) -> None:
    """Callback of one of two pictures: the held row, named as A's word, is held in both.

    A word without a partner is held in neither.
    """
    selection = chosen_selection(key, views[which])
    row = None if selection is None else selection.query
    words = pair.comparison.sides[0]
    mine = row if which == 0 or row is None else words.partner(row, of_a=False)
    hold_word(views[0], mine if mine is not None and mine < len(views[0].query) else None, scope=COMPARE)


def _legend(pair: ComparedPair) -> None:
    st.markdown("  \n".join(f"**{name[:1]}** {plain(name[2:].strip())}" for name in pair.names))


def _say_alone(pair: ComparedPair) -> None:
    """Words without a partner, which no aligned picture shows."""
    for name, words in (
        ("A", [w for side in pair.comparison.sides for w in side.only_a]),
        ("B", [w for side in pair.comparison.sides for w in side.only_b]),
    ):
        if words := list(dict.fromkeys(words)):
            st.caption(t("Only in {side}, without a partner: {words}.", side=name, words=plain(" · ".join(words))))
