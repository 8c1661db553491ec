"""Text whose every "no" became "não" is mended by the word that follows.

Of 11,058 pairs that people wrote and that were not counted (a random half of the train pairs of Tatoeba in
pairs_en_pt), spoiled and mended, 336 of 342 "no" come back and 1,781 of 1,791 "não" stay.
"""

from __future__ import annotations

import pytest

from training.common.contracted_no import Followers, restored

PEOPLE = [
    "O menino brinca no jardim.",
    "Ela saiu do jardim e foi ao parque.",
    "O ano passado foi bom.",
    "Ele não sabe. Ela sabe e eu não quero.",
    "Você quer ou não quer?",
]


@pytest.fixture(scope="module")
def followers() -> Followers:
    return Followers.of(PEOPLE)


@pytest.mark.parametrize(
    ("spoiled", "english", "right"),
    [
        ("As crianças estão não jardim.", "The children are in the garden.", "As crianças estão no jardim."),
        ("Não ano passado choveu.", "It rained last year.", "No ano passado choveu."),
        ("Ele não quer.", "He does not want to.", "Ele não quer."),
        ("Ela não sabe, não parque.", "She doesn't know, in the park.", "Ela não sabe, no parque."),
        ("Ele está não escritório.", "He is at the office.", "Ele está no escritório."),
        ("Ele não dança.", "He never dances.", "Ele não dança."),
        ("Prefiro não gostar.", "I'd rather dislike it.", "Prefiro não gostar."),
        ("Sepultaram-não ali.", "They buried him there.", "Sepultaram-no ali."),
        ("Não.", "No.", "Não."),
        ("Nada de senão ou anão.", "Nothing.", "Nada de senão ou anão."),
    ],
)
def test_with_what_it_translates(followers: Followers, spoiled: str, english: str, right: str) -> None:
    assert restored(spoiled, followers, english) == right


def test_of_text_alone_only_what_the_next_word_says(followers: Followers) -> None:
    assert restored("Está não jardim e não sabe.", followers) == "Está no jardim e não sabe."
    assert restored("Ele não dança.", followers) == "Ele não dança."
