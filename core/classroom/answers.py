"""Answers of a lesson, computed of the model at hand: what was asked, what is true, and what to hold beside it.

``answer_of(question, state, at)`` gives one of four records, by the kind of question; each says what is right, the
numbers behind it, and what chance (or the model's untrained twin) would give. A word of a lesson names a word of the
model's sentence by its label, with its place where it stands twice. Not here: what a lesson
may ask (questions.py), drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..analyses.candidates import best_head
from ..analyses.logit_lens import entry_of
from ..analyses.score import piece
from ..attention.edits import Knockout
from ..attention.families import size_of
from ..axes import Kind
from ..coreference.bench import Preferences
from ..coreference.contrast import shift
from ..coreference.items import Item, bundled_items
from ..coreference.probes import choice
from ..coreference.scores import preferences
from ..errors import BadInput
from ..models.loading import LanguageModel
from ..models.random_twin import twin
from ..predictions.masked import probabilities
from ..tracing.captures import capture
from ..tracing.rerun import rerun
from ..tracing.trace import Trace
from ..views.view import View, view
from .lesson import LinkState
from .questions import (
    ChoiceQuestion,
    CutChangesMost,
    ExpectsMost,
    HeadLooksMost,
    HeadQuestion,
    HeadsThatLookMost,
    LooksMost,
    NumberQuestion,
    OutOfReach,
    PairsMoved,
    PlacesChanged,
    Question,
    TokensOf,
    VectorSize,
    WeightOn,
    WordQuestion,
)

CHANGED = 1e-5
"""Cosine distance from which two vectors count as different: floats of equal vectors stay below 1e-6."""
ASKED_PAIRS = 24


@dataclass(eq=False)
class LessonModel:
    """What answers are computed of: a loaded model and its runs, each text once, and its twin that was never trained.

    untrained: the twin, where it is there already (else it is made when a question needs it). pause: called between the
    parts of a long computation.
    """

    lm: LanguageModel
    untrained: LanguageModel | None = None
    pause: Callable[[], None] = lambda: None
    _traces: dict[tuple[str, bool], Trace] = field(default_factory=dict)

    def trace(self, text: str, *, hidden: bool = False) -> Trace:
        """One run of the model."""
        if (text, hidden) not in self._traces:
            self._traces[text, hidden] = capture(self.lm, text, hidden=hidden)
        return self._traces[text, hidden]

    def twin(self) -> LanguageModel:
        """The model's random twin, made once."""
        self.untrained = self.untrained or twin(self.lm)
        return self.untrained

    def twin_trace(self, text: str, target: str | None = None) -> Trace:
        """One run of the twin; target: what it has to write, if it writes."""
        return capture(self.twin(), text, target)


@dataclass(frozen=True, eq=False)
class WordTruth:
    """labels: the words of the sentence; offered: those that one may point at; right: the true ones (none: unknown).

    values: per word what was measured, with its ``unit``: shares of a row ("share"), the probability of the answer
    without that word ("probability"); else None. even: the share that each offered word would have, or the probability
    with all of them. looker: the word that looks, if any. beside: the row of a head, 0 … 1,
    to stand beside the effects.
    """

    labels: tuple[str, ...]
    offered: tuple[int, ...]
    right: frozenset[int]
    values: np.ndarray | None = None
    unit: str = ""
    even: float | None = None
    looker: int | None = None
    beside: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class HeadTruth:
    """right: (layer, head) from 0, or None; values: (layer, head) weights 0 … 1, or None; even: as above."""

    layers: int
    heads: int
    right: tuple[int, int] | None
    values: np.ndarray | None = None
    even: float | None = None


@dataclass(frozen=True)
class ChoiceTruth:
    """right: the option from 0, or None; shares: the probability of each option (None: not in the vocabulary)."""

    right: int | None
    shares: tuple[float | None, ...] | None = None
    size: int | None = None


@dataclass(frozen=True, eq=False)
class NumberTruth:
    """value: the answer, or None. chance: what luck would give, twin: what the untrained twin gives, where that means
    something. values: what the number counts (per layer and head, per layer and word, per word).
    """

    value: float | None
    chance: float | None = None
    twin: float | None = None
    values: np.ndarray | None = None
    labels: tuple[str, ...] = ()
    answers_right: int | None = None


Truth = WordTruth | HeadTruth | ChoiceTruth | NumberTruth


def answer_of(question: Question, state: LinkState, at: LessonModel) -> Truth:
    """What is true of a question in a state.

    Raises:
        BadInput: a word, layer or head that this model or sentence does not have. MiranteError: what a run raises.
    """
    if isinstance(question, WordQuestion):
        return _word(question, question.sentence or state.first("sentence"), at)
    if isinstance(question, HeadQuestion):
        return _head(question, state.first("sentence"), at)
    if isinstance(question, ChoiceQuestion):
        return _choice(question, state.first("sentence"), at)
    return _number(question, state.first("sentence"), at)


def place_of(word: str, labels: tuple[str, ...]) -> int:
    """Which of the words ``copo`` is, or ``8:copo``, where that place holds it; of several the first.

    Raises:
        BadInput: none of them.
    """
    number, colon, label = word.partition(":")
    if colon and number.isdecimal() and int(number) < len(labels) and labels[int(number)] == label:
        return int(number)
    named = label if colon and number.isdecimal() else word
    if named not in labels:
        raise BadInput(
            "The word “{word}” is not in the sentence; it has: {words}.", word=word, words=" · ".join(labels)
        )
    return labels.index(named)


def row_of(wanted: LooksMost | WeightOn, looks: View) -> np.ndarray:
    """The row of the word that looks, (key,) 0 … 1."""
    _existing(wanted.layer, wanted.head, looks)
    return looks.head(wanted.layer - 1, wanted.head - 1)[place_of(wanted.word, looks.query.labels)]


def look_view(trace: Trace, kind: Kind | None = None) -> View:
    """The maps of words in which a look is asked for; rows of cross-attention are named by what they write."""
    kind = trace.checked_kind(kind)
    return view(trace, kind, rows="written" if kind == "cross" else "read")


def others(looks: View, looker: int) -> tuple[int, ...]:
    """The columns that count beside a word: no special tokens, not the mark of a translator's language (``>>por<<``),
    and not the word itself in its own sentence.
    """
    itself = looker if looks.kind != "cross" else None
    return tuple(
        i
        for i, special in enumerate(looks.key.special)
        if not special and i != itself and not looks.key.labels[i].startswith(">>")
    )


def _existing(layer: int, head: int, looks: View) -> None:
    if layer - 1 not in looks.attending or head > looks.heads:
        raise BadInput(
            "The card asks for layer {layer}, head {head}; this model has {layers} layers of {heads} heads.",
            layer=layer,
            head=head,
            layers=looks.layers,
            heads=looks.heads,
        )


def _word(question: WordQuestion, sentence: str, at: LessonModel) -> WordTruth:
    wanted = question.answer
    if isinstance(wanted, LooksMost):
        looks = look_view(at.trace(sentence), wanted.kind)
        looker = place_of(wanted.word, looks.query.labels)
        row, offered = row_of(wanted, looks), others(looks, looker)
        best = max(offered, key=lambda i: row[i])
        return WordTruth(looks.key.labels, offered, frozenset({best}), row, "share", 1 / len(offered), looker)
    if isinstance(wanted, CutChangesMost):
        return _cut(wanted, sentence, at)
    tokens = at.trace(sentence).tokens
    offered = tuple(i for i, special in enumerate(tokens.special_words) if not special)
    if isinstance(wanted, OutOfReach):
        looker = place_of(wanted.word, tokens.words)
        causal = look_view(at.trace(sentence))
        reached = np.max([causal.head(layer, 0)[looker] for layer in causal.attending], axis=0) > 0
        offered = tuple(i for i in offered if i != looker)
        return WordTruth(tokens.words, offered, frozenset(i for i in offered if not reached[i]), looker=looker)
    right = frozenset() if wanted is None else frozenset({place_of(wanted, tokens.words)})
    return WordTruth(tokens.words, offered, right)


def _cut(wanted: CutChangesMost, sentence: str, at: LessonModel) -> WordTruth:
    """values: the probability of the hidden word when the mask may not look at a word, in any layer and head; even: it
    when the mask may look at all. The true word is the one whose cut moves its logarithm most.
    """
    plain = at.trace(sentence).tokens
    hidden = place_of(wanted.hidden, plain.words)
    masked, position = _masked(sentence, hidden, at)
    answer = piece(at.lm, plain.words[hidden])
    labels, word_of, special = masked.tokens.words, masked.tokens.word_of, masked.tokens.special_words
    looker = word_of[position]
    before = float(probabilities(masked, position)[answer])
    values = np.full(len(labels), before)
    offered = tuple(i for i in range(len(labels)) if not special[i] and i != looker)
    for word in offered:
        keys = tuple(i for i, other in enumerate(word_of) if other == word)
        edited = rerun(at.lm, masked, (Knockout(None, None, masked.kinds[0], (position,), keys),))
        values[word] = probabilities(edited, position)[answer]
        at.pause()
    best = max(offered, key=lambda i: abs(np.log(values[i] / before)))
    beside = _beside(wanted, masked, looker)
    return WordTruth(labels, offered, frozenset({best}), values, "probability", before, looker, beside)


def _beside(wanted: CutChangesMost, masked: Trace, looker: int) -> np.ndarray | None:
    """The row of the head whose weights are to stand beside the effects; None where the card names none."""
    if wanted.layer is None or wanted.head is None:
        return None
    looks = look_view(masked)
    _existing(wanted.layer, wanted.head, looks)
    return looks.head(wanted.layer - 1, wanted.head - 1)[looker]


def _masked(sentence: str, word: int, at: LessonModel) -> tuple[Trace, int]:
    """The sentence with one word hidden, and the position of the mask."""
    tokens = at.trace(sentence).tokens
    span, mask = tokens.word_spans[word], at.lm.tokenizer.mask_token
    if span is None or mask is None:
        raise BadInput("“{name}” cannot hide a word: it has no mask.", name=at.lm.name)
    trace = at.trace(sentence[: span[0]] + mask + sentence[span[1] :])
    return trace, trace.tokens.ids.index(at.lm.tokenizer.mask_token_id)


def _head(question: HeadQuestion, sentence: str, at: LessonModel) -> HeadTruth:
    wanted = question.answer
    looks = look_view(at.trace(sentence), wanted.kind if isinstance(wanted, HeadLooksMost) else None)
    if isinstance(wanted, HeadLooksMost):
        looker, to = place_of(wanted.word, looks.query.labels), place_of(wanted.to, looks.key.labels)
        weights = np.array(
            [[looks.head(layer, head)[looker, to] for head in range(looks.heads)] for layer in range(looks.layers)]
        )
        offered = {(head.layer - 1, head.head - 1) for head in question.heads}
        chosen = [[(i, j) in offered or not offered for j in range(looks.heads)] for i in range(looks.layers)]
        right = best_head(np.where(chosen, weights, -1))
        return HeadTruth(looks.layers, looks.heads, right, weights, 1 / len(others(looks, looker)))
    if wanted is None:
        return HeadTruth(looks.layers, looks.heads, None)
    _existing(wanted.layer, wanted.head, looks)
    return HeadTruth(looks.layers, looks.heads, (wanted.layer - 1, wanted.head - 1))


def _choice(question: ChoiceQuestion, sentence: str, at: LessonModel) -> ChoiceTruth:
    wanted = question.answer
    if isinstance(wanted, ExpectsMost):
        shares = _expected(wanted, sentence, at)
        known = [-1.0 if share is None else share for share in shares]
        return ChoiceTruth(int(np.argmax(known)) if max(known) >= 0 else None, shares)
    if isinstance(wanted, VectorSize):
        size = size_of(at.lm.model.config.get_text_config(), "width")
        return ChoiceTruth(wanted.options.index(size) if size in wanted.options else None, size=size)
    return ChoiceTruth(None if wanted is None else wanted - 1)


def _expected(wanted: ExpectsMost, sentence: str, at: LessonModel) -> tuple[float | None, ...]:
    """The probability of each option at the hidden word, or as the next word."""
    if wanted.hidden is None:
        trace = at.trace(sentence)
        position = len(trace.target or trace.tokens) - 1
    else:
        trace, position = _masked(sentence, place_of(wanted.hidden, at.trace(sentence).tokens.words), at)
    distribution = probabilities(trace, position)
    entries = [entry_of(at.lm, word) for word in wanted.options]
    return tuple(None if entry is None else float(distribution[entry]) for entry in entries)


def _number(question: NumberQuestion, sentence: str, at: LessonModel) -> NumberTruth:
    wanted = question.answer
    if isinstance(wanted, WeightOn):
        looks = look_view(at.trace(sentence), wanted.kind)
        row = row_of(wanted, looks)
        weight = 100 * float(row[place_of(wanted.to, looks.key.labels)])
        return NumberTruth(100 - weight if wanted.others else weight, values=row, labels=looks.key.labels)
    if isinstance(wanted, TokensOf):
        tokens = at.trace(sentence).tokens
        return NumberTruth(float(tokens.word_of.count(place_of(wanted.word, tokens.words))))
    if isinstance(wanted, HeadsThatLookMost):
        return _heads_that_look(wanted, sentence, at)
    if isinstance(wanted, PlacesChanged):
        return _places(wanted, sentence, at)
    if isinstance(wanted, PairsMoved):
        return _pairs(wanted, at)
    return NumberTruth(wanted)


def _heads_that_look(wanted: HeadsThatLookMost, sentence: str, at: LessonModel) -> NumberTruth:
    """values: (layer, head) the word at which ``from`` looks most, layers without attention left out."""
    trace = at.trace(sentence)
    looks = look_view(trace, wanted.kind)
    to = place_of(wanted.to, looks.key.labels)
    columns = others(looks, place_of(wanted.word, looks.query.labels))
    favourites = _favourites(wanted, looks)
    target = None if trace.target is None else trace.target.text
    untrained = _favourites(wanted, look_view(at.twin_trace(sentence, target), wanted.kind))
    return NumberTruth(
        float((favourites == to).sum()),
        favourites.size / len(columns),
        float((untrained == to).sum()),
        favourites,
        looks.key.labels,
    )


def _favourites(wanted: HeadsThatLookMost, looks: View) -> np.ndarray:
    """(layer, head) the word, special tokens and ``from`` left out, at which ``from`` looks most."""
    looker = place_of(wanted.word, looks.query.labels)
    columns = list(others(looks, looker))
    rows = np.array(
        [[looks.head(layer, head)[looker, columns] for head in range(looks.heads)] for layer in looks.attending]
    )
    return np.array(columns)[rows.argmax(-1)]


def _places(wanted: PlacesChanged, sentence: str, at: LessonModel) -> NumberTruth:
    """values: (layer that reads, word) cosine distance between the two sentences."""
    tokens = at.trace(sentence).tokens
    changed = place_of(wanted.word, tokens.words)
    span = tokens.word_spans[changed]
    if span is None:
        raise BadInput("The word “{word}” cannot be replaced in this sentence.", word=wanted.word)
    first, second = (
        at.trace(text, hidden=True) for text in (sentence, sentence[: span[0]] + wanted.into + sentence[span[1] :])
    )
    if first.tokens.word_of != second.tokens.word_of or first.hidden is None or second.hidden is None:
        raise BadInput("“{into}” and “{word}” are not of as many tokens.", word=wanted.word, into=wanted.into)
    if wanted.layer > first.layers(first.kinds[0]):
        raise BadInput(
            "The card asks for layer {layer}; this model has {layers}.",
            layer=wanted.layer,
            layers=first.layers(first.kinds[0]),
        )
    distances = _distances(first.hidden, second.hidden, tokens.word_of)
    words = [i for i, special in enumerate(tokens.special_words) if not special and i != changed]
    return NumberTruth(
        float((distances[wanted.layer - 1, words] > CHANGED).sum()),
        values=distances,
        labels=tokens.words,
    )


def _distances(first: np.ndarray, second: np.ndarray, word_of: tuple[int, ...]) -> np.ndarray:
    """Cosine distances of (layer, position, model) vectors, (layer, word): of a word's tokens the largest."""
    products = (first * second).sum(-1)
    norms = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
    distances = np.maximum(0, 1 - products / norms)
    return np.stack(
        [
            distances[:, [i for i, other in enumerate(word_of) if other == word]].max(1)
            for word in range(max(word_of) + 1)
        ],
        1,
    )


def _pairs(wanted: PairsMoved, at: LessonModel) -> NumberTruth:
    """Of the first pairs of a condition, in how many the preference moves to the right noun, or how many sentences get
    the right answer; by chance half.
    """
    pairs = first_pairs(wanted.condition)
    moved, right = _moved(pairs, at.lm, at.pause)
    by_twin, right_by_twin = _moved(pairs, at.twin(), at.pause)
    if wanted.answers:
        return NumberTruth(right, len(pairs), right_by_twin, answers_right=right)
    return NumberTruth(moved, len(pairs) / 2, by_twin, answers_right=right)


def first_pairs(condition: str) -> list[list[Item]]:
    """The pairs of a condition of the bench that a card asks: the first ``ASKED_PAIRS``."""
    pairs: dict[str, list[Item]] = {}
    for item in bundled_items("containers"):
        if item.condition == condition:
            pairs.setdefault(item.pair, []).append(item)
    return list(pairs.values())[:ASKED_PAIRS]


def _moved(pairs: list[list[Item]], lm: LanguageModel, pause: Callable[[], None]) -> tuple[int, int]:
    """(pairs whose preference moves to the right noun, sentences whose own answer is the right noun)."""
    moved = right = 0
    for pair in pairs:
        answers = [_preferences(item, lm) for item in pair]
        moved += shift(*answers) > 0
        right += sum(answer.preferred == answer.true_word for answer in answers)
        pause()
    return moved, right


def _preferences(item: Item, lm: LanguageModel) -> Preferences:
    competing = choice(item, "question")
    logs = None if competing is None else preferences(lm, competing)
    if competing is None or logs is None:
        raise BadInput("“{name}” cannot be asked these questions: its vocabulary splits the nouns.", name=lm.name)
    return Preferences(competing.words, tuple(map(float, logs)), competing.right)
