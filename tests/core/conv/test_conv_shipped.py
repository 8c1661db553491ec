"""The shipped classifier and probe: what they say of known sentences, the published numbers counted again, their names,
sizes and cards.
"""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

import core
from core.conv import heads, linear_probe
from core.conv.classifier import CLASSIFIER, classify, load_classifier
from core.conv.occlusion import agreement, occlusion
from core.conv.vocabulary import words_of
from core.conv.window import seen_by
from core.errors import BadFile, BadInput, TooLong, UnsupportedModel
from core.models.cards import read_card
from core.models.catalog import bundled_kind, describe
from core.models.sources import BUNDLED, bundled_names, shipped_names
from training.sentiment.measures import accuracy, judge
from training.sentiment.written import HELD_OUT


@cache
def encoder() -> core.LanguageModel:
    return core.load(linear_probe.ENCODER, "cpu")


@cache
def document() -> dict:
    return json.loads((BUNDLED / CLASSIFIER / "evaluation.json").read_text(encoding="utf-8"))


def test_the_published_accuracy_is_counted_again() -> None:
    asked, found = judge(load_classifier()), document()["accuracy"]["classifier"]
    assert accuracy(asked, HELD_OUT) == found["written"] and len(HELD_OUT) >= 120
    assert accuracy(asked, [one for one in HELD_OUT if one.negated]) == found["negated"]


def test_the_orders_that_were_published_are_counted_again() -> None:
    model = load_classifier()
    verdicts = [classify(model, one.text) for one in HELD_OUT]
    plain = [agreement(one.attention, np.abs(occlusion(model, one))) for one in verdicts]
    windows = [agreement(seen_by(one, model.model.sizes.window), np.abs(occlusion(model, one))) for one in verdicts]
    for values, name in ((plain, "attention_occlusion"), (windows, "windows_occlusion")):
        known = [value for value in values if value is not None]
        assert len(known) == document()["orders"][name]["n"]
        assert np.mean(known) == pytest.approx(document()["orders"][name]["value"], abs=2e-3)


@pytest.mark.parametrize(
    ("text", "positive"),
    [
        ("Eu amo este filme!", True),
        ("Não gostei nem um pouco.", False),
        ("O filme é bonito, mas chato.", False),
        ("Não é ruim, não.", True),
        ("Nunca comi uma pizza tão boa!", True),
    ],
)
def test_the_examples_of_the_page_are_read_as_they_are_meant(text: str, positive: bool) -> None:
    assert (classify(load_classifier(), text).logit > 0) == positive


def test_it_reads_capitals_and_says_what_it_does_not_know() -> None:
    model = load_classifier()
    assert classify(model, "EU AMO ESTE FILME!").logit == classify(model, "Eu amo este filme!").logit
    assert classify(model, "A peça foi supimpa!").known == (True, True, True, False, True)


def test_the_attention_of_the_windows_counts_every_window_that_sees_a_word() -> None:
    model = load_classifier()
    found = classify(model, "O filme é bonito, mas chato.")
    seen = seen_by(found, 5)
    assert (
        seen[0] == pytest.approx(found.attention[:3].sum())
        and seen[4] == pytest.approx(found.attention[2:7].sum())
        and seen[-1] == pytest.approx(found.attention[-3:].sum())
    )


def test_the_probe_reads_words_only_and_hides_every_piece() -> None:
    lm, own = encoder(), linear_probe.load_probe()
    read = linear_probe.probe_text(lm, own, "Eu amo este filme!")
    trace = core.capture(lm, "Eu amo este filme!", hidden=True)
    kept = ~np.array(trace.tokens.special)
    assert read.logit == pytest.approx(float(own.logit(trace.hidden[-1][kept].astype(np.float64).mean(0))), abs=1e-3)
    ids = [
        lm.tokenizer.mask_token_id if trace.tokens.words[of] == "amo" else one
        for one, of in zip(trace.tokens.ids, trace.tokens.word_of, strict=True)
    ]
    hidden = float(own.logit(linear_probe.means(lm, [ids], [trace.tokens.special]))[0])
    assert read.words == ("Eu", "amo", "este", "filme", "!") and read.occlusion[1] == pytest.approx(
        read.logit - hidden, abs=1e-4
    )


def test_texts_of_other_lengths_do_not_change_a_mean() -> None:
    lm = encoder()
    rows = [lm.tokenizer(text)["input_ids"] for text in ("Bom.", "O filme é muito bom.", "Ruim!")]
    special = [[i in (0, len(row) - 1) for i in range(len(row))] for row in rows]
    together = linear_probe.means(lm, rows, special)
    np.testing.assert_allclose(
        together,
        np.concatenate([linear_probe.means(lm, [row], [one]) for row, one in zip(rows, special, strict=True)]),
        atol=1e-5,
    )


def test_a_model_of_another_width_or_kind_is_refused(tmp_path) -> None:
    with pytest.raises(BadInput, match="mirante-decoder-pt"):
        linear_probe.probe_text(core.load("mirante-decoder-pt", "cpu"), linear_probe.load_probe(), "Bom.")
    with pytest.raises(TooLong):
        linear_probe.probe_text(encoder(), linear_probe.load_probe(), "bom " * 3000)
    with pytest.raises(BadFile, match="probe"):
        linear_probe.load_probe(tmp_path)


def test_heads_are_compared_over_words_only() -> None:
    text = "O filme é bonito, mas chato."
    trace, read = core.capture(encoder(), text), linear_probe.probe_text(encoder(), linear_probe.load_probe(), text)
    shares = heads.received(trace, 1, 2, read.places)
    full = trace.merged(trace.attention(1, 2))
    np.testing.assert_allclose(shares, [full[list(read.places), place].mean() for place in read.places], rtol=1e-6)
    values = heads.agreements(trace, read.places, read.occlusion)
    assert values.shape == (trace.layers(), trace.heads()) and values[1, 2] == pytest.approx(
        agreement(shares, np.abs(read.occlusion))
    )


def test_the_best_of_many_random_orders_is_better_than_one() -> None:
    assert abs(heads.by_luck(8, 1)) < 0.06 < heads.by_luck(8, 8) < heads.by_luck(8, 32) < 1
    assert heads.by_luck(40, 32) < heads.by_luck(8, 32) and heads.by_luck(2, 32) is None


def test_it_is_shipped_but_not_offered_as_a_transformer() -> None:
    assert CLASSIFIER in shipped_names() and CLASSIFIER not in bundled_names() and bundled_kind(CLASSIFIER) is None
    entry = describe(BUNDLED / CLASSIFIER)
    assert entry.kind == "classifier" and entry.bytes < 2_000_000 and entry.vocabulary == len(load_classifier().words)
    with pytest.raises((UnsupportedModel, BadFile), match=CLASSIFIER):
        core.load(CLASSIFIER, "cpu")


def test_the_card_is_whole_and_is_the_document() -> None:
    from training.sentiment import card as sentiment_card

    card = read_card(CLASSIFIER)
    assert set(card.text) == {"en", "pt"} and card.licence == "cc-by-4.0" and len(card.curve.loss) > 10
    assert list(card.curve.tokens) == sorted(card.curve.tokens) and card.curve.loss[-1] < card.curve.loss[0] / 2
    assert all(one.low <= one.value <= one.high for one in card.measures if one.low is not None)
    assert (BUNDLED / CLASSIFIER / "README.md").read_text(encoding="utf-8") == sentiment_card.text(document())
    assert "AtNet" in card.text["pt"] and "AtNet" in card.text["en"]


def test_words_of_an_encoder_and_of_the_classifier_are_cut_alike() -> None:
    for text in ("Eu amo este filme!", "O pão-de-ló estava ótimo, d'água na boca... 10,50 reais!!!"):
        assert linear_probe.probe_text(encoder(), linear_probe.load_probe(), text).words == tuple(words_of(text))
