"""The explorer of the page "Explore" and what hangs on its choices: a fragment, so that a choice runs only this again.

A session keeps its fragment and its callbacks for as long as it lives. They hold no map: a trace of a long text is tens
of megabytes, and two hundred sessions would keep two hundred. Not here: what of a trace is shown (the page)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import ref

import streamlit as st

from ...components.attention import attention_explorer
from ...explorer.edited_sentence import fulfil_wish, offered_change, say_hidden
from ...explorer.exports import export_panel, offer
from ...explorer.head_pickers import linked_head, pick_window
from ...explorer.predictions import predictions
from ...explorer.selection_link import follow_selection, linked_selection, outline, say_missing
from ...explorer.state_size import state_size
from ...explorer.view_options import budget_names
from ...serving import cache
from ...serving.forward_slots import fragment, whole_page
from ...shell.frame import heeding, telling
from ...shell.state import Chosen
from .explanation import explain_explorer

if TYPE_CHECKING:
    from core.tracing.trace import Trace
    from core.views.view import View


Further = "Callable[[Chosen, Trace, View, Selection], None]"


def look(chosen: Chosen, trace: Trace, view: View, further: Further) -> None:
    """The explorer, exports, predictions; ``further``: what the page adds to a choice."""
    fragment(_look)(chosen, ref(trace), ref(view), further)


def _look(chosen: Chosen, lent_trace: ref[Trace], lent_view: ref[View], further: Further) -> None:
    with telling():
        _draw(chosen, lent_trace(), lent_view(), further)


def _draw(chosen: Chosen, trace: Trace | None, view: View | None, further: Further) -> None:
    if trace is None or view is None:  # others have asked for much since: the page computes it again
        st.rerun()
    first = cache.first_head(trace, view.kind)
    head = linked_head(view, first)
    say_missing(view)
    start = pick_window(view)
    selection = attention_explorer(
        view,
        linked_selection(view, head),
        names=budget_names(trace, view),
        start=start,
        offer=offer(trace, view, offered_change(trace, view, chosen), first),
        key="explorer",
        **_callbacks(chosen, trace, view),
    )
    explain_explorer()
    export_panel(trace, view, selection, start)
    say_hidden(trace, chosen)
    predictions(trace, view, selection, chosen)
    further(chosen, trace, view, selection)
    state_size(trace, chosen)


def _callbacks(chosen: Chosen, trace: Trace, view: View) -> dict[str, Callable[[], None]]:
    """What follows a choice and a wish. They know the words of the view, not its maps."""
    words, tokens = outline(view), trace.tokens
    return {
        "on_select": lambda: follow_selection("explorer", words),
        "on_wish": heeding(whole_page(lambda: fulfil_wish("explorer", tokens, words, chosen))),
    }
