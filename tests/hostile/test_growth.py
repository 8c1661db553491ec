"""Twice the text costs about twice the time, wherever a text goes in: no function looks at every pair of characters."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import core
from core.coreference.winograd import parse_schemas
from core.errors import MiranteError
from core.files.sentences import read_pasted, read_upload
from core.files.spreadsheet import to_csv
from core.predictions.generation import beginning
from core.storage.texts import text_id
from core.studies.conllu import read_conllu
from core.text.spans import from_surfaces
from core.text.tokens import check_text, encode, encode_ids, shifted_by_one
from core.text.vocabulary import show_bytes, visible, vocabulary
from core.text.words import group, segments
from core.tracing.captures import read_tokens
from ui.explorer.edited_sentence import _distinct
from ui.explorer.word_names import nearest, position_named, word_name, word_names
from ui.shell.locale import plain
from ui.shell.state import fits_link

SMALL = 8_000
"""Characters; twice as many are the largest text."""
MOST = 3.0
"""Growth of the time when the text doubles: 2 for linear work, 4 for quadratic."""
LEAST = 0.03
"""Seconds below which nothing is compared: a clock of a busy machine says little."""
UNITS = {
    "words": "gato ",
    "one letter": "a",
    "different words": None,
    "spaces": "a" + " " * 50,
    "lines": "a\n",
    "accents": "a\u0301",
    "marks": "\u0301",
    "emoji": "👩‍🚀",
    "joiners": "\u200d",
    "flags": "🇧🇷",
    "hyphens": "a-",
    "points": ".",
    "numbers": "1.",
    "addresses": "http://",
    "address": "www.a.",
    "mails": "a@",
    "mail": "a.b+c-",
    "signs": "R$",
    "brackets": "(",
    "hidden": "\u202e",
    "Chinese": "猫",
    "masks": "[MASK]",
    "quotes": '"',
    "escapes": "\\",
}


def text_of(unit: str | None, n: int) -> str:
    if unit is None:
        return "".join(f"gato{i} " for i in range(n // 9))[:n]
    return (unit * (n // len(unit) + 1))[:n]


@cache
def model(name: str) -> Any:
    return core.load(name, device="cpu")


def entries_of(text: str) -> Any:
    known = vocabulary(model("mirante-decoder-pt").tokenizer)
    ids = model("mirante-decoder-pt").tokenizer(text, verbose=False)["input_ids"]
    return known.entries(ids)


def words_of(text: str) -> list[str]:
    return text.split() or ["a"]


def names(text: str) -> None:
    words = words_of(text)
    known, _ = word_names(words, range(len(words)))
    nearest("9:none", known)
    position_named("9:none", words)
    word_name(words, 0)
    _distinct(words)


def row(text: str) -> str:
    words = words_of(text)
    lines = [f"{i}\t{word}\t_\t_\t_\t_\t0\troot\t_\t_" for i, word in enumerate(words, 1)]
    return "\n".join(["# text = " + " ".join(words), *lines])


PREPARED: dict[str, tuple[Callable[[str], Any], Callable[[Any], object]]] = {
    "grouping": (
        lambda text: (text, entries_of(text)),
        lambda made: group(made[0], made[1], [None] * len(made[1]), [False] * len(made[1])),
    ),
    "matching": (
        lambda text: (text, entries_of(text)),
        lambda made: from_surfaces(made[0], made[1], [False] * len(made[1])),
    ),
    "matching another text": (
        lambda text: (text.upper() + "!", entries_of(text)),
        lambda made: from_surfaces(made[0], made[1], [False] * len(made[1])),
    ),
    "shifting": (lambda text: encode(model("mirante-decoder-pt").tokenizer, text), shifted_by_one),
    "ids": (
        lambda text: model("mirante-decoder-pt").tokenizer(text, verbose=False)["input_ids"],
        lambda ids: encode_ids(model("mirante-decoder-pt").tokenizer, ids),
    ),
    "a treebank": (lambda text: row(text).encode(), read_conllu),
}
DIRECT: dict[str, Callable[[str], object]] = {
    "visible": visible,
    "bytes": lambda text: show_bytes(text.encode("utf-8", "replace")[1:]),
    "broken bytes": lambda text: show_bytes(text.encode("utf-16-le", "replace")),
    "segments": segments,
    "checking": check_text,
    "names": names,
    "the escape": plain,
    "a link": fits_link,
    "the store": text_id,
    "pasted lines": read_pasted,
    "a list": lambda text: read_upload(text.encode("utf-8", "replace"), "a.txt"),
    "a table": lambda text: read_upload(text.encode("utf-8", "replace"), "a.csv"),
    "JSON lines": lambda text: read_upload(text.encode("utf-8", "replace"), "a.jsonl"),
    "schemas": parse_schemas,
    "cells": lambda text: to_csv(["a"], [[word] for word in words_of(text)]),
    "the encoder's tokenizer": lambda text: encode(model("mirante-encoder-pt").tokenizer, text),
    "the decoder's tokenizer": lambda text: encode(model("mirante-decoder-pt").tokenizer, text),
    "the translator's tokenizer": lambda text: read_tokens(model("mirante-translator"), text),
    "capture": lambda text: core.capture(model("mirante-encoder-pt"), text),
    "generating": lambda text: beginning(model("mirante-decoder-pt"), text),
    "translating": lambda text: core.capture(model("mirante-translator"), text),
}
LONG = {"matching", "matching another text", "broken bytes", "shifting", "grouping"}
"""Functions that take long to ask of every kind of text."""
FUNCTIONS = {name: (lambda text: text, call) for name, call in DIRECT.items()} | PREPARED


def seconds(call: Callable[[Any], object], argument: Any) -> float:
    best = 9.0
    for _ in range(2):
        start = time.process_time()
        try:
            call(argument)
        except MiranteError:
            pass
        best = min(best, time.process_time() - start)
        if best < LEAST:
            break
    return best


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in LONG else name for name in FUNCTIONS]
)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    prepare, call = FUNCTIONS[name]
    grown = {}
    for unit_name, unit in UNITS.items():
        try:
            small, large = (prepare(text_of(unit, n)) for n in (SMALL, 2 * SMALL))
        except MiranteError:
            continue  # nothing to read in it
        long = seconds(call, large)
        assert long < 5, (unit_name, long)
        if long > LEAST:
            growths = (seconds(call, large) / seconds(call, small) for _ in range(4))
            if all(growth > MOST for growth in growths):  # a busy machine exaggerates now and then, not always
                grown[unit_name] = round(long, 2)
    assert grown == {}
