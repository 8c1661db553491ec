"""How metrics and roles of heads are called, and what each says."""

from __future__ import annotations

from ..shell.locale import t


def metric_names() -> dict[str, str]:
    """Metrics of a head, in the order of the page."""
    return {
        "entropy": t("Entropy"),
        "distance": t("Mean distance"),
        "confidence": t("Confidence"),
        "sink": t("Sink mass"),
        "sink_norm": t("Sink share of what is fetched"),
    }


def role_names() -> dict[str, str]:
    """Roles, in the order of the page."""
    return {
        "previous": t("previous token"),
        "self": t("itself"),
        "next": t("next token"),
        "first": t("first position"),
        "separator": t("separator"),
        "duplicate": t("the same word again"),
        "induction": t("induction"),
    }


def metric_summary(name: str) -> str:
    """One line: definition and source."""
    return {
        "entropy": t(
            "−Σ α log α as a share of the most that the keys in sight allow: 0% one key, 100% evenly over all."
        ),
        "distance": t(
            "How many tokens away a row looks, weighted by attention, special tokens left out (Vig & Belinkov 2019)."
        ),
        "confidence": t("Mean over rows of the largest weight on a token that is not special (Voita et al. 2019)."),
        "sink": t("Weight on special tokens, on the first position and on what a model's own sinks take."),
        "sink_norm": t(
            "The share of those places in what is fetched, ‖α·v·W_O‖: a large weight there may bring next "
            "to nothing (Kobayashi et al. 2020)."
        ),
        "previous": t("Mean weight on the token before, over the rows that have one."),
        "self": t("Mean weight of a token on itself."),
        "next": t("Mean weight on the token after, over the rows that may see one."),
        "first": t("Mean weight on the very first position."),
        "separator": t("Mean weight on special tokens other than the first."),
        "duplicate": t("Mean weight on the same token elsewhere, over the rows that repeat one."),
        "induction": t("Mean weight on what followed an earlier occurrence of the row's token (Olsson et al. 2022)."),
    }[name]
