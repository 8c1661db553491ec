"""Bytes of an upload: encodings announced, detected and chosen; what is refused, and why."""

import codecs
import gzip

import pytest

from core.errors import BadFile
from core.files.encodings import ENCODINGS
from core.files.uploads import MAX_UPLOAD_BYTES, decode

TEXT = "Ela derramou água da jarra.\nNão é só ação: ficou cheio às três.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1", "mac_roman", "cp850"]
)
def test_the_text_comes_back_from_every_encoding(encoding):
    assert decode(TEXT.encode(encoding), "a.txt").text == TEXT


@pytest.mark.parametrize("mark, encoding", [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be")])
def test_big_endian_marks_are_read(mark, encoding):
    assert decode(mark + TEXT.encode(encoding), "a.txt").text == TEXT


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_chosen_encoding_is_used(encoding):
    text = "Privet, copo 1" if encoding in ("cp1251", "shift_jis") else TEXT
    assert decode(text.encode(encoding), "a.txt", encoding=encoding).text == text


def test_a_guess_is_announced_and_a_certainty_is_not():
    guessed = decode(TEXT.encode("cp1252"), "a.txt")
    assert guessed.encoding == "cp1252" and "cp1252" in str(guessed.notes[0])
    assert decode(TEXT.encode(), "a.txt").notes == ()


@pytest.mark.parametrize("text", ["não", "É!", "Às vezes, sim.", "ÁGUA É VIDA. AÇÃO", "L'été à la plage, où ça?"])
def test_short_latin_texts_are_not_taken_for_polish_or_chinese(text):
    assert decode(text.encode("cp1252"), "a.txt").text == text


def test_other_scripts_go_to_the_general_detector():
    text = "Привет, как дела у тебя сегодня, мой друг? Вода из кувшина льётся в стакан.\n" * 5
    assert decode(text.encode("cp1251"), "a.txt").text == text


def test_stray_bytes_stay_visible_in_a_mixed_file():
    mixed = decode("ação\nnão\npé\n".encode() + "só\n".encode("latin-1"), "a.txt")
    assert mixed.encoding == "utf-8" and "mixes" in str(mixed.notes[0])
    assert mixed.text.splitlines()[3] == "s\udcf3"


@pytest.mark.parametrize(
    "data, name, words",
    [
        (b"", "a.txt", "empty"),
        (b" \r\n\t ", "a.txt", "empty"),
        (b"a" * (MAX_UPLOAD_BYTES + 1), "a.txt", "limit is 2 MB"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "frases.csv", "PNG"),
        (b"\xff\xd8\xff\xe0", "a.txt", "JPEG"),
        (b"GIF89a", "a.txt", "GIF"),
        (b"RIFF\0\0\0\0WEBP", "a.txt", "WebP"),
        (b"%PDF-1.7", "a.txt", "PDF"),
        (b"PK\x03\x04 xl/workbook.xml", "a.csv", "save the sentences as CSV"),
        (b"\xd0\xcf\x11\xe0", "a.csv", "XLS"),
        (gzip.compress(b"abc", mtime=0), "a.jsonl", "gzip"),
        (b"{\\rtf1 abc}", "a.txt", "RTF"),
        (b"abc\0def", "a.txt", "NUL"),
        (b"\xff\xfea", "a.txt", "utf-16"),
        (codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"), "a.txt", "NUL"),
        (bytes(range(1, 32)) * 9, "a.txt", "control codes"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(data, name, words):
    with pytest.raises(BadFile) as refusal:
        decode(data, name)
    assert words in str(refusal.value) and refusal.value.fields["name"] == name


def test_a_choice_that_does_not_fit_is_refused():
    with pytest.raises(BadFile, match="byte 4"):
        decode("água é".encode("cp1252")[1:] + b"\xff", "a.txt", encoding="utf-8")
    with pytest.raises(BadFile, match="not offered"):
        decode(b"a", "a.txt", encoding="rot13")
