"""“What is this number?”: one quiet control that opens the cards of the numbers that stand near it.

The cards come from core/metrics, which ``python -m core metrics`` and docs/maths.md read too. What is opened was sent
with the page, so that a click runs nothing again.
"""

from __future__ import annotations

import streamlit as st

from core.errors import Message
from core.metrics.card import MetricCard

from ..shell.locale import error_text, plain, t, tn
from .page_numbers import WHOLE, page_numbers


def number_cards(page: str, section: str = WHOLE) -> None:
    """The control for the numbers of a section of a page (its address)."""
    from core.metrics.registry import metric_cards  # brings torch, which a first page need not wait for

    cards = [metric_cards()[key] for key in page_numbers()[page][section]]
    with st.popover(
        tn("What is this number?", "What are these numbers?", len(cards)), type="tertiary", icon=":material/help:"
    ):
        st.markdown("\n\n---\n\n".join(map(_written, cards)))


def _written(card: MetricCard) -> str:
    """A card as Markdown: name, definition, then a line for each fact; formulas and commands as they are typed."""
    facts = [f"- {plain(error_text(title))}: {_fact(fact)}" for title, fact in card.facts()]
    more = plain(t("More: docs/maths.md, “{section}”.", section=card.section))
    name, definition = plain(error_text(card.name)), plain(error_text(card.definition))
    return "\n".join([f"**{name}** · {definition}", "", *facts, f"- {more}"])


def _fact(fact: Message | str) -> str:
    return plain(error_text(fact)) if isinstance(fact, Message) else f"`{fact}`"
