"""Does a cross-attention head look where the words come from? The hand-made gold, words from pieces, and the score.

Each linked word of a translation is one item: the head is right when, among the words of the source, it gives most
weight to a word the gold links to it. Punctuation, the language token and the end of the sentence are not candidates;
`strict` lets everything be one. A row can be read in two ways: `written`, the row that predicts the word (what the
screens show first), and `read`, the row of the word itself, which already predicts the next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

import core
from training.translator import pairs
from training.translator.batches import prompt
from training.translator.tokenizer import CUT

Row = Literal["read", "written"]
Span = tuple[int, int]
_PART = re.compile(CUT.replace("▁?", "") + r"|[\w'\-]+?(?=" + CUT.replace("▁?", "") + r"|[^\w'\-]|$)")


@dataclass(frozen=True)
class Item:
    """One pair with the character spans of its words, and the source words each linked word of the translation may look
    at.
    """

    pair: pairs.Pair
    source: tuple[Span, ...]
    target: tuple[Span, ...]
    links: Mapping[int, frozenset[int]]


@dataclass(frozen=True, eq=False)
class Looks:
    """Weights of every head between words, share of a row (0…1): words (layer, head, target word, source word);
    `elsewhere` (layer, head, target word) is the largest single weight on anything that is not a word of the source."""

    words: np.ndarray
    elsewhere: np.ndarray


def gold() -> tuple[Item, ...]:
    """The hand-aligned pairs; a third of each language has words that change places."""
    return tuple(item(pair, links) for pair, links in pairs.gold())


def item(pair: pairs.Pair, links: str) -> Item:
    """Links are written 'word=word', the translation's word first. ValueError for a word that is absent or stands there
    twice.
    """
    source, target = cut(pair.source), cut(pair.target)
    found: dict[int, set[int]] = {}
    for link in links.split():
        left, right = link.split("=")
        found.setdefault(_place(pair.target, target, left), set()).add(_place(pair.source, source, right))
    return Item(pair, source, target, {word: frozenset(sources) for word, sources in found.items()})


def cut(text: str) -> tuple[Span, ...]:
    """Character spans of the words of a text, as the tokenizer cuts them; punctuation is left out."""
    return tuple(match.span() for match in _PART.finditer(text) if re.search(r"\w", match[0]))


def looks(
    lm: core.LanguageModel, sentence: str, language: str, target: str | None = None, *, row: Row = "written"
) -> tuple[core.Trace, Looks]:
    """Run the model on a sentence, with a given translation or its own, and collect every head's weights between
    words.
    """
    text = prompt(sentence, language)
    trace = core.capture(lm, text, target)
    shift = len(text) - len(sentence)
    sources = [(start + shift, stop + shift) for start, stop in cut(sentence)]
    attention = np.stack(
        [trace.layer_attention(layer, kind="cross") for layer in range(trace.layers("cross"))]
    )  # (L, H, Q, K)
    keys = [_pieces(trace.tokens.spans, span) for span in sources]
    rows = [_pieces(trace.target.spans, span) for span in cut(trace.target.text)]
    return trace, between(attention, rows, keys, row)


def between(
    attention: np.ndarray, rows: Sequence[Sequence[int]], keys: Sequence[Sequence[int]], row: Row = "written"
) -> Looks:
    """Piece × piece → word × word: SUM over the pieces of the word looked at, MEAN over the rows of the word that
    looks.

    attention: (layer, head, query, key). rows, keys: positions of each word. `written` takes the rows one position
    earlier."""
    back = 1 if row == "written" else 0
    averaged = np.stack([attention[:, :, [place - back for place in places]].mean(2) for places in rows], axis=2)
    inside = np.stack([averaged[..., list(places)].sum(-1) for places in keys], axis=-1)
    named = {place for places in keys for place in places}
    others = [place for place in range(attention.shape[-1]) if place not in named]
    return Looks(inside, averaged[..., others].max(-1) if others else np.zeros(inside.shape[:-1]))


def right(found: Looks, links: Mapping[int, frozenset[int]], *, strict: bool = False) -> np.ndarray:
    """bool (layer, head, linked word), linked words in ascending order: does the heaviest candidate belong to the
    links?
    """
    columns = []
    for word in sorted(links):
        row = found.words[:, :, word]  # (L, H, source word)
        hit = np.isin(row.argmax(-1), sorted(links[word]))
        columns.append(hit & (row.max(-1) > found.elsewhere[:, :, word]) if strict else hit)
    return np.stack(columns, axis=-1)


def averaged(found: Looks) -> Looks:
    """The mean over all heads of all layers as one head of one layer."""
    return Looks(found.words.mean((0, 1), keepdims=True), found.elsewhere.mean((0, 1), keepdims=True))


def best(hits: Sequence[np.ndarray]) -> tuple[int, int]:
    """(layer, head) with the most right words over some items; the first one of equals."""
    total = np.concatenate(list(hits), axis=-1).sum(-1)
    layer, head = np.unravel_index(int(total.argmax()), total.shape)
    return int(layer), int(head)


def diagonal(one: Item) -> np.ndarray:
    """bool (1, 1, linked word): the baseline that looks at the same relative place, with no model."""
    last, width = max(1, len(one.target) - 1), len(one.source) - 1
    return np.array([[[round(word * width / last) in one.links[word] for word in sorted(one.links)]]])


def _place(text: str, spans: Sequence[Span], word: str) -> int:
    found = [place for place, span in enumerate(spans) if text[slice(*span)] == word]
    if len(found) != 1:
        raise ValueError(f"“{word}” stands {len(found)} times in “{text}”; a link needs a word that stands there once")
    return found[0]


def _pieces(spans: Sequence[Span | None], word: Span) -> list[int]:
    """Positions whose characters overlap a word's."""
    return [place for place, span in enumerate(spans) if span and span[0] < word[1] and word[0] < span[1]]
