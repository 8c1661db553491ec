"""What a word is, and that pieces never relabel one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from core.text.vocabulary import Entry
from core.text.words import group, segments
from tests.core.files.public_reports import reports
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
        ("um copo d´água, d`água, d‘água, d′água", "um|copo|d´água|,|d`água|,|d‘água|,|d′água"),
        ("ñe‘ẽ porã, n\u0303e‘e\u0303", "ñe‘ẽ|porã|,|n\u0303e‘e\u0303"),
        ("‘água’ `água` ´água´ ‘d‘água’", "‘|água|’|`|água|`|´|água|´|‘|d‘água|’"),
        ("l'eau O’Brien O`Brien l´eau", "l'eau|O’Brien|O`Brien|l´eau"),
        ("correu em 5´30´´ e 2′10″", "correu|em|5|´|30|´|´|e|2|′|10|″"),
        ("a 5.ª série e o n.º 3", "a|5.ª|série|e|o|n.º|3"),
        ("1.º, 2.os e 3.as; n.os 4 e 5, n.o 6", "1.º|,|2.os|e|3.as|;|n.os|4|e|5|,|n.o|6"),
        ("na 2.ª-feira a Sr.ª Ana foi à 5.ª.", "na|2.ª-feira|a|Sr.ª|Ana|foi|à|5.ª|."),
        ("o n.° 7 e o 8.° lugar a 25°C", "o|n.°|7|e|o|8.°|lugar|a|25|°|C"),
        ("o 1° lugar, a 30° (5°30)", "o|1°|lugar|,|a|30°|(|5|°|30|)"),
        ("5.ªs séries, 10.º/11.º", "5.ªs|séries|,|10.º|/|11.º"),
        ("vou p´ra casa, Dr.ª", "vou|p´ra|casa|,|Dr.ª"),
        ("copo d＇água, O`Neil e D´Ávila", "copo|d＇água|,|O`Neil|e|D´Ávila"),
        ("disse ´sim´ e use `ls` now", "disse|´|sim|´|e|use|`|ls|`|now"),
        ("Chegou em 2010.Depois foi.", "Chegou|em|2010|.|Depois|foi|."),
        ("um fim.outro n.a. 3.oito", "um|fim|.|outro|n|.|a|.|3|.|oito"),
        ("guarda‐chuva guarda‑chuva guarda–chuva", "guarda‐chuva|guarda‑chuva|guarda|–|chuva"),
        ("3,14 1.234,56 10\u00a0000 12h30 1.000.000", "3,14|1.234,56|10|000|12h30|1.000.000"),
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


LETTERS = st.text(st.sampled_from("aeãõçñdnoslOBbẽ"), min_size=1, max_size=4)
APOSTROPHES = st.sampled_from("'’ʼ´`‘‛′＇-‐‑")


@pytest.mark.parametrize("report", reports("words-cut-at-apostrophe-lookalikes-and-ordinals"))
def test_reported_words(report):
    assert words(report.given) == report.expected


@settings(max_examples=40)
@given(st.lists(LETTERS, min_size=2, max_size=4), st.data())
def test_whatever_is_typed_for_an_apostrophe_joins_two_letters(parts, data):
    word = parts[0] + "".join(data.draw(APOSTROPHES) + part for part in parts[1:])
    assert words(f"um {word}.") == ["um", word, "."]


@settings(max_examples=40)
@given(LETTERS, st.sampled_from(["‘’", "``", "´´", "''", "’’", "‛’", "′′", "“”", "«»"]))
def test_the_same_signs_around_a_word_are_cut_off(word, marks):
    assert words(f"um {marks[0]}{word}{marks[1]} e") == ["um", marks[0], word, marks[1], "e"]
    assert words(f"({marks[0]}{word}{marks[1]})") == ["(", marks[0], word, marks[1], ")"]


@settings(max_examples=40)
@given(st.integers(0, 3000), st.sampled_from(["ª", "º", "os", "as", "o", "a", "ᵒˢ", "°", "ºs", "ªs"]), st.booleans())
def test_an_ordinal_is_one_word(number, ending, closes):
    ordinal = f"{number}.{ending}"
    assert words(f"a {ordinal}{'.' if closes else ' vez'}") == ["a", ordinal, "." if closes else "vez"]


@settings(max_examples=40)
@given(st.integers(0, 3000), LETTERS.filter(lambda word: word.lower() not in ("o", "a", "os", "as")))
def test_a_full_stop_before_any_other_word_is_apart(number, word):
    assert words(f"em {number}.{word}") == ["em", str(number), ".", word]


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
