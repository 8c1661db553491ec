"""What Home shows: the head and the word that were chosen, else those worth showing first."""

from __future__ import annotations

from core.tracing.trace import Trace
from core.views.view import View

from ..components.selection import Selection
from ..serving import cache
from .head_pickers import linked_head
from .selection_link import linked_selection


def pick_first_look(trace: Trace, view: View) -> Selection:
    """The chosen head and words of the visit; of an untouched one the head and word of ``first_look``."""
    *first, word = cache.first_look(trace)
    linked = linked_selection(view, linked_head(view, (first[0], first[1])))
    query = word if not linked.held and [linked.layer, linked.head] == first else linked.query
    return Selection(
        linked.layer, linked.head, query=query, key=linked.key, direction=linked.direction, words=linked.words
    )
