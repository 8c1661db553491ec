"""How metrics and roles of heads are called, and what each says: as their cards do (core/metrics/profiles.py)."""

from __future__ import annotations

from core.metrics.profiles import PROFILE_CARDS, ROLE_CARDS

from ..shell.locale import error_text


def metric_names() -> dict[str, str]:
    """Metrics of a head, in the order of the page."""
    return {key.removeprefix("profile_"): error_text(card.name) for key, card in PROFILE_CARDS.items()}


def role_names() -> dict[str, str]:
    """Roles, in the order of the page."""
    return {key.removeprefix("role_"): error_text(card.name) for key, card in ROLE_CARDS.items()}


def metric_summary(name: str) -> str:
    """One line: definition and source."""
    cards = PROFILE_CARDS | ROLE_CARDS
    return error_text((cards.get(f"profile_{name}") or cards[f"role_{name}"]).definition)
