"""Nothing held out is ever generated for training."""

import json
import random
import re
from itertools import combinations

from training.common import grammar, heldout, lexicon, probes
from training.encoder import model as encoder

SENTENCES = [grammar.sentence(random.Random(seed)) for seed in range(6000)]
NAMES = {noun.text for noun in lexicon.CONTAINERS}


def containers_of(sentence: str) -> set[str]:
    return NAMES.intersection(re.findall(r"\w+", sentence))


def test_no_held_out_noun_is_generated():
    seen = set().union(*map(containers_of, SENTENCES))
    assert not seen & lexicon.HELD_OUT_NOUNS
    assert seen == {noun.text for noun in lexicon.containers().train_nouns}


def test_no_held_out_pair_is_generated_and_every_sentence_has_two_containers_or_two_places():
    held_out = lexicon.containers().held_out_pairs
    places = {entry.text for entry in lexicon.PLACES}
    carried = 0
    for sentence in SENTENCES:
        found = containers_of(sentence)
        here = places & set(re.findall(r"\w+", sentence))
        assert len(found) == 2 or (not found and len(here - {"mesa"}) >= 1), sentence
        assert frozenset(found) not in held_out, sentence
        carried += not found
    assert 0.3 < carried / len(SENTENCES) < 0.5


def test_no_place_is_a_container() -> None:
    assert not {entry.text for entry in lexicon.PLACES} & {entry.text for entry in lexicon.CONTAINERS}


def test_the_demo_pairs_are_all_held_out():
    held_out = lexicon.containers().held_out_pairs
    assert {frozenset(pair) for pair in combinations(lexicon.DEMO_NOUNS, 2)} <= held_out


def test_train_and_held_out_pairs_are_disjoint_and_cover_every_gender_mix():
    split = lexicon.containers()
    assert not split.train_pairs & split.held_out_pairs
    for which in ("pairs", "nouns", "train"):
        everyone = probes.pairs(split, which)
        assert len(probes.mixed(everyone)) >= 80 and len(probes.same(everyone)) >= 80


def test_pairs_of_unseen_nouns_hold_at_least_one():
    unseen = probes.pairs(lexicon.containers(), "nouns")
    assert all({a.text, b.text} & lexicon.HELD_OUT_NOUNS for a, b in unseen)


def test_the_file_beside_the_model_is_the_split_of_the_code(tmp_path):
    heldout.write(tmp_path / "heldout.json")
    assert json.loads((tmp_path / "heldout.json").read_text()) == json.loads(
        (encoder.ASSETS / "heldout.json").read_text()
    )


def test_every_noun_has_one_gender():
    assert len(NAMES) == len(lexicon.CONTAINERS)
