"""The recipe of the classifier: forms agree, polarities hold, nothing held out is trained on, the loop learns and
repeats itself.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.conv.classifier import Classifier
from core.conv.model import PAD, UNKNOWN
from core.conv.vocabulary import words_of
from training.common.corpus import key
from training.sentiment import baselines, clauses, grammar, lexicon, texts
from training.sentiment.measures import accuracy, judge
from training.sentiment.train import Plan, hidden, padded, train
from training.sentiment.written import DEV, HELD_OUT, Review


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("bom", "bom boa bons boas"),
        ("encantador", "encantador encantadora encantadores encantadoras"),
        ("ruim", "ruim ruim ruins ruins"),
        ("agradável", "agradável agradável agradáveis agradáveis"),
        ("gentil", "gentil gentil gentis gentis"),
        ("difícil de usar", "difícil de usar/difícil de usar/difíceis de usar/difíceis de usar"),
        ("mal escrito", "mal escrito/mal escrita/mal escritos/mal escritas"),
        ("caro demais", "caro demais/cara demais/caros demais/caras demais"),
        ("sem graça", "sem graça/sem graça/sem graça/sem graça"),
        ("original", "original original originais originais"),
    ],
)
def test_adjectives_agree(word: str, expected: str) -> None:
    assert lexicon.forms(word) == tuple(expected.split("/") if "/" in expected else expected.split())


def test_no_adjective_praises_and_blames_in_one_domain() -> None:
    sides = {(one.domain, one.forms, one.positive) for one in lexicon.adjectives()}
    assert not {(domain, form) for domain, form, positive in sides if positive} & {
        (domain, form) for domain, form, positive in sides if not positive
    }
    held = {one.forms[0] for one in lexicon.adjectives() if lexicon.held_out(one)}
    assert held == lexicon.HELD_OUT


def test_nouns_carry_their_gender_and_number() -> None:
    by_name = {one.text: one for one in lexicon.nouns()}
    assert (by_name["atuação"].place, by_name["filme"].place, by_name["cenas"].place, by_name["efeitos"].place) == (
        1,
        0,
        3,
        2,
    )


@pytest.mark.parametrize(
    "clause", [one for one, _ in (*clauses.CLAUSES, *clauses.UNSEEN, *clauses.TURNED)], ids=lambda one: one.__name__
)
def test_every_clause_tells_praise_from_blame(clause) -> None:
    """No text comes out on both sides, but for the few that a saying shares; and none is empty or unfilled."""
    rng, words = random.Random(1), clauses.world()
    praise, blame = ({grammar.written(clause(rng, words, side)) for _ in range(400)} for side in (True, False))
    assert not praise & blame and all(text and "{" not in text and "  " not in text for text in praise | blame)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gostei de a aula", "Gostei da aula"),
        ("apesar de o filme ser ruim, amei", "Apesar de o filme ser ruim, amei"),
        ("não gostei  de esse bolo . mas volto", "Não gostei desse bolo. Mas volto"),
        ("me apaixonei por as cenas", "Me apaixonei pelas cenas"),
    ],
)
def test_sentences_are_written_as_portuguese_is(text: str, expected: str) -> None:
    assert grammar.written(text) == expected


def test_a_contrast_is_decided_by_its_last_word() -> None:
    rng, words = random.Random(2), clauses.world()
    found = [grammar.contrast(rng, words, True) for _ in range(300)]
    good = {form for one in lexicon.adjectives() if one.positive for form in one.forms}
    short = [text for text in found if text.count(" ") == 2 and ", mas " in text]
    assert short and all(
        text.split(", mas ")[1] in good and text.split(", mas ")[0] not in good
        for text in short
        if " " not in text.split(", mas ")[1]
    )


@pytest.fixture(scope="module")
def small():
    """2,000 training sentences and small tests."""
    return texts.splits(2000, tests=150)


def test_nothing_held_out_is_trained_on(small) -> None:
    train_set, tests = small
    keys = {key(one.text) for one in train_set}
    assert not keys & {key(one.text) for one in (*HELD_OUT, *DEV)} and key("Eu amo este filme!") not in keys
    assert not any(keys & {key(one.text) for one in found} for found in tests.values())
    forms = {form for one in lexicon.adjectives() if lexicon.held_out(one) for form in one.forms}
    assert not any(forms & set(map(str.lower, words_of(one.text))) for one in train_set)
    assert all(forms & set(map(str.lower, words_of(one.text))) for one in tests["words"])


def test_splits_are_balanced_and_the_same_every_time(small) -> None:
    train_set, tests = small
    again, _ = texts.splits(2000, tests=150)
    assert again == train_set and abs(np.mean([one.positive for one in train_set]) - 0.5) < 0.02
    assert all(abs(np.mean([one.positive for one in found]) - 0.5) <= 0.06 for found in tests.values())
    assert (
        len(HELD_OUT) >= 120
        and sum(one.positive for one in HELD_OUT) == len(HELD_OUT) / 2
        and len({one.text for one in (*HELD_OUT, *DEV)}) == len(HELD_OUT) + len(DEV)
    )


def test_the_loop_learns_and_repeats_itself() -> None:
    torch.set_num_threads(1)
    rng = random.Random(4)
    made = [
        Review(grammar.sentence(rng, side, clauses=((clauses.plainly, 1),), alone=True), side)
        for _ in range(600)
        for side in (True, False)
    ]
    train_set, fresh = made[:1000], made[1000:]
    words, plan = texts.vocabulary(train_set), Plan(passes=1, batch=16, rate=1e-2, report=15, drop=0.1)
    first, second = (train(train_set, words, plan) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first.model.parameters(), second.model.parameters(), strict=True))
    longer = train(train_set, words, replace(plan, passes=6))
    assert (
        longer.curve[-1]["loss"] < 0.6 * longer.curve[0]["loss"]
        and longer.curve[-1]["tokens"] == 6 * first.curve[-1]["tokens"]
    )
    assert accuracy(judge(Classifier("x", longer.model, words)), fresh)["value"] > 0.75


def test_hidden_words_are_unknown_and_padding_stays() -> None:
    torch.manual_seed(0)
    ids = padded([[5] * 200, [6] * 3])
    found = hidden(ids, 0.25)
    assert (found[ids == PAD] == PAD).all() and 0.15 < (found[0] == UNKNOWN).float().mean() < 0.35


def test_the_logistic_regression_is_the_minimum() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 3))
    labels = x @ (2.0, -1.0, 0.0) + rng.normal(size=300) > 0.3
    found = baselines.logistic(x, labels, penalty=0.01)

    def loss(direction: np.ndarray, bias: float) -> float:
        return np.logaddexp(0, -np.where(labels, 1, -1) * (x @ direction + bias)).mean() + 0.01 * direction @ direction

    best = loss(found.direction, found.bias)
    assert (
        all(loss(found.direction + step, found.bias) >= best for step in 0.01 * rng.normal(size=(20, 3)))
        and loss(found.direction, found.bias + 0.02) > best
    )


def test_the_bag_knows_which_words_and_not_their_order(small) -> None:
    words = texts.vocabulary(small[0])
    rows = baselines.bag([HELD_OUT[0], Review("filme este amo Eu ! !", True)], words).toarray()
    assert (rows[0] == rows[1]).all() and rows.max() == 1
