"""How well an encoder fills hidden words of the treebanks' test sentences, by class: content words apart from the rest.

Much of what is hidden in real text is punctuation, articles and prepositions, which a bigram guesses too. Hiding is
real_text.py's, 15 % of the pieces at once; counted are words that are one piece, so that no other half of a word gives
it away. Words inside a contraction ("da") have no place of their own and are counted with the rest."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from training.common import agreement_cloze, batches
from training.encoder.bigram import Bigram
from training.encoder.real_text import Guessed, guesses, right

CONTENT = {"NOUN": "noun", "VERB": "verb", "ADJ": "adjective", "ADV": "adverb"}
LONGEST = 60  # words of a sentence, as in the agreement cloze
PART = "part"  # a piece of a longer word


def measure(model: PreTrainedModel, made: PreTrainedTokenizerFast, path: Path, baseline: Bigram) -> dict[str, Any]:
    """Hits of the model and of the baselines: each class of content words, ``content`` together, and the ``rest`` of
    the whole words (function words, names, numbers, marks).
    """
    made.backend_tokenizer.no_padding()
    made.backend_tokenizer.no_truncation()
    rows, classes = zip(*(_sentence(made, text, words) for text, words in _texts(path)), strict=True)
    found: dict[str, Guessed] = defaultdict(list)
    for row, place, guess in guesses(model, made, rows, baseline):
        kind = classes[row][place]
        if kind != PART:
            found[kind].append((str(row), guess))
            if kind != "rest":
                found["content"].append((str(row), guess))
    order = ("content", *CONTENT.values(), "rest")
    return {kind: right(found[kind]) for kind in order}


def _texts(path: Path) -> list[tuple[str, list[agreement_cloze.Word]]]:
    found = ((text, words) for _, text, words in agreement_cloze.sentences(path))
    return [(text, words) for text, words in found if words and len(words) <= LONGEST and "[" not in text]


def _sentence(
    made: PreTrainedTokenizerFast, text: str, words: list[agreement_cloze.Word]
) -> tuple[batches.Row, list[str]]:
    """Its ids, and for each of them the class of the word that it is."""
    encoding = made.backend_tokenizer.encode(text)
    kinds = {(word.start, word.end): CONTENT.get(word.tag, "rest") for word in words}
    owners = encoding.word_ids
    whole = [owner is not None and owners.count(owner) == 1 for owner in owners]
    listed = [kinds.get(span, "rest") if one else PART for span, one in zip(encoding.offsets, whole, strict=True)]
    return batches.Row(encoding.ids, False), listed
