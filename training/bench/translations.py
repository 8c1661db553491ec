"""English sentences with an ambiguous “it” and their French: eight everyday events, each told twice, with a word that
settles it either way.

    >>fra<< The hat did not fit in the suitcase because it was too big.
        Le chapeau ne tenait pas dans la valise parce qu'il était trop grand.
    >>fra<< The hat did not fit in the suitcase because it was too small. Le chapeau ne tenait pas dans la valise parce
    qu'elle était trop petite.

Where the two French nouns differ in gender (T0), the pronoun's form tells which is meant; where they do not (T2), it
tells nothing. The nouns are short words, nearly all of them whole in the translator's vocabulary; none begins with a
vowel in French, so that no article hides its gender.
Inside: the words, the events, the items. Not inside: writing the file (bench_items.py), what an item is
(core.coreference.items)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from core.coreference.items import TRANSLATIONS, Candidate, Gender, Item

EACH = 4  # pairs per event and pair of genders: 64 pairs per condition
PROMPT = ">>fra<< "
_GENDERS: dict[str, tuple[tuple[Gender, Gender], ...]] = {
    "T0": (("m", "f"), ("f", "m")),
    "T2": (("m", "m"), ("f", "f")),
}
_PRONOUNS: dict[Gender, str] = {"m": "il", "f": "elle"}
_ARTICLES: dict[Gender, str] = {"m": "le", "f": "la"}

_MASCULINE = """
hat chapeau, bag sac, drawer tiroir, closet placard, wallet portefeuille, fridge frigo, basket panier, truck camion, garage garage, book livre, coat manteau, sofa canapé,
bed lit, cake gâteau, piano piano, bike vélo, gate portail, tunnel tunnel, hole trou, bus bus, boat bateau, cat chat, horse cheval, dog chien, taxi taxi,
fish poisson, cheese fromage, bread pain, chicken poulet, monkey singe, rabbit lapin, wolf loup, garden jardin, wall mur, curtain rideau, knife couteau, wood bois,
mirror miroir, desk bureau, bridge pont, ship navire
"""
_FEMININE = """
suitcase valise, box boîte, pocket poche, car voiture, room chambre, kitchen cuisine, shoe chaussure, key clé, bottle bouteille, dress robe, guitar guitare, table table,
ball balle, letter lettre, door porte, window fenêtre, street rue, mouse souris, cow vache, meat viande, soup soupe, salad salade, apple pomme, banana banane, goat chèvre,
house maison, tower tour, mountain montagne, flower fleur, chair chaise, stone pierre, machine machine, branch branche, television télévision, lamp lampe,
motorcycle moto
"""


@dataclass(frozen=True)
class Noun:
    """An English noun, and its French with its gender."""

    english: str
    french: str
    gender: Gender


def _listed(text: str, gender: Gender) -> dict[str, Noun]:
    return {english: Noun(english, french, gender) for english, french in (entry.split() for entry in text.split(","))}


NOUNS = _listed(_MASCULINE, "m") | _listed(_FEMININE, "f")


@dataclass(frozen=True)
class Told:
    """What is said of “it”: in English, and in French of a masculine and of a feminine noun."""

    english: str
    masculine: str
    feminine: str

    def french(self, gender: Gender) -> str:
        return self.masculine if gender == "m" else self.feminine


@dataclass(frozen=True)
class Event:
    """Both languages with {a} and {b}; of_a, of_b: what can be true of one of them only; pairs: for each a, the b that
    it may meet.
    """

    name: str
    english: str
    french: str
    of_a: Told
    of_b: Told
    pairs: str

    def met(self, a: Gender, b: Gender) -> list[tuple[Noun, Noun]]:
        """The pairs of these genders."""
        rows = (row.split(":") for row in self.pairs.split(";"))
        both = [(NOUNS[one.strip()], NOUNS[other]) for one, others in rows for other in others.split()]
        return [(one, other) for one, other in both if (one.gender, other.gender) == (a, b)]


_BIG = Told("was too big", "était trop grand", "était trop grande")
_SMALL = Told("was too small", "était trop petit", "était trop petite")
_HEAVY = Told("was too heavy", "était trop lourd", "était trop lourde")

EVENTS = (
    Event(
        "fit",
        "The {a} did not fit in the {b}",
        "{a} ne tenait pas dans {b}",
        _BIG,
        _SMALL,
        "hat: suitcase box bag drawer closet; shoe: box bag suitcase basket drawer; book: pocket bag box "
        "drawer; key: pocket bag box wallet;"
        "bottle: bag fridge pocket box basket; dress: suitcase bag drawer closet; coat: suitcase bag box "
        "closet; guitar: car closet box suitcase;"
        "sofa: truck room kitchen garage; table: kitchen room truck garage; bed: room truck garage; cake: "
        "box fridge basket; ball: pocket box bag basket;"
        "letter: pocket drawer box bag; piano: room truck garage; bike: car garage closet",
    ),
    Event(
        "pass",
        "The {a} could not go through the {b}",
        "{a} ne pouvait pas passer par {b}",
        _BIG,
        _SMALL,
        "car: gate tunnel street; truck: gate tunnel street; bus: gate tunnel street; piano: door window; "
        "bed: door window; sofa: door window; table: door window;"
        "box: door window hole; cat: hole window; mouse: hole; cow: door gate; ball: hole window; horse: door gate",
    ),
    Event(
        "overtake",
        "The {a} passed the {b}",
        "{a} a dépassé {b}",
        Told("was very fast", "était très rapide", "était très rapide"),
        Told("was very slow", "était très lent", "était très lente"),
        "car: motorcycle truck bus taxi bike; motorcycle: car truck bus taxi; truck: car motorcycle bus "
        "bike; bus: car motorcycle truck bike; taxi: car motorcycle bus;"
        "boat: ship; ship: boat; dog: cow goat horse; horse: cow goat dog; cow: goat; goat: cow dog",
    ),
    Event(
        "eat",
        "The {a} ate the {b}",
        "{a} a mangé {b}",
        Told("was very hungry", "avait très faim", "avait très faim"),
        Told("was very good", "était très bon", "était très bonne"),
        "cat: fish cheese meat chicken soup; dog: meat bread cake soup chicken; mouse: cheese bread cake "
        "apple soup; cow: apple bread salad; horse: apple bread salad;"
        "goat: salad bread apple cake; monkey: banana apple cake bread; rabbit: salad apple bread; wolf: meat chicken",
    ),
    Event(
        "behind",
        "I could not see the {a} behind the {b}",
        "Je ne pouvais pas voir {a} derrière {b}",
        _SMALL,
        _BIG,
        "cat: wall table door sofa box; dog: truck house car wall; car: house truck wall bus tower; ball: "
        "chair wall table box sofa; mouse: sofa table box bag;"
        "flower: wall house curtain; garden: house wall; house: mountain tower truck wall; bike: truck car "
        "wall bus; cow: house truck wall; key: box piano",
    ),
    Event(
        "carry",
        "The {a} could not carry the {b}",
        "{a} ne pouvait pas porter {b}",
        Told("was too weak", "était trop faible", "était trop faible"),
        _HEAVY,
        "horse: bag box stone piano basket; cow: bag basket box stone; goat: bag basket box suitcase; boat: "
        "truck box car piano; bridge: truck car bus;"
        "table: piano bag suitcase stone; chair: bag box basket; bike: box basket bag; dog: bag suitcase",
    ),
    Event(
        "cut",
        "The {a} could not cut the {b}",
        "{a} ne pouvait pas couper {b}",
        _SMALL,
        Told("was too hard", "était trop dur", "était trop dure"),
        "knife: bread cheese cake chicken wood meat apple branch stone; machine: bread cheese wood meat "
        "stone branch apple cake",
    ),
    Event(
        "break",
        "The {a} broke the {b}",
        "{a} a cassé {b}",
        Told("was very heavy", "était très lourd", "était très lourde"),
        Told("was very old", "était très vieux", "était très vieille"),
        "piano: table bed chair; suitcase: table chair bed desk; stone: window door table basket; box: "
        "chair desk sofa; mirror: table chair desk;"
        "television: table desk bed; bag: chair table desk lamp; ball: window lamp mirror; car: bridge gate "
        "door; truck: bridge gate door wall",
    ),
)


def items(seed: int) -> list[Item]:
    """The pairs of both conditions, T0 first."""
    rng = random.Random(seed)
    return [
        one
        for condition in TRANSLATIONS
        for index, story in enumerate(stories(condition, rng))
        for one in members(condition, index, *story)
    ]


def stories(condition: str, rng: random.Random) -> Iterator[tuple[Event, Noun, Noun]]:
    """EACH of every event and pair of genders."""
    for event, genders in product(EVENTS, _GENDERS[condition]):
        for a, b in rng.sample(event.met(*genders), EACH):
            yield event, a, b


def members(condition: str, index: int, event: Event, a: Noun, b: Noun) -> tuple[Item, Item]:
    """The same event with what is true of a, and with what is true of b."""
    pair = f"{condition}-{index + 1:03d}"
    return _member(pair, event, (a, b), 0), _member(pair, event, (a, b), 1)


def _member(pair: str, event: Event, nouns: tuple[Noun, Noun], gold: int) -> Item:
    told = (event.of_a, event.of_b)[gold]
    text = f"{PROMPT}{event.english.format(a=nouns[0].english, b=nouns[1].english)} because it {told.english}."
    target, probe = _french(event, nouns, told, nouns[gold].gender)
    candidates = tuple(
        Candidate(one.english, _place(text, one.english), one.gender, role)
        for one, role in zip(nouns, "ab", strict=True)
    )
    made = Item(
        id=f"{pair}-{'ab'[gold]}",
        pair=pair,
        condition=pair[:2],
        text=text,
        probe=_place(text, "it"),
        candidates=candidates,
        gold=gold,
        meaning=gold,
        options=("it",),
        right=("it",),
        target=target,
        target_probe=probe,
    )
    other = nouns[1 - gold].gender
    return made if made.same_gender else replace(made, target_other=_french(event, nouns, told, other)[0])


def _french(event: Event, nouns: tuple[Noun, Noun], told: Told, gender: Gender) -> tuple[str, tuple[int, int]]:
    """The translation with the pronoun of a gender, and where the pronoun stands."""
    named = [f"{_ARTICLES[one.gender]} {one.french}" for one in nouns]
    said = event.french.format(a=named[0], b=named[1])
    start = f"{said[0].upper()}{said[1:]} parce qu'"
    pronoun = _PRONOUNS[gender]
    return f"{start}{pronoun} {told.french(gender)}.", (len(start), len(start) + len(pronoun))


def _place(text: str, word: str) -> tuple[int, int]:
    """Span of the only whole word that is written so."""
    (found,) = re.finditer(rf"\b{word}\b", text)
    return found.span()
