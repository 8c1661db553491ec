"""The sentences of the shipped studies of faithfulness can be drawn again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.studies import documents
from tools import faithfulness_studies as studies

SENTENCES = [f"Frase {i}." for i in range(500)]


def test_the_same_sentences_are_drawn_again_whatever_is_said_twice():
    once = studies.drawn(SENTENCES)
    assert once == studies.drawn(SENTENCES + SENTENCES[:50]) and len(set(once)) == studies.DRAWN
    assert once == sorted(once, key=SENTENCES.index) and once != SENTENCES[: studies.DRAWN]


@pytest.mark.parametrize("model", studies.MODELS)
def test_a_shipped_study_says_of_which_sentences_it_is(model: str):
    document = documents.shipped_document(model, "faithfulness")
    texts = document["texts"]
    assert texts["n"] == texts["drawn"] == studies.DRAWN and texts["seed"] == studies.SEED
    assert document["sentences"] <= texts["n"] < texts["of"] and len(texts["sha256"]) == 64


@pytest.mark.skipif(not os.environ.get("MIRANTE_CORPORA"), reason="MIRANTE_CORPORA names no corpora folder")
@pytest.mark.parametrize("model", studies.MODELS)
def test_the_corpora_give_the_sentences_of_the_shipped_study(model: str):
    texts, how = studies.selection(model, Path(os.environ["MIRANTE_CORPORA"]))
    document = documents.shipped_document(model, "faithfulness")
    assert document["texts"] == {"n": len(texts), "sha256": documents.digest(texts), **how}
