"""The file of numbers of an analysis: valid JSON with everything that is needed to make it again."""

from __future__ import annotations

import json

import numpy as np

import core
from core.analyses.score import logit_difference
from core.models.sources import default_root
from tests.ui.test_pages import open_page
from ui.explorer import numbers_file
from ui.explorer.question import Posed

TEXT = "Ela derramou água da jarra para o copo até que ficasse [MASK]."


def test_the_file_names_model_sentence_question_and_how_and_is_plain_json(monkeypatch) -> None:
    lm = core.load("mirante-encoder-pt", device="cpu", root=default_root())
    trace = core.capture(lm, TEXT)
    question = logit_difference(lm, trace, target="cheio", foil="vazio")
    posed = Posed(lm, trace, question.position, question, "cheio", 12, "cheio", "vazio")
    offered = {}

    def noted(label, data, name, mime, **options):
        offered.update(name=name, mime=mime, document=data())

    monkeypatch.setattr(numbers_file.st, "download_button", noted)
    monkeypatch.setattr(numbers_file, "link", lambda: "")
    numbers = {"change_nats": np.array([[np.nan, 0.25]]), "out": [(3, 3)], "n": np.int64(2)}
    numbers_file.offer_numbers(posed, "self", "heads", numbers, replaced_by="zero")
    document = json.loads(offered["document"], parse_constant=lambda name: 1 / 0)
    assert offered["name"] == "mirante-heads.json" and document["model"] == "mirante-encoder-pt"
    assert document["sentence"] == TEXT and document["revision"] == lm.revision and "mirante" in document["versions"]
    assert document["question"]["answer"] == "cheio" and document["question"]["against"] == "vazio"
    assert abs(document["question"]["score_nats"] - question.of(trace)) < 1e-9
    assert document["numbers"] == {"change_nats": [[None, 0.25]], "out": [[3, 3]], "n": 2}
    assert document["how"] == {"replaced_by": "zero"} and document["counted_from"]["layer"] == 0


def test_paths_and_every_experiment_of_causes_offer_their_numbers() -> None:
    for page, name, query in (
        ("caminhos.py", "paths", {}),
        ("causa.py", "heads", {}),
        ("causa.py", "words", {"change": "words"}),
        ("causa.py", "parts", {"change": "parts"}),
    ):
        app = open_page(page, lang="en", **query)
        assert [button.proto.id for button in app.get("download_button") if f"numbers_{name}" in button.proto.id], name
