"""The sheet tells nothing of who answered; with the key every answer goes back to its model."""

from __future__ import annotations

import pytest

from training import blind

ASKED = [f"question {place}" for place in range(40)]
OLD, NEW = ("old", [f"o{place}" for place in range(40)]), ("new", [f"n{place}" for place in range(40)])


def test_with_the_key_every_answer_goes_back_to_its_model_and_question() -> None:
    sheet, key = blind.shuffled(ASKED, OLD, NEW, seed=3)
    assert sorted(row["asked"] for row in sheet) == sorted(ASKED) and [row["asked"] for row in sheet] != ASKED
    for row, names in zip(sheet, key, strict=True):
        place = ASKED.index(row["asked"])
        assert {names["A"]: row["A"], names["B"]: row["B"]} == {"old": f"o{place}", "new": f"n{place}"}


def test_neither_side_belongs_to_one_model() -> None:
    _, key = blind.shuffled(ASKED, OLD, NEW, seed=3)
    assert 10 <= sum(row["A"] == "old" for row in key) <= 30


def test_a_missing_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="40 asked, 39 and 40"):
        blind.shuffled(ASKED, ("old", OLD[1][1:]), NEW, seed=0)
