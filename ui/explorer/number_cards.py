"""“What is this number?”: one quiet control that opens the cards of the numbers that stand near it.

The cards come from core/metrics, which ``python -m core metrics`` and docs/maths.md read too. What is opened was sent
with the page, so that a click runs nothing again; what is written is made once for each language.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

import streamlit as st

from core.errors import Message
from core.languages import Language
from core.metrics.card import MetricCard

from ..shell.locale import error_text, language, plain, t, tn
from .page_numbers import WHOLE, page_numbers

_SECTIONS = 200  # of all pages in all languages there are about a hundred


def number_cards(page: str, section: str = WHOLE) -> None:
    """The control for the numbers of a section of a page (its address)."""
    label = tn("What is this number?", "What are these numbers?", len(page_numbers()[page][section]))
    with st.popover(label, type="tertiary", icon=":material/help:"):
        for cards, command in _texts(page, section, language()):
            st.markdown(cards)
            st.code(command, language=None, wrap_lines=True)  # its button lets the keyboard reach what scrolls


@lru_cache(maxsize=_SECTIONS)
def _texts(page: str, section: str, _language: Language) -> list[tuple[str, str]]:
    """(cards as Markdown, the command that makes their numbers): cards in a row that one command makes go together."""
    from core.metrics.registry import metric_cards  # brings torch, which a first page need not wait for

    cards = [metric_cards()[key] for key in page_numbers()[page][section]]
    return [
        ("\n\n".join(map(_written, group)), command) for command, group in groupby(cards, key=lambda card: card.command)
    ]


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
