"""A lesson as a room: every kind of question comes with its computed answer, and the bundled lesson fits a room."""

from __future__ import annotations

from core.assets import ASSETS
from core.classroom.answers import ChoiceTruth, HeadTruth, NumberTruth, WordTruth
from core.classroom.lesson_file import read_lesson
from core.classroom.lesson_room import lesson_room
from core.classroom.questions import ChoiceQuestion, HeadQuestion, NumberQuestion, WordQuestion

LESSON = read_lesson((ASSETS / "lessons" / "comece-aqui.yaml").read_bytes(), "comece-aqui.yaml")
TRUTHS = {
    WordQuestion: WordTruth(("[CLS]", "o", "gato", "[SEP]"), (1, 2), frozenset({2})),
    HeadQuestion: HeadTruth(4, 8, (3, 6)),
    ChoiceQuestion: ChoiceTruth(1),
    NumberQuestion: NumberTruth(3.0),
}


def test_every_card_of_the_bundled_lesson_becomes_one_of_a_room() -> None:
    truths = {card.code: TRUTHS[type(card.question)] for card in LESSON.cards if card.question is not None}
    room = lesson_room(LESSON, truths)
    assert room.title.of("en") == "Start here" and len(room.cards) == len(LESSON.cards)
    rights = {"word": ((2,), 2, 1), "head": ((4, 7), (4, 7), (1, 1)), "choice": (2, 2, 1), "number": (3.0, 3.0, 99.0)}
    for card, shown in zip(LESSON.cards, room.cards):
        assert shown.title == card.title and shown.link.startswith(card.state.page)
        if card.question is None:
            assert shown.question is None
            continue
        right, good, wrong = rights[shown.question.kind]
        assert shown.question.right == right and shown.question.ask == card.question.ask
        assert shown.question.is_right(good) and not shown.question.is_right(wrong)


def test_a_question_whose_answer_nobody_computed_is_not_asked() -> None:
    assert all(card.question is None for card in lesson_room(LESSON, {}).cards)


def test_a_state_travels_whole() -> None:
    room = lesson_room(LESSON, {})
    sentence = LESSON.cards[1].state.first("sentence")
    assert room.cards[1].link.startswith("explorar?model=mirante-encoder-pt&sentence=Ela%20derramou%20%C3%A1gua")
    assert " " not in room.cards[1].link and "&layer=4&head=1" in room.cards[1].link and sentence
