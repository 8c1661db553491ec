"""JSON lines: the choice of a key, bare strings, and values that are no text."""

import json

import pytest

from core.errors import BadFile
from core.files.sentences import read_upload
from core.files.tables import Options


def read(*lines, **chosen):
    return read_upload("\n".join(lines).encode(), "a.jsonl", Options(**chosen))


def test_a_key_is_guessed_or_chosen():
    lines = [
        json.dumps({"id": "x1", "text": "Ela saiu.", "nota": "boa", "n": 3}, ensure_ascii=flag)
        for flag in (True, False)
    ]
    assert read(*lines).columns == ("id", "text", "nota")
    assert read(*lines).sentences == ("Ela saiu.", "Ela saiu.")
    assert read(*lines, column="nota").sentences == ("boa", "boa")
    with pytest.raises(BadFile, match="no column “x”"):
        read(*lines, column="x")


def test_bare_strings_are_sentences():
    assert read('"Ela saiu."', '"Ele ficou."').sentences == ("Ela saiu.", "Ele ficou.")


@pytest.mark.parametrize(
    "line, reason",
    [
        ('{"text": NaN}', "not one complete JSON"),
        ('{"text": Infinity}', "not one complete JSON"),
        ('{"text": 7}', "not text"),
        ('{"text": 1e999999999}', "not text"),
        ('{"text": ' + "9" * 9000 + "}", "not text"),
        ('{"text": null}', "not text"),
        ('{"text": ["a"]}', "not text"),
        ('{"other": "a"}', "no key “text”"),
        ("[" * 9000, "nested"),
        ('{"text":' * 2000, "nested"),
        ("[1, 2]", "neither"),
        ("7", "neither"),
        ("{", "not one complete"),
        ('{"text": "\\ud800"}', "not characters"),
        ('{"text": "a\\u0000b"}', "NUL"),
        ('{"text": "' + "a" * 20_000 + '"}', "the line has"),
    ],
)
def test_a_bad_line_is_refused_and_the_good_ones_kept(line, reason):
    found = read('{"text": "Boa."}', line, '{"text": "\\ud83d\\ude00 fim"}')
    assert found.sentences == ("Boa.", "😀 fim") and found.lines == (1, 3)
    assert [r.line for r in found.rejected] == [2] and reason in str(found.rejected[0])


def test_keys_that_cannot_be_shown_are_not_offered():
    found = read(
        json.dumps({"a\0b": "x", "": "y", "k" * 99: "z", "frase": "Boa."}), json.dumps({"\ud800": "w", "frase": "Sim."})
    )
    assert found.columns == ("frase",) and found.sentences == ("Boa.", "Sim.")


def test_too_many_keys_are_refused():
    with pytest.raises(BadFile, match="100 columns"):
        read(json.dumps({f"k{i}": "x" for i in range(100)}))
