"""Cards of the bundled models: both languages, every number with its interval, and what a damaged folder says."""

from __future__ import annotations

import json
import shutil

import pytest

import core
from core.models import cards, sources
from core.models.cards import read_card
from core.models.sources import BUNDLED, bundled_names


@pytest.mark.parametrize("name", bundled_names())
def test_every_bundled_model_has_a_whole_card(name: str) -> None:
    card = read_card(name)
    assert card.licence and set(card.text) == {"en", "pt"}
    assert name in card.text["en"].splitlines()[0] and "(português)" in card.text["pt"].splitlines()[0]
    assert card.measures and all(set(m.name) == {"en", "pt"} == set(m.baseline) for m in card.measures)
    assert all(m.low <= m.value <= m.high for m in card.measures if m.low is not None and m.value is not None)
    assert len(card.curve.tokens) == len(card.curve.loss) > 10
    assert list(card.curve.tokens) == sorted(card.curve.tokens)


def test_an_unknown_name_and_a_damaged_folder_are_told(tmp_path, monkeypatch) -> None:
    with pytest.raises(core.ModelNotFound, match="mirante-encoder-pt"):
        read_card("../etc")
    for module in (cards, sources):
        monkeypatch.setattr(module, "BUNDLED", tmp_path)
    shutil.copytree(BUNDLED / "mirante-encoder-pt", tmp_path / "broken")
    document = json.loads((tmp_path / "broken" / "evaluation.json").read_text(encoding="utf-8"))
    del document["table"]
    (tmp_path / "broken" / "evaluation.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(core.BadFile, match="broken.*table"):
        read_card("broken")
