"""Dependencies: well-formed trees over the very words of the examples, on the right rows of every view."""

from __future__ import annotations

import json

import pytest

import core
from core.studies.examples import _FILE, dependencies
from core.views.view import view

SENTENCES = json.loads(_FILE.read_text(encoding="utf-8"))["sentences"]


@pytest.fixture(scope="module")
def encoder():
    return core.load("mirante-encoder-pt")


@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: one["text"][:30])
def test_every_annotation_is_a_tree_over_the_words_of_an_example(one: dict, encoder) -> None:
    examples = json.loads((_FILE.parent / "sentences.json").read_text(encoding="utf-8"))
    assert one["text"] in {example["text"] for language in ("pt", "en") for example in examples[language]}
    head = {word: above for word, above, _ in one["arcs"]}
    (root,) = set(range(len(one["words"]))) - set(head)
    for word in head:
        seen = {word}
        while word != root:
            word = head[word]
            assert word not in seen, "a circle"
            seen.add(word)
    trace = core.capture(encoder, one["text"])
    assert len(dependencies(trace, view(trace))) == len(one["arcs"]), "the model's words are the annotated ones"


@pytest.mark.parametrize("options", [{}, {"specials": False}, {"first": False}])
def test_arcs_join_the_words_they_name(encoder, options: dict) -> None:
    trace = core.capture(encoder, SENTENCES[0]["text"])
    shown = view(trace, **options)
    found = {
        (shown.key.labels[word], shown.key.labels[head], relation)
        for word, head, relation in dependencies(trace, shown)
    }
    assert ("cheio", "derramou", "advcl") in found and ("jarra", "derramou", "obl") in found
    assert (("Ela", "derramou", "nsubj") in found) == options.get("first", True)


def test_there_are_none_for_pieces_other_sentences_and_hidden_words(encoder) -> None:
    trace = core.capture(encoder, SENTENCES[0]["text"])
    assert dependencies(trace, view(trace, words=False)) == []
    for text in ("O gato dorme.", SENTENCES[0]["text"].replace("cheio", "[MASK]")):
        other = core.capture(encoder, text)
        assert dependencies(other, view(other)) == []
