"""A model that was saved without a prediction head, asked by the command line and by Python."""

from __future__ import annotations

import json
import sys

import pytest
from transformers import AutoModel, AutoTokenizer

import core
from core.__main__ import main
from core.analyses.methods import METHODS
from core.predictions.masked import no_mask_reason
from core.studies.faithfulness import judge
from tests import tiny


@pytest.fixture(scope="module")
def body(tmp_path_factory):
    """The folder of a BERT that is a body alone."""
    folder = tmp_path_factory.mktemp("body")
    AutoModel.from_pretrained(tiny.folder("bert")).save_pretrained(folder)
    AutoTokenizer.from_pretrained(tiny.folder("bert")).save_pretrained(folder)
    return str(folder)


def paths(body, capsys, monkeypatch, *more: str) -> tuple[dict, str]:
    monkeypatch.setattr(sys, "argv", ["mirante", "paths", "--model", body, "--text", tiny.SENTENCE, *more])
    try:
        main()
    except SystemExit:
        pass
    out, err = capsys.readouterr()
    return json.loads(out or "{}"), err


def test_paths_gives_every_method_that_needs_no_answer(body, capsys, monkeypatch):
    document, _ = paths(body, capsys, monkeypatch)
    assert document["methods"].keys() == METHODS.keys() - {"gradient"}
    assert "without a prediction head" in document["missing"]["gradient"]
    assert document["answer"] is None and document["score_nats"] is None
    assert document["reads"] == document["tokens"][document["position"]]
    for method in document["methods"].values():
        assert sum(method["row"]) == pytest.approx(1, abs=1e-5)
    assert paths(body, capsys, monkeypatch, "--position", "2")[0]["position"] == 2


def test_an_answer_that_is_asked_for_is_refused_with_the_reason(body, capsys, monkeypatch):
    document, err = paths(body, capsys, monkeypatch, "--answer", "copo")
    assert document == {} and "without a prediction head" in err


def test_the_reason_is_the_real_one(body):
    lm = core.load(body, device="cpu")
    with pytest.raises(core.BadInput, match="without a prediction head"):
        judge(lm, [tiny.SENTENCE])
    assert "without a prediction head" in str(no_mask_reason(lm))
    assert "left to right" in str(no_mask_reason(core.load(tiny.folder("gpt2"), device="cpu")))
    assert no_mask_reason(core.load(tiny.folder("bert"), device="cpu")) is None
