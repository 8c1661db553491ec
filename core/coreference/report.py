"""The results of the bench as a document: the same numbers for the screen, the command line and the files.

Heads are counted from 0, as everywhere in Python and JSON; shares are 0 … 1, unrounded. Inside: JSON values and flat
rows. Not inside: counting (conditions.py), words of a language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..intervals import NOTHING, Estimate, mean_of_estimates
from ..models.loading import LanguageModel
from ..tracing.captures import provenance
from .conditions import ConditionResult, EdgeKnockouts, HeadLooks, ModelChoices, confound
from .contrast import HeadMoves, PairedContrast
from .verdict import MEANING_ALONE


def document(lm: LanguageModel, results: Sequence[ConditionResult]) -> dict[str, Any]:
    """Everything of a run, ready for json.dumps."""
    return {
        "model": provenance(lm).as_dict(),
        "results": [_result(result) for result in results],
        "gender_confound": {
            probe: {name: asdict(index) for name, index in of_probe.items()}
            for probe in dict.fromkeys(result.probe for result in results)
            if (of_probe := indices(results, probe))
        },
    }


def indices(results: Sequence[ConditionResult], probe: str) -> dict[str, Estimate]:
    """Gender-confound index of looks, choices and contrasts under one probe, where the original effect is known well
    enough (conditions.confound).
    """
    by_condition = {result.condition: result for result in results if result.probe == probe}
    if not {"P0", *MEANING_ALONE} <= set(by_condition):
        return {}
    measures = {"looks": _looks_right}
    if probe != "adjective":
        measures |= {"choices": _choices_right, "contrast": _moved}
    values = {
        name: confound(
            measure(by_condition["P0"]),
            mean_of_estimates([measure(by_condition[condition]) for condition in MEANING_ALONE]),
        )
        for name, measure in measures.items()
    }
    return {name: index for name, index in values.items() if index.value is not None}


def rows(results: Sequence[ConditionResult]) -> list[dict[str, Any]]:
    """One flat row per condition and probe, for a table or a CSV; what could not be asked is None."""
    return [_row(result) for result in results]


def _result(result: ConditionResult) -> dict[str, Any]:
    return {
        "condition": result.condition,
        "probe": result.probe,
        "pairs": result.pairs,
        "looks": None if result.looks is None else _looks(result.looks),
        "choices": None if result.choices is None else _choices(result.choices),
        "contrast": None if result.contrast is None else _contrast(result.contrast),
        "knockout": None if result.knockouts is None else _knockouts(result.knockouts),
        "baselines": asdict(result.baselines),
    }


def _looks(looks: HeadLooks) -> dict[str, Any]:
    selected = looks.selected
    return {
        "held_out": asdict(selected.members),
        "held_out_both": asdict(selected.both),
        "head": None if selected.head is None else list(selected.head),
        "apparent_best": looks.apparent,
        "luck": looks.luck,
        "heads": looks.share.tolist(),
        "margins": looks.margin.tolist(),
        "moves": None if looks.moves is None else _moves(looks.moves),
    }


def _moves(moves: HeadMoves) -> dict[str, Any]:
    head = moves.selected.head
    return {
        "held_out": asdict(moves.selected.members),
        "head": None if head is None else list(head),
        "luck": moves.luck,
        "heads": moves.share.tolist(),
        "shifts": moves.shift.tolist(),
    }


def _contrast(contrast: PairedContrast) -> dict[str, Any]:
    return {
        "moved": asdict(contrast.moved),
        "shift_nats": asdict(contrast.shift),
        "same_answer": asdict(contrast.same),
    }


def _choices(choices: ModelChoices) -> dict[str, Any]:
    return {"right": asdict(choices.members), "both": asdict(choices.both), "share": asdict(choices.share)}


def _knockouts(knockouts: EdgeKnockouts) -> dict[str, Any]:
    return {
        "members": asdict(knockouts.members),
        "both": asdict(knockouts.both),
        "fall": asdict(knockouts.fall),
        "apart": asdict(knockouts.mismatch),
    }


def _row(result: ConditionResult) -> dict[str, Any]:
    looks, choices, knockouts = result.looks, result.choices, result.knockouts
    head = None if looks is None else looks.selected.head
    contrast, moves = result.contrast, None if looks is None else looks.moves
    return {
        "condition": result.condition,
        "probe": result.probe,
        "pairs": result.pairs,
        **_flat("look", NOTHING if looks is None else looks.selected.members),
        **_flat("look_both", NOTHING if looks is None else looks.selected.both),
        "layer_from_0": None if head is None else head[0],
        "head_from_0": None if head is None else head[1],
        "apparent_best": None if looks is None else looks.apparent,
        "luck": None if looks is None else looks.luck,
        **_flat("choice", NOTHING if choices is None else choices.members),
        **_flat("choice_both", NOTHING if choices is None else choices.both),
        **_flat("contrast", NOTHING if contrast is None else contrast.moved),
        **_flat("shift_nats", NOTHING if contrast is None else contrast.shift),
        **_flat("same_answer", NOTHING if contrast is None else contrast.same),
        **_flat("look_moves", NOTHING if moves is None else moves.selected.members),
        "look_shift": None if moves is None or moves.selected.head is None else float(moves.shift[moves.selected.head]),
        **_flat("knockout", NOTHING if knockouts is None else knockouts.members),
        **_flat("fall_nats", NOTHING if knockouts is None else knockouts.fall),
        **_flat("apart", NOTHING if knockouts is None else knockouts.mismatch),
        **{f"rule_{name}": value for name, value in asdict(result.baselines).items()},
    }


def _flat(name: str, value: Estimate) -> dict[str, float | None]:
    return {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}


def _looks_right(result: ConditionResult) -> Estimate:
    return NOTHING if result.looks is None else result.looks.selected.members


def _choices_right(result: ConditionResult) -> Estimate:
    return NOTHING if result.choices is None else result.choices.members


def _moved(result: ConditionResult) -> Estimate:
    return NOTHING if result.contrast is None else result.contrast.moved
