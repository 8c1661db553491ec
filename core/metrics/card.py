"""What the card of a number says, and the nulls, units and commands that several cards share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import Message


@dataclass(frozen=True, eq=False, kw_only=True)
class MetricCard:
    """One number that a page shows.

    key: in Python and for ``python -m core metrics KEY``; what stands before the first ``_`` is its group. name,
    definition: what a person reads. formula: as docs/maths.md writes it. null: what the number would be without the
    thing that it measures; without_null: why none applies. Exactly one of the two is given. source: who defined it.
    command: makes the number, as it stands. section: the heading of docs/maths.md below which more is said.
    """

    key: str
    name: Message
    definition: Message
    formula: str
    unit: Message
    null: Message | None = None
    without_null: Message | None = None
    source: Message | str
    command: str
    section: str

    @property
    def program(self) -> str:
        """The command of ``python -m core`` that makes it: ``profile``."""
        return self.command.split()[3]

    def facts(self) -> list[tuple[Message, Message | str]]:
        """(title, text) of everything but name and definition, in the order in which they are read."""
        return [
            (Message("Formula"), self.formula),
            (Message("Unit"), self.unit),
            (Message("Null"), self.null or self.without_null or ""),
            (Message("Who defined it"), self.source),
            (Message("Made by"), self.command),
        ]


def keyed(cards: Iterable[MetricCard]) -> dict[str, MetricCard]:
    """key → card, in order.

    Raises:
        ValueError: two cards have one key.
    """
    by_key: dict[str, MetricCard] = {}
    for card in cards:
        if card.key in by_key:
            raise ValueError(f"two cards are called {card.key}")
        by_key[card.key] = card
    return by_key


SHARE = Message("share, 0 … 1")
NATS = Message("nats (unit of the natural logarithm; 0.7 doubles the odds)")
CORRELATION = Message("rank correlation, −1 … 1")
COUNT = Message("a count")
OURS = Message("ours")
EVEN = Message("attention spread evenly over what may be seen")
TWIN = Message("the random twin: the same network, never trained")
EVEN_AND_TWIN = Message("attention spread evenly through the same mask, and the random twin")
A_COUNT = Message("none: it is counted, not estimated")

ON_ENCODER = "--model mirante-encoder-pt"
ON_MASK = f'{ON_ENCODER} --text "Ela derramou água da jarra para o [MASK]."'
ON_DECODER = '--model mirante-decoder-pt --text "O menino leu o"'
ON_SENTENCES = f"{ON_ENCODER} --texts sentences.txt"
