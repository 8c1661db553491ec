"""Two nouns change places, and their articles with them; the text around stays."""

import pytest

from core.coreference.articles import swapped
from core.coreference.items import Candidate


def candidate(text: str, noun: str, gender: str, number: int = 1) -> Candidate:
    start = text.index(noun)
    return Candidate(noun, (start, start + len(noun)), gender, "", number)


@pytest.mark.parametrize(
    ("text", "first", "second", "expected"),
    [
        (
            "Ela derramou água da jarra para o copo até que ficasse [MASK].",
            ("jarra", "f"),
            ("copo", "m"),
            "Ela derramou água do copo para a jarra até que ficasse [MASK].",
        ),
        ("A prima agradeceu à amiga.", ("prima", "f"), ("amiga", "f"), "A amiga agradeceu à prima."),
        ("Os ferros quebraram a mesa.", ("ferros", "m", 2), ("mesa", "f"), "A mesa quebraram os ferros."),
        ("O irmão deu comida ao gato.", ("irmão", "m"), ("gato", "m"), "O gato deu comida ao irmão."),
        ("Miguel viu Ana.", ("Miguel", "m"), ("Ana", "f"), "Ana viu Miguel."),
        ("Uns livros pelas casas.", ("livros", "m", 2), ("casas", "f", 2), "Umas casas pelos livros."),
    ],
)
def test_known_sentences(text, first, second, expected):
    nouns = [candidate(text, *noun) for noun in (first, second)]
    made, spans = swapped(text, nouns)
    assert made == expected
    assert [made[slice(*span)] for span in spans] == [second[0], first[0]]


def test_twice_is_the_sentence_again():
    text = "Ela encheu o copo com água da jarra até que ficasse cheio."
    nouns = [candidate(text, "copo", "m"), candidate(text, "jarra", "f")]
    made, spans = swapped(text, nouns)
    back = [Candidate(noun.text, span, noun.gender, "") for noun, span in zip(reversed(nouns), spans, strict=True)]
    assert swapped(made, back)[0] == text
