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
        for card in cards:
            st.markdown(_written(card))
            st.code(card.command, language=None, wrap_lines=True)


def _written(card: MetricCard) -> str:
    """A card as Markdown, without its command: name, definition, a line for each fact; a formula as it is typed."""
    facts = [
        f"- {plain(error_text(title))}: " + (f"`{fact}`" if fact == card.formula else plain(_said(fact)))
        for title, fact in card.facts()
        if fact != card.command
    ]
    more = plain(t("More: docs/maths.md, “{section}”.", section=card.section))
    name, definition = plain(error_text(card.name)), plain(error_text(card.definition))
    return "\n".join([f"**{name}** · {definition}", "", *facts, f"- {more}"])


def _said(fact: Message | str) -> str:
    return error_text(fact) if isinstance(fact, Message) else fact
