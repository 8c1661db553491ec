"""The container family agrees in gender and tells a possible story."""

import random
import re

import pytest

from training.common import families, grammar, lexicon
from training.common.grammar import Pour
from training.common.lexicon import Noun, noun

ELA, AGUA = Noun("Ela", "f"), Noun("água", "f")
DEMO = Pour(ELA, AGUA, noun("jarra"), noun("copo"))


def test_the_original_pair_is_written_exactly():
    assert grammar.null_subject(DEMO, "full") == "Ela derramou água da jarra para o copo até que ficasse cheio."
    assert grammar.null_subject(DEMO, "empty") == "Ela derramou água da jarra para o copo até que ficasse vazia."


def test_the_other_frames():
    assert grammar.pronoun_subject(DEMO, "full").endswith("até que ele ficasse cheio.")
    assert grammar.pronoun_subject(DEMO, "empty").endswith("até que ela ficasse vazia.")
    assert grammar.noun_subject(DEMO, "empty").endswith("até que a jarra ficasse vazia.")
    assert grammar.filling(DEMO) == "Ela encheu o copo com água da jarra"
    assert grammar.question(DEMO, "empty").endswith("ficasse vazia. O que ficou vazio? A jarra.")
    assert grammar.question(DEMO, "empty", neutral=False).endswith("O que ficou vazia? A jarra.")


@pytest.mark.parametrize("state", ["full", "empty"])
def test_the_adjective_agrees_with_its_noun_for_every_pair(state):
    for pair in lexicon.containers().train_pairs:
        a, b = (noun(text) for text in sorted(pair))
        pour = Pour(ELA, AGUA, a, b)
        gold = b if state == "full" else a
        assert grammar.subject_of(pour, state) == gold
        last = re.findall(r"\w+", grammar.null_subject(pour, state))[-1]
        assert last[:-1] == ("chei" if state == "full" else "vazi") and last[-1] == ("o" if gold.gender == "m" else "a")


def test_generated_sentences_agree_and_never_contradict_gender():
    gender = {entry.text: entry.gender for entry in (*lexicon.CONTAINERS, *lexicon.PLACES)}
    for seed in range(3000):
        sentence = grammar.sentence(random.Random(seed))
        for article, name in re.findall(r"\b(d?[oa]) (\w+)", sentence):
            if name in gender:
                assert article[-1] == ("o" if gender[name] == "m" else "a"), sentence
        adjective = re.search(r"(?:ficasse|ficar|estivesse|ficou) (cheio|cheia|vazio|vazia)", sentence)
        names = [name for name in re.findall(r"\w+", sentence.split("O que")[0]) if name in gender]
        assert adjective and any(gender[name] == ("m" if adjective[1].endswith("o") else "f") for name in names), (
            sentence
        )


def test_the_seed_decides_everything():
    assert [grammar.sentence(random.Random(5)) for _ in range(3)] == [
        grammar.sentence(random.Random(5)) for _ in range(3)
    ]


def test_any_nouns_take_the_places_of_a_share_of_the_stories():
    nouns = [families.Filler("rio", "m"), families.Filler("festa", "f")]
    rng = random.Random(0)
    stories = [grammar.sentence(rng, nouns) for _ in range(2000)]
    share = sum("do rio" in story or "da festa" in story for story in stories) / len(stories)
    assert abs(share - grammar.ANY) < 0.05
    assert not any(
        word in story
        for story in (grammar.sentence(random.Random(seed)) for seed in range(300))
        for word in ("do rio", "da festa")
    )


def test_any_nouns_agree_in_the_families():
    nouns = [families.Filler("rio", "m"), families.Filler("festa", "f")]
    rng = random.Random(1)
    told = [families.draw(rng, nouns=nouns) for _ in range(2000)]
    strange = [story for story in told if {story.a.text, story.b.text} == {"rio", "festa"}]
    assert abs(len(strange) / len(told) - families.ANY) < 0.05
    assert all(story.numbers == (1, 1) for story in strange)
    for story in strange:
        gold = getattr(story, story.gold)
        assert families.agreed(story) == families.inflect(story.adjective, gold.gender, 1)
