"""Intervals by hand, and the bundled model against its own published evaluation."""

import json

import pytest
import torch
from safetensors import safe_open

from training.common import evaluation, lexicon, numbers, probes
from training.encoder import card, model as encoder


def test_wilson_by_hand():
    number = numbers.rate(8, 10)
    assert (number["value"], number["n"]) == (0.8, 10)
    assert number["low"] == pytest.approx(0.4902, abs=1e-4) and number["high"] == pytest.approx(0.9433, abs=1e-4)
    assert numbers.rate(0, 0)["value"] is None


def test_the_bootstrap_interval_holds_the_mean_and_shrinks_to_a_constant():
    number = numbers.mean([0.2, 0.4, 0.9, 1.0])
    assert number["low"] < number["value"] < number["high"]
    assert numbers.mean([0.5] * 9) == {"value": 0.5, "n": 9, "low": 0.5, "high": 0.5}


def test_a_text_without_its_one_mask_is_refused(bundled, shipped):
    with pytest.raises(ValueError, match="exactly one"):
        probes.masked_logits(bundled, shipped, ["Ela saiu."])


def test_the_bundled_model_favours_the_two_right_adjectives_on_pairs_it_never_saw(bundled, shipped):
    everyone = probes.mixed(probes.pairs(lexicon.containers(), "pairs"))
    shares = probes.shares(bundled, shipped, [probes.four_adjectives(pour) for pour in probes.pours(everyone[:40])])
    assert sum(shares) / len(shares) > 0.9
    demo = evaluation.demo(bundled, shipped)
    assert demo["cheio"] + demo["vazia"] > 0.9


def test_the_bundled_model_answers_by_meaning_where_gender_cannot_tell(bundled, shipped):
    pours = probes.pours(probes.same(probes.pairs(lexicon.containers(), "pairs")))[:30]
    shares = probes.shares(
        bundled, shipped, [probes.answer(pour, state) for pour in pours for state in ("full", "empty")]
    )
    assert sum(share > 0.5 for share in shares) / len(shares) > 0.9


def test_the_weights_are_half_precision_small_and_clean():
    path = encoder.ASSETS / "model.safetensors"
    assert path.stat().st_size < 30_000_000
    with safe_open(path, "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118
    config = json.loads((encoder.ASSETS / "config.json").read_text())
    assert config["model_type"] == "modernbert" and not {"id2label", "_name_or_path"} & set(config)
    assert "/" not in json.dumps(config)


def test_the_published_numbers_are_those_of_the_document():
    document = json.loads((encoder.ASSETS / "evaluation.json").read_text())
    assert (encoder.ASSETS / "README.md").read_text() == card.text(document)


def test_rounding_costs_nothing_that_the_intervals_can_see():
    document = json.loads((encoder.ASSETS / "evaluation.json").read_text())
    before, after = (d["masked_accuracy"]["all"]["model"] for d in (document["before_rounding"], document))
    assert after["low"] <= before["value"] <= after["high"]
