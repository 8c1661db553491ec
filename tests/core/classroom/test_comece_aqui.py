"""The bundled lesson: every answer computed on the bundled weights, and every claim of its texts held."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import core
from core.assets import ASSETS
from core.classroom.answers import (
    CHANGED,
    ChoiceTruth,
    LessonModel,
    NumberTruth,
    Truth,
    WordTruth,
    answer_of,
    first_pairs,
    look_view,
)
from core.classroom.lesson import Lesson, LessonCard
from core.classroom.lesson_file import read_lesson
from core.classroom.questions import CutChangesMost, WeightOn
from core.classroom.texts import Heading, Remark, Text
from core.coreference.bench import run_bench
from core.errors import BadInput
from core.models.catalog import alignment_head
from ui.shell.page_parameters import page_parameters

FILE = ASSETS / "lessons" / "comece-aqui.yaml"


@cache
def lesson() -> Lesson:
    return read_lesson(FILE.read_bytes(), FILE.name, page_parameters())


@cache
def model(name: str) -> LessonModel:
    return LessonModel(core.load(name))


def card(code: str) -> LessonCard:
    return next(card for card in lesson().cards if card.code == code)


@cache
def truth(code: str) -> Truth:
    return answer_of(card(code).question, card(code).state, of_card(code))


def of_card(code: str) -> LessonModel:
    return model(card(code).state.first("model"))


def sentence(code: str) -> str:
    return card(code).state.first("sentence")


def labels(code: str, words: frozenset[int]) -> set[str]:
    return {truth(code).labels[word] for word in words}


def texts_in(part: object) -> list[Text | Heading | Remark]:
    if isinstance(part, Text | Heading | Remark):
        return [part]
    if isinstance(part, tuple):
        return [text for item in part for text in texts_in(item)]
    names = getattr(type(part), "model_fields", {})
    return [text for name in names for text in texts_in(getattr(part, name))]


def test_ten_cards_in_both_languages_with_all_that_a_card_has() -> None:
    assert len(lesson().cards) == 10
    assert {text.languages for text in texts_in(lesson())} == {frozenset({"pt", "en"})}
    assert len(texts_in(lesson())) > 60
    assert all(card.question and card.question.answer and card.attempt and card.note for card in lesson().cards)


def test_a_word_is_256_numbers() -> None:
    assert truth("vectors") == ChoiceTruth(2, None, 256)
    trace = of_card("vectors").trace(sentence("vectors"), hidden=True)
    tokens = [value.partition(":") for name, value in card("vectors").state.parameters if name == "token"]
    assert all(trace.tokens.pieces[int(place)] == label for place, _, label in tokens)
    first = trace.hidden[0, [int(place) for place, _, _ in tokens]]
    assert first.shape == (3, 256) and len(np.unique(first.round(3), axis=0)) == 3


def test_full_looks_at_the_glass() -> None:
    looks = truth("looks")
    assert labels("looks", looks.right) == {"copo"} and looks.even == 1 / 12
    assert looks.values.sum() == pytest.approx(1, abs=1e-5) and looks.values[max(looks.right)] > 4 * looks.even


def test_what_is_left_of_the_row() -> None:
    sums, asked_of = truth("sums"), card("sums").question.answer
    assert isinstance(asked_of, WeightOn) and asked_of.others
    largest = int(sums.values.argmax())
    assert sums.labels[largest] == asked_of.to == "derramou"
    assert sums.value == pytest.approx(100 * (1 - sums.values[largest]), abs=1e-3)
    assert "71 %" in card("sums").note.of("pt") and round(100 - sums.value) == 71


def test_the_head_of_card_two_is_the_only_one() -> None:
    heads = truth("heads")
    assert isinstance(heads, NumberTruth) and heads.values.shape == (4, 8)
    glass = heads.labels.index("copo")
    assert heads.value == (heads.values == glass).sum() == 1
    asked_of = card("looks").question.answer
    assert heads.values[asked_of.layer - 1, asked_of.head - 1] == glass
    assert heads.chance == pytest.approx(32 / 12) and heads.twin > heads.value, "an untrained network has more"


def test_every_word_is_a_mixture_above_the_first_layer() -> None:
    mixtures = truth("mixtures")
    words = [i for i, word in enumerate(mixtures.labels) if word not in ("[CLS]", "cheio", "[SEP]")]
    assert mixtures.value == len(words) == card("mixtures").question.most == 12
    moved = mixtures.values[:, words] > CHANGED
    assert not moved[0].any() and moved[1:].all()
    assert mixtures.labels[words[int(mixtures.values[1, words].argmax())]] == "ficasse"
    assert mixtures.values[3, words].max() > 10 * mixtures.values[3, words].min(), "some much, some next to nothing"


def test_a_decoder_cannot_look_ahead_in_any_head() -> None:
    mask = truth("mask")
    assert isinstance(mask, WordTruth)
    assert labels("mask", mask.right) == {"no", "chão", "da", "cozinha", "."}
    looks = look_view(of_card("mask").trace(sentence("mask")))
    for layer, head in np.ndindex(looks.layers, looks.heads):
        assert not looks.head(layer, head)[mask.looker, sorted(mask.right)].any()


def test_the_favourite_next_word_gets_a_small_part() -> None:
    writing = truth("writing")
    option = card("writing").question.options[writing.right].of("pt")
    assert option == "chão" and max(writing.shares) == writing.shares[writing.right] < 0.3
    assert None not in writing.shares and sum(writing.shares) < 0.5, "most is spread over other words"


def test_the_lines_cross_where_the_order_changes() -> None:
    languages, asked_of = truth("languages"), card("languages").question.answer
    trace = of_card("languages").trace(sentence("languages"))
    assert trace.target.text.replace(" .", ".") == "Ela comprou um carro vermelho."
    assert alignment_head("mirante-translator") == (asked_of.layer - 1, asked_of.head - 1)
    assert labels("languages", languages.right) == {"red"}
    looks = look_view(trace, "cross")
    row = looks.head(asked_of.layer - 1, asked_of.head - 1)[looks.query.labels.index("carro")]
    assert looks.key.labels[int(row.argmax())] == "car"


def test_the_weight_lies_on_a_word_whose_cut_changes_nothing() -> None:
    reason, asked_of = truth("reason"), card("reason").question.answer
    assert isinstance(asked_of, CutChangesMost) and labels("reason", reason.right) == {"O"}
    looked = int(reason.beside.argmax())
    assert reason.labels[looked] == "correu" and reason.beside[looked] > 0.75
    assert reason.values[looked] == pytest.approx(reason.even, rel=0.05)
    assert reason.values[max(reason.right)] < 0.3 * reason.even


def test_the_preference_follows_the_story_and_the_answers_do_not() -> None:
    understood = truth("understood")
    assert understood.value >= 20 > understood.chance == 12 and understood.twin < 18
    assert 18 <= understood.answers_right <= 30, "outright, about half of the 48 sentences"
    pairs = first_pairs("P2")
    answers = iter(run_bench(of_card("understood").lm, [item for pair in pairs for item in pair], "question"))
    same = [next(answers).preferences.preferred == next(answers).preferences.preferred for _ in pairs]
    assert sum(same) > 0.8 * len(pairs), "mostly the same noun for both sentences"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("looks_most, layer: 4, head: 1", "looks_most, layer: 9, head: 1", "layer 9"),
        ("from: cheio, to: copo}", "from: cheio, to: mesa}", "“mesa” is not in the sentence"),
        ("into: vazia, layer: 4}", "into: desentupida, layer: 4}", "as many tokens"),
        ("into: vazia, layer: 4}", "into: vazia, layer: 40}", "layer 40"),
    ],
)
def test_what_a_model_does_not_have_is_refused(before: str, after: str, words: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(before) == 1
    changed = read_lesson(text.replace(before, after).encode(), FILE.name, page_parameters())
    wrong = next(one for one, right in zip(changed.cards, lesson().cards, strict=True) if one != right)
    with pytest.raises(BadInput, match=words):
        answer_of(wrong.question, wrong.state, model("mirante-encoder-pt"))
