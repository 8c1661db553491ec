"""Lesson files: what is in them comes out, and every mistake is told with its line."""

from __future__ import annotations

import time

import pytest

from core.classroom.lesson import Lesson
from core.classroom.lesson_file import MOST_ALIASES, MOST_BYTES, BadLesson, Mistake, read_lesson
from core.classroom.questions import ChoiceQuestion, LooksMost, NumberQuestion, WeightOn, WordQuestion

PAGES = {"explorar": ("model", "sentence", "layer", "head", "token"), "gerar": ("sentence",)}
GOOD = """
lesson: 1
title: {pt: "Uma aula", en: "A lesson"}
goal: "Ver um olhar."
minutes: 10
version: 3
cards:
  - code: looks
    title: "Uma palavra olha"
    text:
      pt: "Cada palavra distribui um olhar."
      en: "Every word shares out one look."
    state: "http://example.org/mirante/explorar?sentence=O+gato+dorme.&layer=2&head=3&token=3:dorme&token=2:gato"
    question:
      kind: word
      ask: "Para onde olha *dorme*?"
      answer: {by: looks_most, layer: 2, head: 3, from: dorme}
    try: "Clique em outra palavra."
    note: "Deixe votar antes."
  - code: sums
    title: "A linha"
    text: "Soma 100 %."
    state:
      page: explorar
      sentence: "O gato dorme."
      layer: 2
      token: ["1:O", "2:gato"]
    question:
      kind: number
      ask: "Quanto sobra?"
      unit: "%"
      answer: {by: weight, layer: 2, head: 3, from: dorme, to: gato, others: true}
  - code: several
    title: "Qual?"
    text: "Escolha."
    state: {page: gerar, sentence: "O gato"}
    question: {kind: choice, ask: "Qual?", options: [{pt: um, en: one}, {pt: dois, en: two}], answer: 2}
"""


def read(text: str) -> Lesson:
    return read_lesson(text.encode(), "aula.yaml", PAGES)


def mistakes(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(BadLesson) as refused:
        read(text)
    return refused.value.mistakes


def test_a_lesson_is_read_as_it_is_written() -> None:
    lesson = read(GOOD)
    assert (lesson.minutes, lesson.version, [card.code for card in lesson.cards]) == (
        10,
        3,
        ["looks", "sums", "several"],
    )
    looks, sums, several = lesson.cards
    assert looks.text.of("en") == "Every word shares out one look." and looks.title.of("en") == "Uma palavra olha"
    assert looks.state.page == "explorar"
    assert [value for name, value in looks.state.parameters if name == "token"] == ["3:dorme", "2:gato"]
    assert isinstance(looks.question, WordQuestion) and isinstance(looks.question.answer, LooksMost)
    assert looks.question.answer.word == "dorme" and looks.attempt is not None and looks.note is not None
    assert sums.state.first("layer") == "2" and dict(sums.state.parameters)["token"] == "2:gato"
    assert isinstance(sums.question, NumberQuestion) and isinstance(sums.question.answer, WeightOn)
    assert isinstance(several.question, ChoiceQuestion) and several.question.answer == 2
    assert several.question.options[0].of("en") == "one"


MISTAKES = {  # what is changed in the good file: (from, to, words of the message)
    "a slip of the YAML": ("goal: ", "goal: a: ", "YAML breaks off"),
    "a field that is missing": ("    try: ", "    tri: ", "no field “tri”"),
    "a number that is none": ("minutes: 10", "minutes: ten", "whole number, not “ten”"),
    "a number out of bounds": ("version: 3", "version: 0", "1 at least"),
    "a language that is none": ('en: "Every', 'es: "Every', "“es” is no language"),
    "a page that is none": ("page: gerar", "page: geral", "no page “geral”"),
    "a parameter that is none": ("      layer: 2\n", "      layr: 2\n", "no parameter “layr”"),
    "a kind of question that is none": ("kind: choice", "kind: choose", "“kind: choose”"),
    "an answer that is computed by nothing": ("{by: looks_most", "{by: looks", "“by: looks” is none"),
    "a word that is not there": ("from: dorme}\n    try", "from: mia}\n    try", "“mia” is not in the sentence"),
    "an option that is not there": ("answer: 2}", "answer: 3}", "option 3, and there are 2"),
    "a code that is none": ("code: sums", "code: As Somas", "small letters"),
    "a code that stands twice": ("code: sums", "code: looks", "Two cards have the code “looks”"),
    "a field that stands twice": ("    try: ", "    text: x\n    try: ", "“text” stands twice"),
    "a tag": ('note: "Deixe', 'note: !!python/name:os.system "Deixe', "is no text, number"),
    "a text that is too long": ("Soma 100 %.", "x" * 700, "600 at most"),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_told_with_its_line(kind: str) -> None:
    before, after, words = MISTAKES[kind]
    assert GOOD.count(before) == 1, "the example changes one place"
    text = GOOD.replace(before, after)
    line = GOOD[: GOOD.index(before)].count("\n") + 1
    (mistake, *others) = mistakes(text)
    assert words in str(mistake.reason) and others == [], [str(other.message) for other in (mistake, *others)]
    assert mistake.line == line, f"{mistake.message} for line {line}"


def test_ten_mistakes_in_one_file_give_ten_messages() -> None:
    text, together = GOOD, [kind for kind in MISTAKES if kind not in ("a slip of the YAML", "a code that stands twice")]
    for kind in together:
        before, after, _ = MISTAKES[kind]
        if text.count(before) == 1:
            text = text.replace(before, after)
    told = mistakes(text)
    assert len({str(mistake.reason) for mistake in told}) >= 10
    assert [mistake.line for mistake in told] == sorted(mistake.line for mistake in told)


BOMBS = {
    "aliases in aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "an alias of itself": "lesson: 1\ncards: &c [*c, *c]\n",
    "many aliases": "a: &a 1\nb: [" + "*a," * (MOST_ALIASES + 1) + "]\n",
    "deep": "[" * 10_000,
    "deep blocks": "- " * 40_000,
    "many keys": "".join(f"k{i}: {i}\n" for i in range(9_000)),
    "many documents": "---\n" * 20_000,
    "large": "a: " + "x" * MOST_BYTES,
    "not text": "a: \x00\x01",
    "empty": "",
    "a list": "- 1\n- 2\n",
    "a number": "3",
    "a key that is a list": "? [a, b]\n: c\n",
    "no number": "lesson: 0x\nminutes: .nan\n",
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_hostile_file_is_refused_at_once(kind: str) -> None:
    start = time.process_time()
    assert mistakes(BOMBS[kind])
    assert time.process_time() - start < 1.0


def test_what_is_no_utf8_is_told() -> None:
    with pytest.raises(BadLesson) as refused:
        read_lesson(GOOD.replace("olhar", "olhár").encode("latin-1"), "aula.yaml", PAGES)
    assert "UTF-8" in str(refused.value) and refused.value.mistakes[0].line == 4


def test_anchors_may_spare_writing() -> None:
    text = GOOD.replace('state: {page: gerar, sentence: "O gato"}', "state: *here").replace(
        "    state:\n      page: explorar", "    state: &here\n      page: explorar"
    )
    lesson = read(text)
    assert lesson.cards[2].state == lesson.cards[1].state
