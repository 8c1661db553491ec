"""The nouns, people, liquids and adjectives the generated sentences are made of, and which of them are held out.

Lists are curated so that every combination the grammar makes is a sentence a Portuguese speaker accepts. How they are
combined is grammar.py's and agreement.py's business; this file only knows words, genders and sizes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Literal

Gender = Literal["m", "f"]
SPLIT_SEED = 20_260
HELD_OUT_PAIR_SHARE = 0.18


@dataclass(frozen=True)
class Noun:
    """A singular noun, its gender and, for containers, a size class (1 drinking vessel, 2 jug, 3 tank)."""

    text: str
    gender: Gender
    size: int = 0


def _nouns(text: str, gender: Gender, size: int = 0) -> tuple[Noun, ...]:
    return tuple(Noun(word, gender, size) for word in text.split())


CONTAINERS = (
    _nouns("copo caneco cálice frasco potinho copinho", "m", 1)
    + _nouns("taça xícara caneca tigela cuia mamadeira cumbuca chávena", "f", 1)
    + _nouns("balde jarro bule pote cantil galão vaso regador garrafão recipiente", "m", 2)
    + _nouns("jarra garrafa bacia panela leiteira chaleira vasilha moringa lata", "f", 2)
    + _nouns("barril tanque tonel aquário reservatório tambor caldeirão", "m", 3)
    + _nouns("tina banheira cisterna talha cuba", "f", 3)
)
# Never seen in a generated container sentence (they do occur in real text, like any word).
HELD_OUT_NOUNS = frozenset("cálice caneco cantil galão tonel cumbuca cuia moringa vasilha cuba".split())
# The nouns of the application's own example sentences: all their combinations are held out, so that the demo is honest.
DEMO_NOUNS = frozenset("jarra copo balde taça".split())

LIQUIDS = _nouns("leite vinho suco chá café óleo azeite refrigerante mel vinagre caldo", "m") + _nouns(
    "água cerveja limonada sopa tinta", "f"
)
# Places that things are carried between: the same story as with liquids, told with nouns that are no vessels.
PLACES = _nouns(
    "armário cofre baú saco carro barco cesto carrinho quarto depósito porão caminhão vagão salão galpão "
    "celeiro estojo sótão navio ônibus",
    "m",
) + _nouns(
    "caixa mala gaveta sacola mochila bolsa cesta carroça estante mesa sala cozinha garagem loja prateleira "
    "despensa geladeira cadeira casa praça",
    "f",
)
THINGS = tuple(
    Noun(word, "m") for word in "livros brinquedos papéis sapatos pratos tijolos sacos ovos móveis jornais".split()
) + tuple(
    Noun(word, "f") for word in "roupas pedras batatas maçãs moedas cartas caixas ferramentas malas laranjas".split()
)
PEOPLE = (
    _nouns("Ele João Pedro Paulo Carlos Tiago Lucas Miguel", "m")
    + _nouns("Ela Maria Ana Júlia Clara Helena Beatriz Sofia", "f")
    + tuple(Noun(f"O {word}", "m") for word in "menino homem rapaz garçom professor cozinheiro vizinho avô".split())
    + tuple(Noun(f"A {word}", "f") for word in "menina mulher moça garçonete professora cozinheira vizinha avó".split())
)


@dataclass(frozen=True)
class Containers:
    """Which containers and which unordered pairs of them may be trained on, and which are only for measuring."""

    train_nouns: tuple[Noun, ...]
    held_out_nouns: tuple[Noun, ...]
    train_pairs: frozenset[frozenset[str]]
    held_out_pairs: frozenset[frozenset[str]]


@cache
def containers() -> Containers:
    """The split, always the same: held-out nouns by name, pairs by a fixed seed plus every pair of DEMO_NOUNS."""
    known = tuple(noun for noun in CONTAINERS if noun.text not in HELD_OUT_NOUNS)
    pairs = [frozenset((a.text, b.text)) for a, b in combinations(known, 2) if plausible(a, b)]
    rng = random.Random(SPLIT_SEED)
    held_out = {pair for pair in pairs if pair <= DEMO_NOUNS or rng.random() < HELD_OUT_PAIR_SHARE}
    return Containers(
        train_nouns=known,
        held_out_nouns=tuple(noun for noun in CONTAINERS if noun.text in HELD_OUT_NOUNS),
        train_pairs=frozenset(pairs) - held_out,
        held_out_pairs=frozenset(held_out),
    )


def plausible(a: Noun, b: Noun) -> bool:
    """May one be poured into the other? Two different nouns, at most one size class apart."""
    return a.text != b.text and abs(a.size - b.size) <= 1


def noun(text: str) -> Noun:
    """The container called `text`; KeyError if there is none."""
    return {entry.text: entry for entry in CONTAINERS}[text]
