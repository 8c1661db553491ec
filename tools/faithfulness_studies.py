"""The studies of faithfulness beside the weights of the bundled models, each of a drawn list of sentences that can be
drawn again: ``MIRANTE_CORPORA=… python -m tools.faithfulness_studies [model …]`` (about four minutes of a core each).

Encoder and decoder: sentences of UD Portuguese Bosque, test part. Translator: English of the test part of its everyday
pairs, none longer than what it was trained on. What is drawn: SEED decides which DRAWN of the sentences of fitting
length, in the order of the file. The document keeps where they come from, how many there were, seed and digests of the
list; not the sentences, which have licences of their own. Not here: the measures (core/studies/faithfulness.py)."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core import load
from core.assets import ROOT
from core.coreference.learned import words_and_marks
from core.models.devices import one_thread
from core.studies import documents
from core.studies.conllu import read_conllu
from training.common.corpus import folder
from training.translator import pairs

DRAWN, SEED = 120, 0
MODELS = ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator")
TREEBANK = ("ud_pt_test.conllu.gz", "Bosque")
WORDS = (8, 25)  # between spaces, of a sentence of the treebank
PIECES = (6, 12)  # words and marks of an English sentence: mirante-translator was trained on at most 12
_SAID = {
    "treebank": "UD Portuguese Bosque, test, sentences of 8 to 25 words",
    "pairs": "English sentences of 6 to 12 words and marks of the translation pairs, test part",
}


def drawn(sentences: Sequence[str]) -> list[str]:
    """DRAWN of the different sentences, without replacement, in their order."""
    distinct = list(dict.fromkeys(sentences))
    places = np.random.default_rng(SEED).choice(len(distinct), size=DRAWN, replace=False)
    return [distinct[place] for place in sorted(places)]


def treebank_sentences(corpora: Path) -> list[str]:
    """Every sentence of the treebank's test part that has as many words as WORDS allows."""
    file, treebank = TREEBANK
    texts = [parsed.text for parsed in read_conllu(corpora / file, treebank=treebank)]
    return [text for text in texts if WORDS[0] <= len(text.split()) <= WORDS[1]]


def english_sentences(corpora: Path) -> list[str]:
    """Every English sentence of the everyday pairs' test part that is as long as PIECES allows, asked for in French."""
    rows = [row for row in pairs.read(corpora, "fra") if row.split == "test" and row.origin.startswith(pairs.EVERYDAY)]
    texts = [row.pair.source for row in rows]
    return [f">>fra<< {text}" for text in texts if PIECES[0] <= words_and_marks(text) <= PIECES[1]]


def selection(name: str, corpora: Path) -> tuple[list[str], dict[str, Any]]:
    """The sentences of a model's study, and what is kept of how they were drawn."""
    translates = name == "mirante-translator"
    sentences = english_sentences(corpora) if translates else treebank_sentences(corpora)
    return drawn(sentences), {
        "source": pairs.FILES["fra"] if translates else TREEBANK[0],
        "of": len(dict.fromkeys(sentences)),
        "of_sha256": documents.digest(list(dict.fromkeys(sentences))),
        "drawn": DRAWN,
        "seed": SEED,
    }


def study(name: str, corpora: Path) -> dict[str, Any]:
    """The document of one model."""
    texts, how = selection(name, corpora)
    one_thread()
    lm = load(name, device="cpu")
    said = _SAID["pairs" if name == "mirante-translator" else "treebank"]
    document = documents.faithfulness(lm, texts, data=said, progress=_shown)
    return {**document, "texts": {**document["texts"], **how}}


def _shown(done: int, total: int) -> None:
    print(f"{done} of {total}", end="\r", file=sys.stderr, flush=True)


if __name__ == "__main__":
    for model in sys.argv[1:] or MODELS:
        path = ROOT / "assets" / "models" / model / "faithfulness.json"
        path.write_text(json.dumps(study(model, folder()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
