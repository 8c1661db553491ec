"""Numbers and names as this page writes them."""

from __future__ import annotations

from core.conv.occlusion import LEAST_WORDS

from ...explorer.question import number
from ...shell.locale import t, tn


def side(logit: float) -> str:
    """Praise or blame, in words."""
    return t("praise") if logit > 0 else t("blame")


def correlation(value: float | None, n: int) -> str:
    """ρ with the number of words n, or the reason why there is no ρ."""
    if value is None:
        return t("no rank correlation (fewer than {least} words, or all alike)", least=LEAST_WORDS)
    return tn("ρ = {value} over {n} word", "ρ = {value} over {n} words", n, value=rho(value))


def rho(value: float) -> str:
    """A correlation with two decimals and its sign."""
    return number(value)
