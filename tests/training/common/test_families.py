"""The Winograd-like families: agreement, contractions, questions that point at the right noun, and nothing held out."""

from __future__ import annotations

import random
import re

import pytest

from training.common import families
from training.common.families import FAMILIES, Filler, Story

BY_NAME = {family.name: family for family in FAMILIES}
QUADRO, MALA, MENINA, AVO = Filler("quadro", "m"), Filler("mala", "f"), Filler("menina", "f"), Filler("avô", "m")


def test_there_are_fifteen_families_with_different_names() -> None:
    assert len(BY_NAME) == len(FAMILIES) >= 15


def test_stories_are_written_exactly() -> None:
    fit = Story(BY_NAME["fit"], QUADRO, MALA, (2, 1), "a", "comprido")
    assert families.tell(fit) == "Os quadros não couberam na mala porque eram compridos."
    assert families.ask(fit) == "Os quadros não couberam na mala porque eram compridos. O que era comprido? Os quadros."
    lend = Story(BY_NAME["lend"], MENINA, AVO, (1, 2), "b", "falido")
    assert families.event(lend) == "a menina emprestou dinheiro aos avôs"
    thank = Story(BY_NAME["thank"], AVO, MENINA, (1, 1), "b", "generoso")
    assert families.ask(thank).endswith("porque tinha sido generosa. Quem tinha sido generoso? A menina.")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_story_agrees_and_asks_for_its_noun(family) -> None:
    rng = random.Random(family.name)
    for _ in range(200):
        story = families.draw(rng, family)
        text = families.ask(story)
        assert not re.search(r"[{}<>|]", text) and "  " not in text
        gold = getattr(story, story.gold)
        word, number = families.agreed(story), story.numbers["ab".index(story.gold)]
        assert word.endswith(("o", "a")[gold.gender == "f"] + "s" * (number == 2)) or not story.adjective.endswith("o")
        answer = text.rsplit("? ", 1)[1].rstrip(".").lower()
        assert answer == families.name(story, story.gold) and f" {answer.split()[1]}" in families.tell(story).lower()


def test_adjectives_inflect() -> None:
    lemmas = {word for family in FAMILIES for place in (family.a, family.b) for word in place.adjectives}
    assert {word for word in lemmas if not word.endswith("o")} == set()


def test_held_out_nouns_are_in_no_training_story_and_every_place_has_both_kinds() -> None:
    banned = {filler.text for filler in families.fillers() if families.held_out(filler)}
    assert len(banned) > 20
    rng = random.Random(1)
    for _ in range(3000):
        story = families.draw(rng)
        assert not {story.a.text, story.b.text} & banned
    for family in FAMILIES:
        for place in (family.a, family.b):
            known, new = families.split(place.fillers)
            assert known and len(known) + len(new) == len(place.fillers)
