"""Nothing invisible, nothing lost: how text, bytes and vocabulary entries are written."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from core.text.vocabulary import INVISIBLE, byte_alphabet, show_bytes, visible, vocabulary
from tests.core.text.tiny_tokenizers import build


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("d'água", "d'água"),
        ("a\tb\nc\r", "a⇥b␤c␍"),
        ("\x01\x1f\x7f\x85", "␁␟␡⟨U+0085⟩"),
        ("zero\u200blargura", "zero⟨ZWSP⟩largura"),
        ("nbsp\u00a0aqui\u3000", "nbsp⟨NBSP⟩aqui⟨U+3000⟩"),
        ("\u202einvertido\u202c", "⟨RLO⟩invertido⟨PDF⟩"),
        ("\u0301", "◌\u0301"),
        ("e\u0301", "e\u0301"),
        ("\ufeffx\u00ady", "⟨BOM⟩x⟨SHY⟩y"),
        ("می\u200cخواهم", "می⟨ZWNJ⟩خواهم"),
        ("\ue000\U0010ffff\u3164\u2800", "⟨U+E000⟩⟨U+10FFFF⟩⟨U+3164⟩⟨U+2800⟩"),
        ("👨\u200d👩\u200d👧\u200d👦", "👨\u200d👩\u200d👧\u200d👦"),
        ("👋🏽❤\ufe0f🇧🇷1\ufe0f\u20e3", "👋🏽❤\ufe0f🇧🇷1\ufe0f\u20e3"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("🙂\U000e0101\ufe0f", "🙂⟨U+E0101⟩⟨VS16⟩"),  # text smuggled in an emoji
        ("👨\u200d", "👨⟨ZWJ⟩"),
        ("\U0001fc00", "⟨U+1FC00⟩"),  # set aside for pictographs, not one yet
        ("🫨", "🫨"),  # newer than this Python's own tables
        ("<s> ##x Ġ ▁ ␣ ⟨F0⟩", "<s> ##x Ġ ▁ ␣ ⟨F0⟩"),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown
    assert visible(shown) == shown


@given(st.text())
def test_visible_leaves_nothing_unseen_and_is_stable(text):
    shown = visible(text, space="␣")
    left = [
        char for char in shown if INVISIBLE.match(char) and char not in "\u200d\ufe0e\ufe0f" and char < "\U000e0000"
    ]
    assert not left
    assert visible(shown, space="␣") == shown
    assert len(shown) >= len(text)


@given(st.binary(max_size=12))
def test_bytes_can_be_read_back(raw):
    shown = show_bytes(raw)
    assert shown or not raw
    if "⟨" not in shown:
        assert visible(raw.decode("utf-8"), space="␣") == shown


def test_byte_fragments():
    assert show_bytes("🙂".encode()[:2]) == "⟨0xF0 9F⟩"
    assert show_bytes(b" a" + "🙂".encode()[:3]) == "␣a⟨0xF0 9F 99⟩"
    assert show_bytes("🙂".encode()[2:] + "é".encode() + b"\xc3") == "⟨0x99 82⟩é⟨0xC3⟩"
    assert show_bytes(b"\xff\xfe") == "⟨0xFF FE⟩"


def test_the_byte_alphabet_is_a_bijection():
    assert sorted(byte_alphabet().values()) == list(range(256))
    assert {byte_alphabet()["Ġ"], byte_alphabet()["Ċ"], byte_alphabet()["a"]} == {0x20, 0x0A, 0x61}


@pytest.mark.parametrize(
    ("family", "spelling"),
    [
        ("wordpiece-cased", "wordpiece"),
        ("gpt2", "bytes"),
        ("roberta", "bytes"),
        ("xlm-roberta", "metaspace"),
        ("t5", "metaspace"),
        ("deberta-v2", "metaspace"),
        ("llama", "metaspace"),
        ("gemma", "metaspace"),
        ("byt5", "latin"),
        ("canine", "plain"),
        ("marian", "metaspace"),
    ],
)
def test_spelling_is_read_from_the_tokenizer(family, spelling):
    assert vocabulary(build(family)).spelling == spelling


@pytest.mark.parametrize("family", ["wordpiece-cased", "gpt2", "xlm-roberta", "llama", "marian"])
def test_different_entries_have_different_labels(family):
    tokenizer = build(family)
    known = vocabulary(tokenizer)
    labels = [known.entry(index).label for index in range(len(tokenizer)) if not 3 <= index < 259 or family != "llama"]
    assert len(set(labels)) == len(labels)


def test_an_id_outside_the_vocabulary_has_a_name():
    assert vocabulary(build("gpt2")).entry(10**6).label == "⟨id:1000000⟩"
