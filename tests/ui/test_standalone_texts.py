"""The words of saved pages are those of the explorer."""

from __future__ import annotations

import json

from tools.standalone_texts import PATH, document


def test_the_file_is_up_to_date() -> None:
    assert json.loads(PATH.read_text(encoding="utf-8")) == document(), "run python -m tools.standalone_texts"


def test_both_languages_have_the_same_words() -> None:
    found = document()
    assert found["pt"]["attention"].keys() == found["en"]["attention"].keys()
    assert found["pt"]["attention"]["language"] == "pt" and found["en"]["attention"]["language"] == "en"
