"""What conditions and probes are called on the page."""

from __future__ import annotations

from core.coreference.probes import Probe

from ...shell.locale import t


def condition_name(name: str) -> str:
    """A condition as it is shown: its id and what it isolates, or the verb of a family.

    A condition of a person's file keeps the name that it has there.
    """
    return (_controlled() | _families()).get(name, name)


def probe_names() -> dict[Probe, str]:
    """Ways of asking."""
    return {
        "adjective": t("look of the adjective"),
        "pronoun": t("look of the pronoun"),
        "question": t("answer to a question"),
        "overt": t("hidden noun"),
        "cross": t("cross-attention of the pronoun"),
    }


def _controlled() -> dict[str, str]:
    return {
        "P0": t("P0 gender and meaning"),
        "P1": t("P1 gender against meaning"),
        "P2": t("P2 meaning, masculine"),
        "P3": t("P3 meaning, feminine"),
        "P4": t("P4 genders exchanged"),
        "P5": t("P5 pronoun"),
        "P6": t("P6 no distractors"),
        "P7": t("P7 order"),
        "P8": t("P8 order, one gender"),
        "own": t("your pairs"),
        "T0": t("T0 gender tells"),
        "T2": t("T2 gender says nothing"),
    }


def _families() -> dict[str, str]:
    return {
        "fit": t("fit"),
        "lift": t("lift"),
        "lend": t("lend"),
        "thank": t("thank"),
        "win": t("win"),
        "cover": t("cover"),
        "break": t("break"),
        "choose": t("choose"),
        "swap": t("swap"),
        "cut": t("cut"),
        "visit": t("visit"),
        "scold": t("scold"),
        "seek": t("seek"),
        "flee": t("flee"),
        "feed": t("feed"),
        "hold": t("hold"),
        "reach": t("reach"),
        "dirty": t("dirty"),
    }
