"""A treebank that a visitor brings, and the relations of the chosen model on it.

The file is read, the model asked in parts that are kept, the answers counted. Not here: how they are drawn (roles.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import BadFile, BadInput
from core.models.loading import LanguageModel
from core.studies import documents
from core.studies.conllu import Parsed, Treebank, read_conllu
from core.studies.relations import ArcQuestions, joined

from ...explorer.study_data import data_name
from ...explorer.upload_field import upload_field
from ...serving import cache
from ...serving.bounded_cache import Shelf
from ...serving.forward_slots import look_around
from ...serving.long_work import work
from ...serving.read_files import read_in_turn
from ...shell.locale import error_text, plain, t, tn
from ...shell.state import Chosen

_PART_SENTENCES = 100  # sentences that are asked together: what a stop loses at most
TREEBANK_BYTES, _MAX_SENTENCES_READ = 20 * 2**20, 4000
MAX_WORDS_READ = 120_000  # of a file: six thousand sentences, in half a second
_FILES = "treebank"
_treebanks: Shelf[Treebank] = Shelf(4)


@dataclass(frozen=True)
class BroughtTreebank:
    """files: as they were read; dev: sentences to choose heads on, test: sentences to score them on."""

    files: tuple[Treebank, ...]
    dev: list[Parsed]
    test: list[Parsed]

    @property
    def name(self) -> str:
        """Of its files."""
        return " + ".join(file.name for file in self.files)


def brought_treebank() -> BroughtTreebank | None:
    """The visitor's treebank, with what was not read of it said on the page; None without files.

    Raises:
        BadFile, BadInput: no CoNLL-U, too large, or too few sentences.
    """
    files = upload_field(
        t("A treebank in CoNLL-U: one file, which is halved, or two, one to choose heads on and one to score them on"),
        types=("conllu", "gz"),
        most_bytes=TREEBANK_BYTES,
        several=True,
        key=_FILES,
    )
    if not files:
        st.caption(
            t(
                "For Portuguese: UD Bosque, GSD or Porttinari, from universaldependencies.org. The file is "
                "read here and not stored."
            )
        )
        return None
    for file in files[:2]:
        if file.size > TREEBANK_BYTES:
            raise BadFile(
                "{name} has {mb} MB, and at most {limit} are read. Send a part of it.",
                name=file.name,
                mb=round(file.size / 2**20),
                limit=TREEBANK_BYTES // 2**20,
            )
    treebanks = tuple(_parsed(file.name, file.getvalue()) for file in files[:2])
    parts = [treebanks[0][::2], treebanks[0][1::2]] if len(treebanks) == 1 else list(treebanks)
    _say_unread(treebanks, parts)
    if min(map(len, parts)) < 10:
        raise BadInput(
            "This treebank has {n} sentences in one half, and at least {least} are needed.",
            n=min(map(len, parts)),
            least=10,
        )
    return BroughtTreebank(treebanks, *(list(part[:_MAX_SENTENCES_READ]) for part in parts))


def _say_unread(treebanks: Sequence[Treebank], parts: Sequence[Sequence[Parsed]]) -> None:
    """What was left out of the files, each reason with its count and its first line."""
    for remark in [remark for treebank in treebanks for remark in treebank.remarks()]:
        st.warning(plain(error_text(remark)))
    if (most := max(map(len, parts))) > _MAX_SENTENCES_READ:
        st.warning(
            t(
                "The model is asked about the first {limit} sentences of each part; the larger part has {n}.",
                limit=_MAX_SENTENCES_READ,
                n=most,
            )
        )


def measured_relations(chosen: Chosen, treebank: BroughtTreebank) -> dict[str, Any] | None:
    """The study of the chosen model; None while it was not started, or was stopped: what was asked by then is kept.

    Raises:
        MiranteError: as studies.relations_document.
    """
    model, untrained = cache.language_model(chosen), cache.null_model(chosen)
    dev, test = treebank.dev, treebank.test
    key = (*chosen.key, _digest(dev), _digest(test))
    seconds = 2 * (len(dev) + len(test)) * (0.01 + model.parameters / 2e9)
    document = work(
        key, lambda progress: _study(model, untrained, dev, test, key, progress), seconds=seconds, name="relations"
    )
    if document is None:
        return None
    return {**documents.with_counts(document, dev, test, treebank.files), "data": treebank.name}


_answered_parts: dict[tuple, ArcQuestions] = {}


def _study(
    model: LanguageModel, untrained: LanguageModel, dev: Sequence[Parsed], test: Sequence[Parsed], key: tuple, progress
) -> dict[str, Any]:
    """Part by part: each is kept as soon as it is there."""
    total, done, studies = 2 * (len(dev) + len(test)), 0, []
    for who, lm in (("own", model), ("twin", untrained)):
        for half, sentences in enumerate((dev, test)):
            parts = []
            for start in range(0, len(sentences), _PART_SENTENCES):
                part = (*key, who, half, start)
                if part not in _answered_parts:
                    while len(_answered_parts) >= 256:
                        _answered_parts.pop(next(iter(_answered_parts)))
                    _answered_parts[part] = documents.ask_relations(
                        lm, sentences[start : start + _PART_SENTENCES], look_around
                    )
                parts.append(_answered_parts[part])
                done += len(sentences[start : start + _PART_SENTENCES])
                progress(done, total)
            studies.append(joined(parts))
    return documents.relations_document(model, studies[:2], studies[2:])


def _parsed(name: str, data: bytes) -> Treebank:
    """Parsed once, not at every run of the page."""
    return read_in_turn("conllu", data, lambda: _sentences(name, data), name, shelf=_treebanks)


def _sentences(name: str, data: bytes) -> Treebank:
    sentences = read_conllu(data, name=name, most_words=MAX_WORDS_READ, most_bytes=TREEBANK_BYTES)
    if not sentences:
        raise BadFile(
            "{name} has no sentence with words in ten columns: a treebank in CoNLL-U was expected.",
            name=name,
        )
    return sentences


def _digest(sentences: Sequence[Parsed]) -> str:
    return hashlib.sha256(
        repr([(sentence.text, sentence.spans, sentence.arcs) for sentence in sentences]).encode()
    ).hexdigest()[:16]


def how_many(document: dict[str, Any]) -> str:
    """Over how many sentences, and how many could not be asked."""
    dev, test = document["sentences"]["dev"], document["sentences"]["test"]
    counted = tn(
        "Chosen on {dev} sentences, scored on {n} other ({data}).",
        "Chosen on {dev} sentences, scored on {n} others ({data}).",
        test,
        dev=dev,
        data=plain(data_name(document["data"])),
    )
    not_asked = sum(document.get("not_asked", {}).values())
    if not not_asked:
        return counted
    return f"{counted} " + tn(
        "{n} more was not asked: too long for this model, or without a relation that it could see.",
        "{n} more were not asked: too long for this model, or without a relation that it could see.",
        not_asked,
    )
