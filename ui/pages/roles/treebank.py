"""A treebank that a visitor brings, and the relations of the chosen model on it: read, asked in parts that are kept,
counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from core.errors import BadFile, BadInput
from core.models.loading import LanguageModel
from core.studies import documents
from core.studies.conllu import Parsed, read
from core.studies.relations import ArcQuestions, joined

from ...serving import cache
from ...serving.long_work import work
from ...shell.locale import plain, t, tn
from ...shell.state import Chosen

PART = 100  # sentences that are asked together: what a stop loses at most
MOST_BYTES, MOST = 20 * 2**20, 4000
FILES = "treebank"


def brought() -> tuple[str, list[Parsed], list[Parsed]] | None:
    """(name, sentences to choose heads on, sentences to score them on) of the visitor's files; None before there are
    any.

    Raises:
        BadFile, BadInput: no CoNLL-U, too large, or too few sentences.
    """
    files = st.file_uploader(
        t("A treebank in CoNLL-U: one file, which is halved, or two, one to choose heads on and one to score them on"),
        type=("conllu", "gz"),
        accept_multiple_files=True,
        key=FILES,
        max_upload_size=MOST_BYTES // 2**20,
    )
    if not files:
        st.caption(
            t(
                "For Portuguese: UD Bosque, GSD or Porttinari, from universaldependencies.org. The file is "
                "read here and not stored."
            )
        )
        return None
    for one in files[:2]:
        if one.size > MOST_BYTES:
            raise BadFile(
                "{name} has {mb} MB, and at most {limit} are read. Send a part of it.",
                name=one.name,
                mb=round(one.size / 2**20),
                limit=MOST_BYTES // 2**20,
            )
    parts = [_read(one.name, one.getvalue()) for one in files[:2]]
    if len(parts) == 1:
        parts = [parts[0][::2], parts[0][1::2]]
    if min(map(len, parts)) < 10:
        raise BadInput(
            "This treebank has {n} sentences in one half, and at least {least} are needed.",
            n=min(map(len, parts)),
            least=10,
        )
    return " + ".join(one.name for one in files[:2]), *(part[:MOST] for part in parts)


def relations(chosen: Chosen, name: str, dev: Sequence[Parsed], test: Sequence[Parsed]) -> dict[str, Any] | None:
    """The study of the chosen model; None while it was not started, or was stopped: what was asked by then is kept.

    Raises:
        MiranteError: as studies.relations_document.
    """
    model, twin = cache.language_model(chosen), cache.null_model(chosen)
    key = (chosen.model, chosen.device, chosen.precision, _digest(dev), _digest(test))
    seconds = 2 * (len(dev) + len(test)) * (0.01 + model.parameters / 2e9)
    found = work(key, lambda progress: _study(model, twin, dev, test, key, progress), seconds=seconds, name="relations")
    return None if found is None else {**found, "data": name}


_asked: dict[tuple, ArcQuestions] = {}


def _study(
    model: LanguageModel, twin: LanguageModel, dev: Sequence[Parsed], test: Sequence[Parsed], key: tuple, progress
) -> dict[str, Any]:
    """Part by part: each is kept as soon as it is there."""
    total, done, found = 2 * (len(dev) + len(test)), 0, []
    for who, lm in (("own", model), ("twin", twin)):
        for place, sentences in enumerate((dev, test)):
            parts = []
            for start in range(0, len(sentences), PART):
                part = (*key, who, place, start)
                if part not in _asked:
                    while len(_asked) >= 256:
                        _asked.pop(next(iter(_asked)))
                    _asked[part] = documents.ask_relations(lm, sentences[start : start + PART])
                parts.append(_asked[part])
                done += len(sentences[start : start + PART])
                progress(done, total)
            found.append(joined(parts))
    return documents.relations_document(model, found[:2], found[2:])


@lru_cache(maxsize=4)
def _read(name: str, data: bytes) -> list[Parsed]:
    """Parsed once, not at every run of the page."""
    found = read(data, name=name)
    if not found:
        raise BadFile(
            "{name} has no sentence with a “# text” line and words in ten columns: a treebank in CoNLL-U was expected.",
            name=name,
        )
    return found


def _digest(sentences: Sequence[Parsed]) -> str:
    return hashlib.sha256(repr([(one.text, one.spans, one.arcs) for one in sentences]).encode()).hexdigest()[:16]


def said(document: dict[str, Any]) -> str:
    """Over how many sentences."""
    dev, test = document["sentences"]["dev"], document["sentences"]["test"]
    return tn(
        "Chosen on {dev} sentences, scored on {n} other ({data}).",
        "Chosen on {dev} sentences, scored on {n} others ({data}).",
        test,
        dev=dev,
        data=plain(document["data"]),
    )
