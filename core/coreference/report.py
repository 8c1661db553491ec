"""The bench as a document: the same numbers for the screen, the command line and the files.

Heads are counted from 0, as everywhere in Python and JSON; shares are 0 … 1, unrounded. Inside: JSON values and flat
rows. Not inside: counting (bench.py), words of a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..intervals import NOTHING, Estimate
from ..models.loading import LanguageModel
from ..tracing.captures import provenance
from .bench import ConditionResult, EdgeKnockouts, HeadLooks, ModelChoices, confound

MEANING = ("P2", "P3")  # where gender says nothing


def document(lm: LanguageModel, found: Sequence[ConditionResult]) -> dict[str, Any]:
    """Everything of a run, ready for json.dumps."""
    return {
        "model": provenance(lm).as_dict(),
        "results": [_result(one) for one in found],
        "gender_confound": {
            probe: index for probe in dict.fromkeys(one.probe for one in found) if (index := indices(found, probe))
        },
    }


def indices(found: Sequence[ConditionResult], probe: str) -> dict[str, float]:
    """Gender-confound index of looks and of choices under one probe, where the original shows an effect to explain."""
    by = {one.condition: one for one in found if one.probe == probe}
    if not {"P0", *MEANING} <= set(by):
        return {}
    pairs = {"looks": _looks} if probe == "adjective" else {"looks": _looks, "choices": _choices}
    values = {
        name: confound(of(by["P0"]), _joined([of(by[condition]) for condition in MEANING]))
        for name, of in pairs.items()
    }
    return {name: value for name, value in values.items() if value is not None}


def rows(found: Sequence[ConditionResult]) -> list[dict[str, Any]]:
    """One flat row per condition and probe, for a table or a CSV; what could not be asked is None."""
    return [_row(one) for one in found]


def _result(one: ConditionResult) -> dict[str, Any]:
    return {
        "condition": one.condition,
        "probe": one.probe,
        "pairs": one.pairs,
        "looks": None if one.looks is None else _looked(one.looks),
        "choices": None if one.choices is None else _chosen(one.choices),
        "knockout": None if one.knockouts is None else _knockouts(one.knockouts),
        "baselines": asdict(one.baselines),
    }


def _looked(looked: HeadLooks) -> dict[str, Any]:
    chosen = looked.selected
    return {
        "held_out": asdict(chosen.members),
        "held_out_both": asdict(chosen.both),
        "head": None if chosen.head is None else list(chosen.head),
        "apparent_best": looked.apparent,
        "luck": looked.luck,
        "heads": looked.share.tolist(),
        "margins": looked.margin.tolist(),
    }


def _chosen(chosen: ModelChoices) -> dict[str, Any]:
    return {"right": asdict(chosen.members), "both": asdict(chosen.both), "share": asdict(chosen.share)}


def _knockouts(knockouts: EdgeKnockouts) -> dict[str, Any]:
    return {
        "members": asdict(knockouts.members),
        "both": asdict(knockouts.both),
        "fall": asdict(knockouts.fall),
        "apart": asdict(knockouts.mismatch),
    }


def _row(one: ConditionResult) -> dict[str, Any]:
    looked, chosen = one.looks, one.choices
    head = None if looked is None else looked.selected.head
    return {
        "condition": one.condition,
        "probe": one.probe,
        "pairs": one.pairs,
        **_flat("look", NOTHING if looked is None else looked.selected.members),
        **_flat("look_both", NOTHING if looked is None else looked.selected.both),
        "layer": None if head is None else head[0],
        "head": None if head is None else head[1],
        "apparent_best": None if looked is None else looked.apparent,
        "luck": None if looked is None else looked.luck,
        **_flat("choice", NOTHING if chosen is None else chosen.members),
        **_flat("choice_both", NOTHING if chosen is None else chosen.both),
        **_flat("knockout", NOTHING if one.knockouts is None else one.knockouts.members),
        **_flat("fall_nats", NOTHING if one.knockouts is None else one.knockouts.fall),
        **_flat("apart", NOTHING if one.knockouts is None else one.knockouts.mismatch),
        **{f"rule_{name}": value for name, value in asdict(one.baselines).items()},
    }


def _flat(name: str, value: Estimate) -> dict[str, float | None]:
    return {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}


def _looks(one: ConditionResult) -> Estimate:
    return NOTHING if one.looks is None else one.looks.selected.members


def _choices(one: ConditionResult) -> Estimate:
    return NOTHING if one.choices is None else one.choices.members


def _joined(estimates: Sequence[Estimate]) -> Estimate:
    """The mean of conditions of equal size; its interval is not needed here."""
    values = [one.value for one in estimates]
    return (
        NOTHING if None in values else Estimate(sum(values) / len(values), None, None, sum(one.n for one in estimates))
    )
