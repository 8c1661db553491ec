"""The record and the line to cite: everything that repeats a number, in the order of a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

import core
from core.attention.edits import Values
from core.export import citation, record
from core.export.files import EXPORT_FORMATS, file_bytes
from core.views.difference import difference
from core.views.view import view
from tests import tiny

WHEN = datetime(2026, 11, 21, 23, 30, tzinfo=timezone(timedelta(hours=-3)))


@pytest.fixture(scope="module")
def lm():
    return core.load(str(tiny.folder("bert")))


@pytest.fixture(scope="module")
def trace(lm):
    return core.capture(lm, tiny.SENTENCE)


def test_the_record_is_json_and_complete(trace):
    shown = view(trace, specials=False, renormalise=True)
    found = json.loads(json.dumps(record(trace, shown, [(0, 1), (1, 0)], now=WHEN)))
    assert (
        found["sentence"] == tiny.SENTENCE
        and found["model"] == trace.provenance.model
        and found["revision"] == trace.provenance.revision
    )
    assert found["date"] == "2026-11-22T02:30:00+00:00" and {"mirante", "torch", "transformers", "python"} <= set(
        found["versions"]
    )
    assert found["options"] == {
        "kind": "self",
        "weight": "attention",
        "unit": "words",
        "merge": "sum over the pieces of a key word, mean over those of a query word",
        "special_tokens": "hidden",
        "special_names": [],
        "hidden_names": ["[CLS]", "[SEP]"],
        "first_word": "shown",
        "renormalised": True,
        "rows": "read",
        "heads": [{"layer": 1, "head": 2}, {"layer": 2, "head": 1}],
        "edits": [],
    }
    assert found["counted_from"] == {"layer": 1, "head": 1, "position": 0} and "link" not in found


def test_a_citation_is_one_line_in_two_languages(trace):
    shown = view(trace)
    found = record(trace, shown, [(3, 2)], link="https://example.org/x", now=WHEN)
    model, revision = found["model"], found["revision"]
    assert citation(found) == (
        f"Mirante {core.__version__}, camada 4, cabeça 3 de {model} (revisão {revision}), frase "
        f"“{tiny.SENTENCE}”, 2026-11-22, https://example.org/x"
    )
    assert citation(found, "en").startswith(
        f"Mirante {core.__version__}, layer 4, head 3 of {model} (revision {revision}), sentence “"
    )


def test_means_targets_edits_and_lines_are_said(lm):
    t5 = core.capture(core.load(str(tiny.folder("t5"))), "o copo\ncheio", tiny.TARGET)
    shown = view(t5, "cross")
    said = citation(record(t5, shown, [(0, 1), (1, 0)]))
    assert (
        "atenção cruzada, média das cabeças 1·2, 2·1 de " in said
        and f"destino “{tiny.TARGET}”" in said
        and "\n" not in said
    )
    edited = core.capture(lm, "o copo cheio", edits=[Values(layer=0, keys=(1,))])
    found = record(edited, view(edited), [(0, 0)])
    assert "com intervenção" in citation(found) and found["options"]["edits"][0] == {
        "edit": "values",
        "layer": 1,
        "head": None,
        "kind": None,
        "keys": [1],
        "vectors": None,
    }


def test_a_long_sentence_is_cut_in_the_citation_only(trace):
    text = "o copo cheio " * 40
    found = record(replace(trace, text=text))
    assert found["sentence"] == text and "cheio …”" in citation(found) and len(citation(found)) < 500


def test_a_difference_names_both_sentences(lm, trace):
    other = core.capture(lm, "o copo vazio")
    between = difference(trace, other)
    found = record(trace, between, [(0, 0)], other=other)
    assert found["compared_with"] == "o copo vazio" and "menos a frase “o copo vazio”" in citation(found)
    assert found["options"]["unit"] == "words" and found["options"]["special_tokens"] == "shown"


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_carries_the_record(trace, name):
    shown, heads = view(trace), [(1, 1)]
    found = record(trace, shown, heads, now=datetime(2026, 11, 21, tzinfo=UTC))
    written = file_bytes(name, shown, heads, found, "en").decode("utf-8-sig")
    assert trace.provenance.tokenizer_hash in written and "2026-11-21T00:00:00+00:00" in written
