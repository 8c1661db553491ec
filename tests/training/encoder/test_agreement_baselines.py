"""Agreement beside n-grams: each of the three sees what it should, and the document of the shipped encoder has them."""

import json

import pytest

from training.common import batches, ngram
from training.common.evaluation import wins_of
from training.common.probes import Cloze
from training.encoder import model as encoder
from training.encoder.agreement_baselines import Asked, Baselines
from training.encoder.bigram import count

CLOZE = Cloze("Vi a casa [MASK] ontem.", ("nova", "novo", "novas"), ("nova",))


def baselines(made, texts: list[str]) -> Baselines:
    rows = [row.ids for row in batches.encode(made, texts, limit=64, generated=False)]
    return Baselines(count(rows, len(made)), ngram.train(rows, len(made)), sum(map(len, rows)))


def test_a_cloze_as_ids(shipped):
    asked = Asked.of(shipped, CLOZE)
    assert asked.ids[asked.place] == shipped.mask_token_id
    assert [shipped.decode([token]) for token in asked.options] == ["nova", "novo", "novas"]
    whole, before = asked.rows(whole=True), asked.rows(whole=False)
    assert [row[asked.place] for row in whole] == list(asked.options) == [row[-1] for row in before]
    assert whole[0][asked.place + 1 :] == list(asked.ids[asked.place + 1 :]) and len(before[0]) == asked.place + 1
    with pytest.raises(ValueError):
        Asked.of(shipped, Cloze("Vi a casa.", ("nova",), ("nova",)))


@pytest.mark.parametrize(
    ("texts", "right"),
    [
        (["Vi a casa nova.", "O vinho novo ontem."], {"left": True, "kneser_ney": True}),
        (["Vi a casa novo.", "Comprei nova ontem."], {"left": False}),
        (["O nova ontem.", "O nova ontem.", "O novo vinho."], {"bigram": True, "kneser_ney": True}),
        (["Vi a casa novas ontem."], {"bigram": False, "left": False, "kneser_ney": False}),
    ],
)
def test_what_each_n_gram_sees(shipped, texts, right):
    wins = baselines(shipped, texts).wins(shipped, [CLOZE])
    assert {name: wins[name] for name in right} == {name: [won] for name, won in right.items()}


def test_every_number_stands_beside_its_baselines_and_the_gain_is_their_difference():
    document = json.loads((encoder.ASSETS / "evaluation.json").read_text(encoding="utf-8"))
    for slot, banks in document["agreement"].items():
        for bank, number in banks.items():
            beside = document["agreement_baselines"][slot][bank]
            assert {beside[name]["n"] for name in ("bigram", "left", "kneser_ney", "gain")} == {number["n"]}
            assert beside["gain"]["value"] == pytest.approx(number["value"] - beside["kneser_ney"]["value"], abs=2e-4)
            assert beside["gain"]["low"] <= beside["gain"]["value"] <= beside["gain"]["high"]
    assert document["agreement_baselines"]["tokens"] > 1e6


def test_the_wins_come_in_the_order_of_the_items(shipped, bundled):
    clozes = [
        Cloze("Ontem, depois da chuva, vi [MASK] casa antiga.", ("a", "o", "as"), ("a",)),
        Cloze("Vi [MASK] casa.", ("o", "a", "os"), ("o",)),
    ]
    assert wins_of(bundled, shipped, clozes) == [True, False]
