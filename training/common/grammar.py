"""Generated sentences of the container family: somebody pours a liquid from one container into another until one of
them is full or empty.

The frames are those of SCIENCE's "gender × meaning" table. P1 (gender AGAINST meaning: "… ficasse vazio / cheia" of jug
and glass) is a contradiction and is never generated for training; only the evaluation writes it. Plain descriptions are
in agreement.py, words and their split in lexicon.py."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from training.common.families import Filler
from training.common.lexicon import LIQUIDS, PEOPLE, PLACES, THINGS, Gender, Noun, containers, noun

State = Literal["full", "empty"]
ADJECTIVES: dict[tuple[State, Gender], str] = {
    ("full", "m"): "cheio",
    ("full", "f"): "cheia",
    ("empty", "m"): "vazio",
    ("empty", "f"): "vazia",
}
VERBS = ("derramou", "despejou", "passou", "transferiu", "verteu", "virou")
CARRYING = ("passou", "transferiu", "levou", "mudou", "carregou")
CARRIED = 0.4  # share of the stories that carry things between places: many more nouns for the same roles
ANY = 0.4  # share of the stories between any two nouns of the language, where these are given
UNTIL = ("até que ficasse", "até ficar", "até que estivesse")


@dataclass(frozen=True)
class Pour:
    """One event: who pours which liquid from `source` into `target`."""

    person: Noun
    liquid: Noun
    source: Noun
    target: Noun
    verb: str = "derramou"


def adjective(state: State, gender: Gender) -> str:
    """The form of cheio/vazio that agrees."""
    return ADJECTIVES[state, gender]


def subject_of(pour: Pour, state: State) -> Noun:
    """Who ends up so: the target becomes full, the source empty."""
    return pour.target if state == "full" else pour.source


def the(entry: Noun) -> str:
    """Noun with its definite article: 'o copo'."""
    return f"{'o' if entry.gender == 'm' else 'a'} {entry.text}"


def with_of(entry: Noun) -> str:
    """'do copo', 'da jarra'."""
    return f"d{the(entry)}"


def event(pour: Pour) -> str:
    """P0, P2, P3, P4, P6 (they differ only by the words): 'Ela derramou água da jarra para o copo'."""
    return f"{pour.person.text} {pour.verb} {pour.liquid.text} {with_of(pour.source)} para {the(pour.target)}"


def filling(pour: Pour) -> str:
    """P7, order swapped: 'Ela encheu o copo com água da jarra'."""
    return f"{pour.person.text} encheu {the(pour.target)} com {pour.liquid.text} {with_of(pour.source)}"


def null_subject(pour: Pour, state: State, until: str = UNTIL[0], opening: Callable[[Pour], str] = event) -> str:
    """'… até que ficasse cheio.'"""
    return f"{opening(pour)} {until} {adjective(state, subject_of(pour, state).gender)}."


def pronoun_subject(pour: Pour, state: State, opening: Callable[[Pour], str] = event) -> str:
    """P5: '… até que ele ficasse cheio.'"""
    gender = subject_of(pour, state).gender
    return f"{opening(pour)} até que {'ele' if gender == 'm' else 'ela'} ficasse {adjective(state, gender)}."


def noun_subject(pour: Pour, state: State, opening: Callable[[Pour], str] = event) -> str:
    """'… até que o copo ficasse cheio.'"""
    gold = subject_of(pour, state)
    return f"{opening(pour)} até que {the(gold)} ficasse {adjective(state, gold.gender)}."


def question(pour: Pour, state: State, opening: Callable[[Pour], str] = event, *, neutral: bool = True) -> str:
    """'… até que ficasse cheia. O que ficou cheio? A taça.'; not `neutral`: 'O que ficou cheia?', which many speakers
    say too.
    """
    gold = subject_of(pour, state)
    answer = f"{the(gold)[0].upper()}{the(gold)[1:]}"
    return (
        f"{null_subject(pour, state, opening=opening)} "
        f"O que ficou {adjective(state, 'm' if neutral else gold.gender)}? "
        f"{answer}."
    )


def outcome(pour: Pour, state: State) -> str:
    """'… para o copo e a jarra ficou vazia.'"""
    gold = subject_of(pour, state)
    return f"{event(pour)} e {the(gold)} ficou {adjective(state, gold.gender)}."


def passive(pour: Pour) -> str:
    """Held out: 'A água foi passada da jarra para o copo'."""
    article, ending = ("O", "o") if pour.liquid.gender == "m" else ("A", "a")
    return f"{article} {pour.liquid.text} foi passad{ending} {with_of(pour.source)} para {the(pour.target)}"


def fronted(pour: Pour) -> str:
    """Held out: 'Para o copo, ela derramou água da jarra'."""
    return f"Para {the(pour.target)}, {_inside(pour)} {pour.verb} {pour.liquid.text} {with_of(pour.source)}"


def using(pour: Pour) -> str:
    """Held out: 'Com água da jarra, ela encheu o copo'."""
    return f"Com {pour.liquid.text} {with_of(pour.source)}, {_inside(pour)} encheu {the(pour.target)}"


def _inside(pour: Pour) -> str:
    """The person after a comma: 'ela', 'o menino', but 'Maria'."""
    who = pour.person.text
    return who[0].lower() + who[1:] if who.split()[0] in ("O", "A", "Ele", "Ela") else who


UNSEEN_OPENINGS = (passive, fronted, using)
"""Word orders that no training sentence has; only the evaluation writes them."""
FRAMES = ("null", "null", "filling", "noun", "noun", "pronoun", "question", "question", "outcome")


def sentence(rng: random.Random, nouns: Sequence[Filler] = ()) -> str:
    """One training sentence: a trained-on pair, a random frame. ``nouns``: any nouns, which take the places of some
    stories (see `draw`).
    """
    pour, state = draw(rng, nouns), rng.choice(("full", "empty"))
    opening = filling if rng.random() < 0.2 else event
    frame = rng.choice(FRAMES)
    if frame == "question":
        return question(pour, state, opening, neutral=rng.random() < 0.5)
    if frame == "noun":
        return noun_subject(pour, state, opening)
    if frame == "pronoun":
        return pronoun_subject(pour, state, opening)
    if frame == "outcome":
        return outcome(pour, state)
    return null_subject(pour, state, rng.choice((UNTIL[0], UNTIL[0], *UNTIL)), filling if frame == "filling" else event)


def draw(rng: random.Random, nouns: Sequence[Filler] = ()) -> Pour:
    """An event with a pair of the training split, in either direction; sometimes things are carried between two places
    instead.

    With ``nouns``, a share ANY of the stories happens between two of them, whatever they are ("… do rio para a festa
    …"): nonsense on purpose, since what has to be learnt is the role, and a few dozen vessels can be learnt by heart.
    """
    if nouns and rng.random() < ANY:
        one, other = (Noun(entry.text, entry.gender) for entry in rng.sample(nouns, 2))
        things, verbs = rng.choice(((LIQUIDS, VERBS), (THINGS, CARRYING)))
        return Pour(rng.choice(PEOPLE), rng.choice(things), one, other, rng.choice(verbs))
    if rng.random() < CARRIED:
        one, other = rng.sample(PLACES, 2)
        return Pour(rng.choice(PEOPLE), rng.choice(THINGS), one, other, rng.choice(CARRYING))
    first, second = rng.sample(rng.choice(_train_pairs()), 2)
    return Pour(rng.choice(PEOPLE), rng.choice(LIQUIDS), noun(first), noun(second), rng.choice(VERBS))


@cache
def _train_pairs() -> tuple[list[str], ...]:
    return tuple(sorted(sorted(pair) for pair in containers().train_pairs))
