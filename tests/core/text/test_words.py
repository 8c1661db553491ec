"""What a word is, and that pieces never relabel one."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from core.text.vocabulary import Entry
from core.text.words import group, segments
from tests.core.text.tiny_tokenizers import NAUGHTY


def words(text: str) -> list[str]:
    return [text[slice(*span)] for span in segments(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ela derramou água.", "Ela|derramou|água|."),
        ("d'água, d’água 'água'", "d'água|,|d’água|'|água|'"),
        ("guarda-chuva João-do-Mato -- fim-", "guarda-chuva|João-do-Mato|--|fim|-"),
        ("R$ 1.000,50 US$5 50% 1º", "R$|1.000,50|US$|5|50|%|1º"),
        ("12:30 10/12/2024 2-3, 7.", "12:30|10/12/2024|2-3|,|7|."),
        (
            "(veja https://example.org/a?b=é#x, ou www.sapo.pt.)",
            "(|veja|https://example.org/a?b=é#x|,|ou|www.sapo.pt|.|)",
        ),
        ("ana.b@exemplo.com.br!", "ana.b@exemplo.com.br|!"),
        ("Não?! Sim... !!", "Não|?|!|Sim|...|!!"),
        ("<s> [CLS] ##x", "<|s|>|[|CLS|]|##|x"),
        ("🙂🙃 👨\u200d👩\u200d👧 👋🏽", "🙂|🙃|👨\u200d👩\u200d👧|👋🏽"),
        ("我喝水 คุณ", "我|喝|水|คุ|ณ"),
        ("مرحبا بالعالم שלום", "مرحبا|بالعالم|שלום"),
        ("e\u0301 a\u200bb x_y", "e\u0301|a\u200bb|x_y"),
    ],
)
def test_the_rule(text, expected):
    assert words(text) == expected.split("|")


@pytest.mark.parametrize("text", NAUGHTY, ids=lambda text: ascii(text[:20]))
def test_words_and_gaps_are_the_text(text):
    check_partition(text)


@given(st.text())
def test_words_and_gaps_are_any_text(text):
    check_partition(text)


def check_partition(text: str) -> None:
    end = 0
    for start, stop in segments(text):
        assert start < stop and not text[end:start].strip()
        end = stop
    assert not text[end:].strip()


def entry(label: str) -> Entry:
    joins = label.startswith("##")
    return Entry(label, label, label.removeprefix("##").replace("␣", " ").encode(), joins)


def grouped(text: str, labels: str, spans: list) -> tuple:
    entries = [entry(label) for label in labels.split("|")]
    result = group(text, entries, spans, [False] * len(entries))
    return result.labels, result.word_of


def test_pieces_without_spans_are_grouped_by_their_marks():
    assert grouped("?", "␣der|ra|mou|␣á|gua", [None] * 5) == (("derramou", "água"), (0, 0, 0, 1, 1))
    assert grouped("?", "der|##ra|mou", [None] * 3) == (("derramou",), (0, 0, 0))


def test_a_bare_space_mark_opens_the_next_word():
    assert grouped("a b", "a|␣|b", [(0, 1), (1, 2), (2, 3)]) == (("a", "b"), (0, 1, 1))
    assert grouped("a  b", "a|␣|␣b", [(0, 1), (1, 2), (3, 4)]) == (("a", "␣", "b"), (0, 1, 2))
    assert grouped("a \u00a0", "a|␣|\u00a0", [(0, 1), (1, 2), (2, 3)]) == (("a", "␣", "⟨NBSP⟩"), (0, 1, 2))
    assert grouped("a ", "a|␣", [(0, 1), (1, 2)]) == (("a", "␣"), (0, 1))


def test_fusing_is_exact():
    assert grouped("de que, e", "␣de␣que|,|␣e", [(0, 6), (6, 7), (8, 9)]) == (("de que", ",", "e"), (0, 1, 2))
    assert grouped("<s>x", "<s>|x", [(0, 3), (3, 4)]) == (("<s>", "x"), (0, 1))
    assert grouped("a,b,c", "a,b|,c", [(0, 3), (3, 5)]) == (("a,b", ",c"), (0, 1))
    assert grouped("a,b,c", "a,|b,|c", [(0, 2), (2, 4), (4, 5)]) == (("a,", "b,", "c"), (0, 1, 2))


@pytest.mark.parametrize("text", ["a." * 10_000, "a+" * 10_000, "a" * 20_000 + "@", "http" * 5_000, "x@" * 10_000])
def test_words_are_found_in_linear_time(text: str) -> None:
    import time

    start = time.thread_time()
    segments(text)
    assert time.thread_time() - start < 2
