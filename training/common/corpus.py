"""Real text: the corpora folder, its sources and their weights, what must stay out, and the held-out split.

The folder is named by the variable MIRANTE_CORPORA or by --corpora; it holds `pt_text/<source>.txt.gz`, one sentence
per line (docs/models.md lists the public origin of every source). Generated sentences live in grammar.py, token ids in
batches.py."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# How many times a sentence of each source is seen in one pass over the corpus. Half the prose is of the 19th century
# and much of
# it European: without weights below 1 the model would speak like Machado.
WEIGHTS: dict[str, float] = {
    "tatoeba": 1.0,
    "common_voice": 1.0,
    "ud_bosque": 1.0,
    "ud_gsd": 1.0,
    "mac_morpho": 1.0,
    "ptwiki": 1.0,
    "literaturaBR": 0.3,
    "machado_de_assis": 0.2,
    "eltec_modern": 0.2,
}
HELD_OUT_SHARE = 0.01  # of every source, at most HELD_OUT_LIMIT sentences
HELD_OUT_LIMIT = 400
FORBIDDEN_TREEBANKS = ("ud_pt_dev", "ud_pt_test", "ud_pt_pud")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Split:
    """Sentences of one source: `train` to learn from, `held_out` only to measure on; disjoint by `key`."""

    source: str
    train: tuple[str, ...]
    held_out: tuple[str, ...]


def folder(given: str | None = None) -> Path:
    """The corpora folder: `given`, else MIRANTE_CORPORA. FileNotFoundError says what was tried."""
    name = given or os.environ.get("MIRANTE_CORPORA", "")
    path = Path(name)
    if not name or not (path / "pt_text").is_dir():
        raise FileNotFoundError(
            f"No corpora in {name or '(nothing named)'}: set MIRANTE_CORPORA or --corpora to a folder that "
            "holds pt_text/*.txt.gz"
        )
    return path


def key(sentence: str) -> str:
    """What makes two sentences the same one: their words, without case or punctuation."""
    return " ".join(_WORD.findall(sentence.casefold()))


def forbidden(corpora: Path) -> frozenset[str]:
    """Keys of the sentences that may never be trained on: the treebanks' dev, test and PUD parts, and the Winograd
    set.
    """
    keys = {key(text) for name in FORBIDDEN_TREEBANKS for text in treebank_texts(corpora / f"{name}.conllu.gz")}
    winograd = corpora / "wsc_pt.jsonl.gz"
    if winograd.exists():
        fields = ("sentence", "correct_sentence", "incorrect_sentence")
        rows = (json.loads(line) for line in _lines(winograd))
        keys.update(key(row[field]) for row in rows for field in fields if row.get(field))
    return frozenset(keys)


def treebank_texts(path: Path) -> Iterator[str]:
    """The `# text =` of every sentence of a CoNLL-U file; nothing where the file is missing."""
    if path.exists():
        yield from (line[9:] for line in _lines(path) if line.startswith("# text = "))


def sources(corpora: Path) -> tuple[str, ...]:
    """Names of the sources that are present, in the order of WEIGHTS."""
    return tuple(name for name in WEIGHTS if (corpora / "pt_text" / f"{name}.txt.gz").exists())


def read(corpora: Path, source: str, banned: frozenset[str], seen: set[str]) -> Split:
    """One source, NFC, deduplicated against `seen` (which grows) and split by a hash of the words, so that the split
    never moves.
    """
    train, held_out = [], []
    for line in _lines(corpora / "pt_text" / f"{source}.txt.gz"):
        sentence = unicodedata.normalize("NFC", line.strip())
        words = key(sentence)
        if not words or words in banned or words in seen:
            continue
        seen.add(words)
        chosen = _fraction(words) < HELD_OUT_SHARE and len(held_out) < HELD_OUT_LIMIT
        (held_out if chosen else train).append(sentence)
    return Split(source, tuple(train), tuple(held_out))


def load(corpora: Path) -> tuple[Split, ...]:
    """Every source, deduplicated across sources (the earlier, more modern one keeps the sentence)."""
    banned, seen = forbidden(corpora), set()
    return tuple(read(corpora, source, banned, seen) for source in sources(corpora))


def sample(splits: Iterable[Split], rng: random.Random) -> list[str]:
    """One pass of training text, each source at its weight, shuffled; a new pass draws new sentences of the
    weighted-down sources.
    """
    chosen: list[str] = []
    for split in splits:
        count = round(len(split.train) * WEIGHTS.get(split.source, 1.0))
        chosen.extend(rng.sample(split.train, min(count, len(split.train))))
    rng.shuffle(chosen)
    return chosen


def _fraction(words: str) -> float:
    """A number in [0, 1) that depends on the words alone."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:6], "big") / 2**48


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")
