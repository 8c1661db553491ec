"""Descriptions agree in gender and number."""

import random
import re

import pytest

from training.common import agreement, lexicon


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("menino", "meninos"),
        ("avião", "aviões"),
        ("irmão", "irmãos"),
        ("pão", "pães"),
        ("mês", "meses"),
        ("jornal", "jornais"),
        ("professor", "professores"),
        ("viagem", "viagens"),
    ],
)
def test_plurals(singular, plural):
    assert agreement.plural(singular) == plural


def test_inflection_of_determiner_and_adjective():
    assert [agreement.inflect("cansado", g, n) for n in (1, 2) for g in ("m", "f")] == [
        "cansado",
        "cansada",
        "cansados",
        "cansadas",
    ]
    assert [agreement.determiner("aquele", g, n) for n in (1, 2) for g in ("m", "f")] == [
        "aquele",
        "aquela",
        "aqueles",
        "aquelas",
    ]


def test_all_adjectives_end_in_o_so_that_inflect_is_right():
    assert all(word.endswith("o") for kind in agreement.KINDS for word in (*kind.states, *kind.qualities))


def test_no_held_out_container_is_described():
    words = {word.strip(".") for seed in range(4000) for word in agreement.sentence(random.Random(seed)).split()}
    assert not words & lexicon.HELD_OUT_NOUNS


def test_feminine_subjects_take_feminine_adjectives():
    feminine = {form for kind in agreement.KINDS for word in kind.feminine for form in (word, agreement.plural(word))}
    masculine = {form for kind in agreement.KINDS for word in kind.masculine for form in (word, agreement.plural(word))}
    assert feminine & masculine == {"artista", "artistas"}
    for seed in range(2000):
        sentence = agreement.sentence(random.Random(seed))
        words = sentence.split(" e ")[0].split(",")[0].split(".")[0].split()
        if words[1] in feminine ^ masculine:
            assert words[-1].rstrip("s").endswith("a" if words[1] in feminine else "o"), words


def test_questions_name_a_noun_that_was_told_so():
    for seed in range(1500):
        told, asked, answer = re.fullmatch(r"(.+)\. (.+)\? (.+)\.", agreement.question(random.Random(seed))).groups()
        state, (article, noun) = asked.split()[-1], answer.lower().split()
        gender = "m" if article == "o" else "f"
        clauses = re.split(r" e |, mas ", told.lower())
        assert (
            sum(
                clause.endswith(agreement.inflect(state, gender, 1)) and f"{article} {noun} " in clause
                for clause in clauses
            )
            == 1
        )


def test_questions_about_two_containers_use_pairs_of_the_training_split():
    split = lexicon.containers()
    names = {noun.text for noun in lexicon.CONTAINERS}
    for seed in range(4000):
        found = names.intersection(re.findall(r"\w+", agreement.sentence(random.Random(seed))))
        assert len(found) < 2 or frozenset(found) in split.train_pairs
