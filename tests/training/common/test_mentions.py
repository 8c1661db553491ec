"""Mentions: nouns of the treebank with their gender, contractions, an answer that the story gives."""

from __future__ import annotations

import random

from training.common import mentions
from training.common.families import Filler

RIO, FESTA = Filler("rio", "m"), Filler("festa", "f")


def test_phrases_contract() -> None:
    assert [mentions.phrase(p, RIO) for p in ("em", "de", "com", "sobre")] == [
        "no rio",
        "do rio",
        "com o rio",
        "sobre o rio",
    ]
    assert mentions.phrase("em", FESTA) == "na festa"


def test_the_answer_is_what_the_asked_person_did() -> None:
    for seed in range(300):
        text = mentions.sentence(random.Random(seed), (RIO, FESTA))
        story, question = text.split(". ", 1)
        who = question.split("?")[0].split()[-2]
        answer = question.split("? ")[1].rstrip(".").lower()
        told = next(part for part in story.split(" e ") if part.startswith(who))
        assert told.lower().endswith(answer), text


def test_nouns_need_the_vocabulary_and_three_occurrences(corpora) -> None:
    assert mentions.nouns(corpora, frozenset({"casa"})) == () and mentions.texts(5, (), random.Random(0)) == []
