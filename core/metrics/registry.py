"""All cards, by key and by the command that makes the number."""

from __future__ import annotations

from functools import cache

from ..errors import BadInput
from . import bench, causes, depth, heads, others, predictions, profiles
from .card import MetricCard, keyed


@cache
def metric_cards() -> dict[str, MetricCard]:
    """key → card, in the order of the pages. Reads the methods of Caminhos, and with them torch."""
    from . import paths

    return keyed(
        card
        for group in (
            heads.WEIGHT_CARDS,
            heads.HEAD_CARDS,
            heads.SENTENCE_CARDS,
            predictions.PREDICTION_CARDS,
            depth.LAYER_CARDS,
            depth.ANATOMY_CARDS,
            paths.PATH_CARDS,
            paths.MIXING_CARDS,
            causes.CAUSE_CARDS,
            profiles.PROFILE_CARDS,
            profiles.ROLE_CARDS,
            profiles.STUDY_CARDS,
            causes.SCAN_CARDS,
            bench.BENCH_CARDS,
            others.VARIANT_CARDS,
            others.CONVOLUTION_CARDS,
            others.VISION_CARDS,
        )
        for card in group.values()
    )


def cards_of_command(name: str) -> list[MetricCard]:
    """The cards of the numbers that ``python -m core NAME`` makes."""
    return [card for card in metric_cards().values() if card.program == name]


def matching_cards(text: str) -> list[MetricCard]:
    """The card of a key, or else those whose key or English name holds the text.

    Raises:
        BadInput: none does.
    """
    cards, name = metric_cards(), text.strip().lower()
    if name in cards:
        return [cards[name]]
    matches = [card for key, card in cards.items() if name in key or name in str(card.name).lower()]
    if not name or not matches:
        raise BadInput("No number is called “{name}”; there are: {known}.", name=text, known=", ".join(cards))
    return matches
