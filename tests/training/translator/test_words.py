"""Sentences around words of a class: articles, agreement, plurals and contractions in three languages."""

from __future__ import annotations

import re

import pytest

from training.common.corpus import key
from training.translator import words
from training.translator.lexicon import NOUNS, QUALITIES


@pytest.fixture(scope="module")
def made() -> tuple[words.Three, ...]:
    """As many as the recipe draws."""
    return words.sentences(6_000)


def test_as_many_as_asked_none_twice_and_the_same_again(made: tuple[words.Three, ...]):
    assert len(made) == len(set(made)) == 6_000 and words.sentences(6_000) == made


def test_every_noun_stands_with_an_article_in_each_language(made: tuple[words.Three, ...]):
    starts = {tuple(key(text) for text in three) for three in made}
    for noun in NOUNS:
        article = {"m": ("un", "um"), "f": ("une", "uma")}
        french = f"{article[noun.french_gender][0]} {noun.french}"
        portuguese = f"{article[noun.portuguese_gender][1]} {noun.portuguese}"
        assert any(three[1:] == (key(french), key(portuguese)) for three in starts)


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("suitcase", ("la valise", "a mala")),
        ("school", ("l'école", "a escola")),
        ("trophy", ("le trophée", "o troféu")),
    ],
)
def test_articles_follow_the_gender_and_the_vowel(made: tuple[words.Three, ...], noun: str, expected: tuple[str, str]):
    asked = [three for three in made if three[0] == f"Where is the {noun}?"]
    assert asked == [(f"Where is the {noun}?", f"Où est {expected[0]} ?", f"Onde está {expected[1]}?")]


def test_no_pronoun_stands_for_a_noun(made: tuple[words.Three, ...]):
    assert not [three for three in made if re.search(r"\b(it|they|them)\b", three[0])]


def test_adjectives_agree_in_gender_and_number(made: tuple[words.Three, ...]):
    feminine = {quality.portuguese[1] for quality in QUALITIES} - {quality.portuguese[0] for quality in QUALITIES}
    masculine = {quality.portuguese[0] for quality in QUALITIES} - {quality.portuguese[1] for quality in QUALITIES}
    ending = [
        (three[2].split()[0], three[2].rstrip(".").split()[-1]) for three in made if three[0].split()[2:3] == ["is"]
    ]
    assert len(ending) > 100
    assert not [
        pair for pair in ending if pair[0] == "O" and pair[1] in feminine or pair[0] == "A" and pair[1] in masculine
    ]


@pytest.mark.parametrize(
    ("rule", "word", "plural"),
    [
        (words.plural_fr, "sac à dos", "sacs à dos"),
        (words.plural_fr, "cheval", "chevaux"),
        (words.plural_fr, "tableau noir", "tableaux noirs"),
        (words.plural_pt, "avião", "aviões"),
        (words.plural_pt, "sala de aula", "salas de aula"),
        (words.plural_pt, "jornal", "jornais"),
        (words.plural_pt, "nuvem", "nuvens"),
        (words.plural_en, "library", "libraries"),
        (words.plural_en, "mouse", "mice"),
    ],
)
def test_plurals(rule, word: str, plural: str):
    assert rule(word) == plural
