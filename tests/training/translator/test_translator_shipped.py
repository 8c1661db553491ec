"""The bundled translator, through the application's own door: it translates, its cross-attention aligns, its labels
stand on the right rows.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

import core
from core.models.catalog import BUNDLED, alignment_head
from core.views.view import view
from training.translator import alignment

FOLDER = BUNDLED / "mirante-translator"


@pytest.fixture(scope="module")
def lm():
    return core.load("mirante-translator", device="cpu")


def document():
    return json.loads((FOLDER / "evaluation.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("sentence", "word"), [(">>fra<< I like strawberries.", "fraises"), (">>por<< I like strawberries.", "morangos")]
)
def test_strawberries_are_translated_and_aligned(lm, sentence, word):
    trace = core.capture(lm, sentence)
    seen = view(trace, "cross", rows="written")
    row = seen.head(*alignment_head("mirante-translator"))[seen.query.labels.index(word)]
    assert seen.key.labels[int(row.argmax())] == "strawberries" and row.max() > 0.5


def test_the_published_alignment_comes_back_on_a_part_of_the_gold(lm):
    items = alignment.gold()[::8]
    layer, head = alignment_head("mirante-translator")
    hits = [
        alignment.right(alignment.looks(lm, one.pair.source, one.pair.language, one.pair.target)[1], one.links)
        for one in items
    ]
    found = np.concatenate([one[layer, head] for one in hits])
    published = document()["alignment"]["written"]["all"]
    spread = 1.96 * np.sqrt(0.25 / len(found))
    assert abs(found.mean() - published["value"]) < spread and published["value"] > 0.75 - 0.05


def test_the_target_of_the_alignment_is_met_where_the_head_was_not_chosen():
    found = document()["alignment"]
    assert found["written"]["other_half"]["value"] >= found["target"] == 0.75


def test_translations_beat_copy_and_dictionary():
    for language in ("fra", "por"):
        scored = document()["quality"][language]["test"]
        for metric in ("chrf", "bleu"):
            assert scored["model"][metric]["low"] > max(
                scored[base][metric]["value"] for base in ("copy", "dictionary")
            )


def test_it_fits_and_loads_fast(lm):
    assert (FOLDER / "model.safetensors").stat().st_size < 30e6 and document()["load_seconds"] < 2
