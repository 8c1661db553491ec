"""The command line gives the numbers of Python, as JSON that any reader takes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import core
from core.__main__ import app
from core.analyses.ablation import ablations, effect, mean_outputs
from core.analyses.head_sets import set_edits
from core.analyses.input_attribution import method_maps, method_row
from core.analyses.logit_attribution import attribution
from core.analyses.methods import METHODS
from core.analyses.patching import patch
from core.analyses.score import logit_difference
from core.models.sources import default_root

TEXT = "Ela derramou água da jarra para o copo até que ficasse [MASK]."
ASKED = ("--model", "mirante-encoder-pt", "--text", TEXT, "--answer", "cheio", "--against", "vazio")


def run(*arguments: str) -> dict:
    found = CliRunner().invoke(app, list(arguments))
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.fixture(scope="module")
def posed():
    lm = core.load("mirante-encoder-pt", device="cpu", root=default_root())
    trace = core.capture(lm, TEXT)
    return lm, trace, logit_difference(lm, trace, target="cheio", foil="vazio")


def test_paths(posed):
    lm, trace, asked = posed
    document = run("paths", *ASKED)
    assert set(document["methods"]) == set(METHODS) and document["score_nats"] == pytest.approx(
        asked.of(trace), abs=1e-5
    )
    np.testing.assert_allclose(
        document["methods"]["alti"]["row"],
        method_row(method_maps(lm, trace, "self", asked), "alti", asked.position),
        atol=1e-6,
    )
    assert sum(document["methods"]["rollout"]["even"]) == pytest.approx(1)


def test_ablate_and_parts(posed):
    lm, trace, asked = posed
    np.testing.assert_allclose(run("ablate", *ASKED)["change_nats"], ablations(lm, trace, asked)[0], atol=1e-5)
    document, found = run("parts", *ASKED), attribution(lm, trace, asked)
    np.testing.assert_allclose(document["heads"]["self"], found.heads["self"], atol=1e-5)
    whole = np.sum(document["heads"]["self"]) + np.sum(document["blocks"]) + document["embeddings"] + document["biases"]
    assert whole == pytest.approx(document["score_nats"], abs=1e-4)


def test_ablate_by_a_mean_and_several_heads_beside_as_many_at_random(posed, tmp_path: Path):
    lm, trace, asked = posed
    file = tmp_path / "frases.txt"
    file.write_text("O gato viu a jarra.\nEla encheu o copo com água.\n", encoding="utf-8")
    document = run("ablate", *ASKED, "--heads", "3.3,3.4", "--mean-over", str(file))
    means = mean_outputs(
        [core.capture(lm, text) for text in ("O gato viu a jarra.", "Ela encheu o copo com água.")], "self"
    )
    assert document["replaced_by"] == "mean" and document["mean_over"] == 2
    np.testing.assert_allclose(document["change_nats"], ablations(lm, trace, asked, means=means)[0], atol=1e-5)
    together = document["together"]
    expected = effect(lm, trace, asked, set_edits([(3, 3), (3, 4)], "self", means))
    assert together["change"] == pytest.approx(expected.change, abs=1e-5)
    assert together["heads"] == [[3, 3], [3, 4]] and len(together["random"]["change"]) == 20


@pytest.mark.slow
def test_patch_is_that_of_python(posed):
    lm, trace, _ = posed
    document = run("patch", *ASKED, "--other", TEXT.replace("copo", "balde").replace("jarra", "caixa"))
    patched = patch(lm, trace, core.capture(lm, document["other"]), posed[2])
    np.testing.assert_allclose(document["heads"], patched.heads, atol=1e-5)
    assert document["clean_nats"] == pytest.approx(patched.clean, abs=1e-5)


def test_profile_and_roles(tmp_path: Path):
    file = tmp_path / "frases.txt"
    file.write_text("O gato viu a jarra.\n\nEla encheu o copo com água.\n", encoding="utf-8")
    document = run("profile", "--model", "mirante-decoder-pt", "--texts", str(file))
    assert document["sentences"] == 2 and len(document["heads"]) == 32 and "sink_norm" not in document["heads"][0]
    assert 0 <= document["heads"][5]["entropy"]["value"] <= 1


def test_an_error_is_one_line(capsys, monkeypatch):
    import sys

    from core.__main__ import main

    monkeypatch.setattr(
        sys, "argv", ["core", "paths", "--model", "mirante-encoder-pt", "--text", TEXT, "--answer", "paralelepípedo"]
    )
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith("mirante: ")
