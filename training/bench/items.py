"""The items of the coreference bench: `python -m training.bench.items` writes assets/coreference/*.json from a fixed
seed.

Container items use only noun pairs that no bundled model was trained on (lexicon.containers), liquids that people keep
in such containers, and a source no smaller than the target. Family items take held-out nouns first; ``unseen`` says
which are wholly so. Translations are made in bench_translations.py. The format and its checker are
core.coreference.items."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from core.coreference.items import CONTAINERS, ITEMS_FOLDER, MASK, Candidate, Item, as_rows, problems
from training.bench import translations
from training.common import families, grammar
from training.common.agreement import inflect
from training.common.families import FAMILIES, Family, Filler, Story
from training.common.grammar import ADJECTIVES, Pour, State
from training.common.lexicon import LIQUIDS, PEOPLE, Gender, Noun, containers, noun, plausible

SEED = 20_261
PAIRS = 64  # per container condition
STORIES = 20  # pairs per family, half of them of one gender and number
LICENCE = "CC0 1.0: generated here, no text of others"
# What a container holds in everyday life; one that is not named holds what _COMMON says.
_COMMON = "água leite suco chá vinho cerveja limonada refrigerante".split()
_HOLDS: dict[str, str] = {
    "mamadeira": "leite água chá suco",
    "bule": "chá café leite água",
    "chaleira": "água chá",
    "leiteira": "leite café água",
    "xícara": "chá café leite água",
    "chávena": "chá café leite",
    "cálice": "vinho suco água",
    "taça": "vinho água suco cerveja",
    "tigela": "sopa caldo leite água",
    "cumbuca": "sopa caldo água",
    "cuia": "sopa caldo água",
    "panela": "sopa caldo água leite",
    "caldeirão": "sopa caldo água",
    "frasco": "óleo azeite vinagre mel água",
    "potinho": "mel óleo água",
    "pote": "mel óleo água azeite",
    "lata": "óleo tinta água azeite",
    "balde": "água leite tinta",
    "bacia": "água leite sopa",
    "regador": "água",
    "vaso": "água",
    "cantil": "água chá vinho",
    "aquário": "água",
    "banheira": "água",
    "tina": "água vinho",
    "cisterna": "água",
    "tanque": "água óleo",
    "reservatório": "água óleo",
    "tambor": "água óleo tinta",
    "barril": "vinho cerveja água azeite",
    "tonel": "vinho cerveja água azeite",
    "cuba": "água vinho tinta",
    "talha": "água azeite vinho",
    "galão": "água óleo tinta",
    "recipiente": "água óleo tinta leite",
}


def main(folder: Path = ITEMS_FOLDER) -> None:
    """Write the three files."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "containers.json", "Containers: gender × meaning, nine conditions", container_items())
    write(
        folder / "families.json",
        "Everyday families: one event, an adjective that only one of two things can bear",
        family_items(),
    )
    write(
        folder / "translations.json",
        "English “it” and the French pronoun that tells what it is, or does not",
        translations.items(SEED),
    )


def write(path: Path, about: str, items: list[Item]) -> None:
    """One item file; an unsound item stops it."""
    for one in items:
        assert not problems(one), (one.id, [(field, str(problem)) for field, problem in problems(one)])
    head = json.dumps({"about": about, "licence": LICENCE, "seed": SEED}, ensure_ascii=False)[:-1]
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in as_rows(items))
    path.write_text(f'{head}, "items": [\n{rows}\n]}}\n', encoding="utf-8")


def container_items() -> list[Item]:
    """PAIRS pairs of every condition."""
    rng = random.Random(SEED)
    found: list[Item] = []
    for condition in CONTAINERS:
        for index, pour in enumerate(_same_gender(rng) if condition == "P8" else pours(condition, rng)):
            found += [container_item(condition, index, pour, state) for state in ("full", "empty")]
    return found


def _same_gender(rng: random.Random) -> list[Pour]:
    """PAIRS events whose two containers have one gender, masculine and feminine in turns."""
    both = zip(pours("P2", rng), pours("P3", rng), strict=True)
    return [pour for pair in both for pour in pair][:PAIRS]


def pours(condition: str, rng: random.Random) -> list[Pour]:
    """PAIRS different events that fit a condition; the classic one is the first of P0."""
    source, target = {"P2": "mm", "P3": "ff", "P4": "mf"}.get(condition, "fm")
    person, liquid = ("m", "m") if condition in ("P2", "P6") else ("f", "f")
    pairs = [pair for pair in noun_pairs() if (pair[0].gender, pair[1].gender) == (source, target)]
    people = [one for one in PEOPLE if one.gender == person]
    possible = [
        Pour(who, what, one, other)
        for (one, other), what, who in product(pairs, LIQUIDS, people)
        if what.gender == liquid and what.text in holds(one) and what.text in holds(other)
    ]
    by_pair: dict[tuple[str, str], list[Pour]] = {}
    for pour in rng.sample(possible, len(possible)):
        by_pair.setdefault((pour.source.text, pour.target.text), []).append(pour)
    turns = [pour for layer in zip(*_padded(list(by_pair.values())), strict=True) for pour in layer if pour is not None]
    classic = [
        p
        for p in turns
        if (p.person.text, p.liquid.text, p.source.text, p.target.text) == ("Ela", "água", "jarra", "copo")
    ]
    return (classic + [pour for pour in turns if pour not in classic])[:PAIRS]


def noun_pairs() -> list[tuple[Noun, Noun]]:
    """(source, target) of pairs never trained on: held-out pairs, and every pair with a held-out noun; the source is no
    smaller.
    """
    split = containers()
    listed = {tuple(sorted(pair)) for pair in split.held_out_pairs}
    listed |= {
        tuple(sorted((a.text, b.text)))
        for a in split.held_out_nouns
        for b in (*split.train_nouns, *split.held_out_nouns)
        if plausible(a, b)
    }
    both = [(noun(a), noun(b)) for pair in sorted(listed) for a, b in (pair, pair[::-1])]
    return [(source, target) for source, target in both if source.size >= target.size]


def holds(container: Noun) -> list[str]:
    """Liquids that one keeps in it."""
    return _HOLDS[container.text].split() if container.text in _HOLDS else _COMMON


def container_item(condition: str, index: int, pour: Pour, state: State) -> Item:
    """One member of a pair. In P1 the adjective's state is turned round and its gender is not."""
    opening: Callable[[Pour], str] = grammar.filling if condition in ("P7", "P8") else grammar.event
    gold = grammar.subject_of(pour, state)  # whose gender the adjective has
    shown: State = state if condition != "P1" else ("empty" if state == "full" else "full")
    word, pronoun = ADJECTIVES[shown, gold.gender], "ele " if gold.gender == "m" else "ela "
    text = f"{opening(pour)} até que {pronoun if condition == 'P5' else ''}ficasse {word}."
    order = (pour.target, pour.source) if condition in ("P7", "P8") else (pour.source, pour.target)
    candidates = tuple(_candidate(text, one, "target" if one is pour.target else "source") for one in order)
    meant = grammar.subject_of(pour, shown)
    right = {ADJECTIVES[kind, grammar.subject_of(pour, kind).gender] for kind in ("full", "empty")}
    neutral = ADJECTIVES[state, "m"]
    return Item(
        id=f"{condition}-{index + 1:03d}-{'a' if state == 'full' else 'b'}",
        pair=f"{condition}-{index + 1:03d}",
        condition=condition,
        text=text,
        probe=(len(text) - 1 - len(word), len(text) - 1),
        candidates=candidates,
        gold=order.index(gold),
        meaning=order.index(meant),
        options=tuple(ADJECTIVES.values()),
        right=tuple(form for form in ADJECTIVES.values() if form in ({word} if condition in ("P1", "P5") else right)),
        question=None if condition == "P1" else f"{text} O que ficou {neutral}? {_article(gold.gender)} {MASK}.",
        overt=None
        if condition in ("P1", "P5")
        else f"{opening(pour)} até que {_article(gold.gender).lower()} {MASK} ficasse {word}.",
        unseen=True,
    )


def family_items() -> list[Item]:
    """STORIES pairs of every family: half with one gender and number (meaning alone), half free."""
    rng = random.Random(SEED)
    return [one for family in FAMILIES for pair in stories(family, rng) for one in pair]


def stories(family: Family, rng: random.Random) -> Iterator[tuple[Item, Item]]:
    """Different events, held-out nouns first; each told twice, with an adjective of either side."""
    drawn = sorted(
        product(family.a.fillers, family.b.fillers), key=lambda ab: rng.random() - sum(map(families.held_out, ab))
    )
    usable = [(a, b) for a, b in drawn if a.text != b.text]
    half = STORIES // 2
    same = [
        (a, b, n, n)
        for (a, b), n in zip([ab for ab in usable if ab[0].gender == ab[1].gender][:half], _numbers(rng), strict=False)
    ]
    mixed = [
        (a, b, n, m)
        for (a, b), n, m in zip(
            [ab for ab in usable if ab[0].gender != ab[1].gender][:half], _numbers(rng), _numbers(rng), strict=False
        )
    ]
    for index, (a, b, n, m) in enumerate(same + mixed):
        words = (rng.choice(family.a.adjectives), rng.choice(family.b.adjectives))
        yield tuple(
            family_item(Story(family, a, b, (n, m), side, word), words, index)
            for side, word in zip("ab", words, strict=True)
        )


def family_item(story: Story, words: tuple[str, str], index: int) -> Item:
    """One member of a family's pair; the question is asked with the masculine singular, which settles nothing."""
    text, told = families.tell(story), families.agreed(story)
    places = {side: families.name(story, side).split()[1] for side in "ab"}
    one, other = (_in_text(text, places[side], _filler(story, side), side, story) for side in "ab")
    order = sorted((one, other), key=lambda candidate: candidate.span)
    gold = order.index(one if story.gold == "a" else other)
    forms = tuple(
        inflect(word, _filler(story, side).gender, story.numbers["ab".index(side)])
        for side, word in zip("ab", words, strict=True)
    )
    question, answer = families.ask(story)[len(text) + 1 :].rsplit(" ", 1)
    return Item(
        id=f"{story.family.name}-{index + 1:03d}-{story.gold}",
        pair=f"{story.family.name}-{index + 1:03d}",
        condition=story.family.name,
        text=text,
        probe=(len(text) - 1 - len(told), len(text) - 1),
        candidates=tuple(order),
        gold=gold,
        meaning=gold,
        options=tuple(dict.fromkeys((told, *forms))),
        right=forms,
        question=f"{text} {question} {MASK}.",
        unseen=families.held_out(story.a) and families.held_out(story.b),
    )


def _filler(story: Story, side: str) -> Filler:
    return story.a if side == "a" else story.b


def _in_text(text: str, word: str, filler: Filler, side: str, story: Story) -> Candidate:
    return Candidate(word, _place(text, word), filler.gender, side, story.numbers["ab".index(side)])


def _candidate(text: str, entry: Noun, role: str) -> Candidate:
    return Candidate(entry.text, _place(text, entry.text), entry.gender, role)


def _place(text: str, word: str) -> tuple[int, int]:
    """Span of the first whole word that is written so; ValueError where there is none."""
    found = re.search(rf"\b{word}\b", text)
    if found is None:
        raise ValueError(f"“{word}” is not in “{text}”")
    return found.span()


def _article(gender: Gender) -> str:
    return "O" if gender == "m" else "A"


def _numbers(rng: random.Random) -> Iterator[int]:
    while True:
        yield 1 if rng.random() < 0.7 else 2


def _padded(lists: list[list[Pour]]) -> list[list[Pour | None]]:
    most = max(map(len, lists), default=0)
    return [[*one, *[None] * (most - len(one))] for one in lists]


if __name__ == "__main__":
    main()
