"""Descriptions agree in gender and number."""

import random

import pytest

from training import agreement, lexicon


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
        words = agreement.sentence(random.Random(seed)).strip(".").split()
        if words[1] in feminine ^ masculine:
            assert words[-1].rstrip("s").endswith("a" if words[1] in feminine else "o"), words
