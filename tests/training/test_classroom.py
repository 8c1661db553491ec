"""The sentences of a class: how many, of which shape, and that no training text holds one (with the corpora, where they
are).
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from training import classroom
from training.common.corpus import key

CORPORA = os.environ.get("MIRANTE_CORPORA")
with_corpora = pytest.mark.skipif(not CORPORA, reason="needs the corpora: MIRANTE_CORPORA")


def texts(pattern: str) -> Iterator[str]:
    """Every sentence of some files of the corpora; of a pair, both sides."""
    for path in sorted(Path(CORPORA or "").glob(pattern)):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield from line.rstrip("\n").split("\t")[:2]


def test_as_many_sentences_as_promised_and_none_twice() -> None:
    lists = {60: classroom.MASKED, 20: classroom.BEGINNINGS, 40: classroom.ENGLISH}
    assert {size: len({key(text) for text in some}) for size, some in lists.items()} == {60: 60, 20: 20, 40: 40}
    assert {text.count(classroom.MASK) for text in classroom.MASKED} == {1}


@with_corpora
def test_no_english_sentence_stands_in_a_pair_file() -> None:
    asked = {key(text) for text in classroom.ENGLISH}
    assert not asked & {key(text) for text in texts("pairs_*.tsv.gz")}


@with_corpora
def test_no_masked_sentence_stands_filled_in_a_text() -> None:
    gaps = [
        re.escape(key(text.replace(classroom.MASK, "hidden"))).replace("hidden", r"\w+") for text in classroom.MASKED
    ]
    filled = re.compile("|".join(f"(?:{gap})" for gap in gaps))
    found = {
        text
        for pattern in ("pt_text/*.txt.gz", "pairs_en_pt*.tsv.gz")
        for text in texts(pattern)
        if filled.fullmatch(key(text))
    }
    assert not found
