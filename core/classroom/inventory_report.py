"""What the answers to the concept inventory say: of the items, of the whole, and of the misconceptions.

Statistics are of the occasion that they are said of; the gain compares the two. Who answered nothing on an occasion is
not counted there; an item left out by somebody who answered others counts as not right. Not here: the file
(answer_files.py), the formulas (item_statistics.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..intervals import NOTHING, Estimate, shares
from .answer_files import GivenAnswer, Occasion
from .inventory import Inventory
from .item_statistics import alpha, difficulties, discriminations, normalised_gain

OCCASIONS: tuple[Occasion, ...] = ("pre", "post")
REPORT_COLUMNS = ("occasion", "measure", "of", "value", "low", "high", "n")
FEW_FOR_ITEMS = 30
"""Persons: with fewer, item statistics say little, and the report says so."""


@dataclass(frozen=True, eq=False)
class OccasionReport:
    """One occasion. persons: who answered something. items: (difficulty, discrimination) of each. chosen: misconception
    → the share of its options among the answers to items that offer it.
    """

    persons: int
    mean: Estimate
    alpha: Estimate
    items: tuple[tuple[Estimate, Estimate], ...]
    chosen: dict[str, Estimate]


@dataclass(frozen=True, eq=False)
class InventoryReport:
    """occasions: those that have answers. gain: of the class, from pre to post; matched: persons that are in both, or 0
    where the two were taken as different persons.
    """

    occasions: dict[Occasion, OccasionReport]
    gain: Estimate
    matched: int


def inventory_report(answers: Iterable[GivenAnswer], inventory: Inventory) -> InventoryReport:
    """The report; the gain is of matched persons where at least four are in both occasions, else of everybody."""
    listed = list(answers)
    chosen = {occasion: _choices(listed, occasion, len(inventory.items)) for occasion in OCCASIONS}
    right = np.array([item.right for item in inventory.items])
    reports = {occasion: _occasion(persons, right, inventory) for occasion, persons in chosen.items() if persons}
    pre, post = (chosen[occasion] for occasion in OCCASIONS)
    both = sorted(set(pre) & set(post))
    matched = both if len(both) >= 4 else []
    gain = NOTHING
    if pre and post:
        first, second = (
            np.array([persons[person] for person in matched or sorted(persons)]) == right for persons in (pre, post)
        )
        gain = normalised_gain(first, second, paired=bool(matched))
    return InventoryReport(reports, gain, len(matched))


def report_rows(report: InventoryReport, inventory: Inventory) -> list[dict[str, Any]]:
    """One row for each number, with the columns of `REPORT_COLUMNS`."""
    rows = []
    for occasion, part in report.occasions.items():
        rows += [_row(occasion, "mean share right", "", part.mean), _row(occasion, "alpha", "", part.alpha)]
        for item, (difficulty, discrimination) in zip(inventory.items, part.items, strict=True):
            rows.append(_row(occasion, "difficulty", item.code, difficulty))
            rows.append(_row(occasion, "discrimination", item.code, discrimination))
        rows += [_row(occasion, "misconception", code, share) for code, share in part.chosen.items()]
    if len(report.occasions) == 2:
        rows.append(_row("pre → post", "normalised gain", "matched" if report.matched else "unmatched", report.gain))
    return rows


def _row(occasion: str, measure: str, of: str, estimate: Estimate) -> dict[str, Any]:
    values = (occasion, measure, of, estimate.value, estimate.low, estimate.high, estimate.n)
    return dict(zip(REPORT_COLUMNS, values, strict=True))


def _choices(answers: list[GivenAnswer], occasion: Occasion, items: int) -> dict[tuple[str, str], list[int]]:
    """Person → the option chosen at each item, 0 where none was."""
    persons: dict[tuple[str, str], list[int]] = {}
    for answer in answers:
        if answer.occasion == occasion:
            persons.setdefault(answer.person, [0] * items)[answer.item] = answer.option
    return persons


def _occasion(persons: dict[tuple[str, str], list[int]], right: np.ndarray, inventory: Inventory) -> OccasionReport:
    options = np.array([persons[person] for person in sorted(persons)])
    matrix = options == right
    statistics = zip(difficulties(matrix), discriminations(matrix), strict=True)
    return OccasionReport(
        len(persons), shares(matrix.mean(1)), alpha(matrix), tuple(statistics), _chosen(options, inventory)
    )


def _chosen(options: np.ndarray, inventory: Inventory) -> dict[str, Estimate]:
    """Of each misconception, how often it was chosen where it was offered and an answer given, over persons."""
    chosen: dict[str, Estimate] = {}
    for code in inventory.key.misconceptions:
        offering = [index for index, item in enumerate(inventory.items) if code in item.options]
        if not offering:
            continue
        wanted = np.stack([_is_chosen(options[:, index], inventory, index, code) for index in offering], 1)
        answered = options[:, offering] > 0
        persons = answered.any(1)
        each = (wanted & answered)[persons].sum(1) / answered[persons].sum(1)
        chosen[code] = shares(each)
    return chosen


def _is_chosen(column: np.ndarray, inventory: Inventory, index: int, code: str) -> np.ndarray:
    numbers = [number for number, option in enumerate(inventory.items[index].options, 1) if option == code]
    return np.isin(column, numbers)
