"""The scan: what is surprising about one sentence for one model, each finding beyond its null, the most distant first.

Compared with ``REFERENCES`` other sentences of about as many words, of the same model. Per kind of finding:

    look           a head's weight from a word to another, beyond what the head gives at that distance on average (so
                   that a previous-word head is no finding), and more than any look in ``TWINS`` untrained twins
    cut            how far the score of the answer moves, in nats, when the position that answers may not look at a word
    disagreement   1 − Spearman's correlation of two methods' orders of the words

A number is measured in the standard deviations that it has over all these sentences, and listed if it lies beyond the
largest of its whole kind in every other sentence (the max statistic of Westfall & Young 1993). If the sentence were one
of them, a kind would list anything in at most one of ``REFERENCES`` + 1 sentences, however many heads there are; the
three kinds together in three: 5 %.

A head that looks far and hard in most sentences must do so further still to be listed: the list is sure, not complete.
What it does not rule out: the sentence may simply be of another sort than the references (a question, a rare word).
Inside: the numbers, their nulls, the list. Not inside: words of a language, drawing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Literal

import numpy as np

from ..analyses.ablation import edge_knockouts
from ..analyses.input_attribution import method_maps, method_row
from ..analyses.score import LogitDifference, logit_difference
from ..assets import ASSETS
from ..axes import Kind
from ..boundary import named_step
from ..errors import BadInput, Message, MiranteError
from ..models.loading import LanguageModel
from ..models.random_twin import twin
from ..predictions.masked import can_mask
from ..progress import Progress
from ..rank_correlation import spearman
from ..tracing.captures import capture
from ..tracing.trace import Trace
from ..views.view import View, view

SurpriseKind = Literal["look", "cut", "disagreement"]
REFERENCES, TWINS, LISTED = 59, 19, 10
ORDERS = ("raw", "rollout", "norm", "gradient", "knockout")
"""Methods whose orders of the words are compared, where the model has them."""
_LEAST_WORDS, _MOST_WORDS = 5, 60
_TASK = re.compile(r"^\s*(>>\w+<<|<extra_id_\d+>)\s*")


@dataclass(frozen=True)
class Surprise:
    """One finding.

    distance: beyond the largest of its kind in the other sentences, in standard deviations of this number over all of
    them. value: weight 0 … 1 (look), signed change in nats (cut), Spearman's correlation (disagreement); ordinary: its
    mean over the other sentences, extreme: the most surprising of them. layer, head: from 0. query, key: words, and
    their positions in the text, from 0. methods: the two that disagree.
    """

    kind: SurpriseKind
    distance: float
    value: float
    ordinary: float
    extreme: float
    layer: int | None = None
    head: int | None = None
    query: str | None = None
    key: str | None = None
    query_position: int | None = None
    key_position: int | None = None
    methods: tuple[str, str] | None = None


@dataclass(frozen=True)
class Scan:
    """surprises: at most ``LISTED``, the most distant first. text: as it was read; answer: the word whose score is
    meant, None without a prediction head. references, twins: how many stand behind each null. tested: numbers of each
    kind that could have been listed. twin_look: the largest weight between two words in any twin. missing: why a kind
    could not be asked.
    """

    surprises: tuple[Surprise, ...]
    text: str
    answer: str | None
    references: int
    twins: int
    tested: Mapping[SurpriseKind, int]
    twin_look: float | None
    missing: Mapping[SurpriseKind, Message]


@dataclass(frozen=True, eq=False)
class WordLooks:
    """maps: (layer, head, query, key) float16, between words. pairs: (query, key) bool, which of them may be a finding.
    distances: (query, key) whole steps.
    """

    maps: np.ndarray
    pairs: np.ndarray
    distances: np.ndarray


@dataclass(frozen=True, eq=False)
class _Asked:
    """A sentence as the model was asked: its trace, question and words of the key side with their positions."""

    trace: Trace
    kind: Kind
    question: LogitDifference | None
    words: tuple[tuple[int, ...], ...]


@named_step(Message("the scan"))
def scan(
    lm: LanguageModel,
    text: str,
    *,
    references: Sequence[str] | None = None,
    twins: int | None = None,
    progress: Progress | None = None,
) -> Scan:
    """Everything about a sentence that lies beyond its null.

    references: other sentences instead of the ordinary ones that ship (Portuguese or English, whichever the text is
    nearer to), which are joined or cut to as many words. Costs a forward per word and sentence, and the twins.

    Raises:
        BadInput: fewer than 5 or more than 60 words, or fewer references than 19. MiranteError: what core.capture
            raises.
    """
    twins = TWINS if twins is None else twins
    observed = _ask(lm, text)
    n = len(observed.words)
    if not _LEAST_WORDS <= n <= _MOST_WORDS:
        raise BadInput(
            "This text has {n} words; the scan compares a sentence of {least} to {most} words with others.",
            n=n,
            least=_LEAST_WORDS,
            most=_MOST_WORDS,
        )
    others = reference_texts(text, n) if references is None else list(references)[:REFERENCES]
    if len(others) < TWINS:
        raise BadInput("{n} other sentences were given; a null needs at least {least}.", n=len(others), least=TWINS)
    total, done = len(others) + twins + 1, 0

    def let_others(*_parts: int) -> None:
        if progress is not None:
            progress(done, total)

    sentence_looks, numbers = [word_looks(_view(observed))], [_numbers(lm, observed, let_others)]
    for other in others:
        done += 1
        let_others()
        posed = _ask(lm, (task[0] if (task := _TASK.match(text)) else "") + other)
        sentence_looks.append(word_looks(_view(posed)))
        numbers.append(_numbers(lm, posed, let_others))
    twin_look = 0.0
    for seed in range(twins):
        done += 1
        let_others()
        twin_look = max(twin_look, largest_look(_view(_ask(twin(lm, seed), text))))
    surprises = looks(_view(observed), sentence_looks, twin_look)
    missing: dict[SurpriseKind, Message] = {}
    if observed.question is None:
        reason = Message("“{name}” was saved without a prediction head, so there is no answer to change.", name=lm.name)
        missing = {"cut": reason, "disagreement": reason}
    else:
        surprises += cuts(observed, [cut for cut, _ in numbers]) + disagreements([orders for _, orders in numbers])
    surprises.sort(key=lambda surprise: -surprise.distance)
    heads = observed.trace.heads(observed.kind) * len(observed.trace.attending(observed.kind))
    tested: dict[SurpriseKind, int] = {
        "look": heads * n * (n - 1),
        "cut": 0 if observed.question is None else n,
        "disagreement": len(list(combinations(numbers[0][1], 2))),
    }
    answer = None if observed.question is None else str(lm.tokenizer.decode([observed.question.target])).strip()
    return Scan(tuple(surprises[:LISTED]), observed.trace.text, answer, len(others), twins, tested, twin_look, missing)


def scan_document(result: Scan) -> dict[str, Any]:
    """Everything of a scan, ready for json.dumps; layers, heads and positions count from 0."""
    return {
        "text": result.text,
        "answer": result.answer,
        "references": result.references,
        "twins": result.twins,
        "largest_look_of_twins": result.twin_look,
        "tested": dict(result.tested),
        "missing": {kind: str(reason) for kind, reason in result.missing.items()},
        "surprises": [
            {name: value for name, value in vars(surprise).items() if value is not None}
            for surprise in result.surprises
        ],
    }


def beyond(values: np.ndarray) -> tuple[np.ndarray, float]:
    """((item,) how far the first sentence lies from all, largest of the others) in standard deviations of each item.

    values: (sentence, item), the first row is the sentence that is asked about; NaN where an item was not measured.
    The first sentence takes part in means and deviations, so that under the null it is one like the others.
    """
    centre, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    scores = np.divide(values - centre, spread, out=np.zeros_like(values), where=spread > 1e-12)
    scores = np.nan_to_num(scores, nan=0.0)
    return scores[0], float(scores[1:].max())


def word_looks(maps: View) -> WordLooks:
    """What is kept of a sentence: some hundred kB, where its trace takes megabytes."""
    return WordLooks(_maps(maps).astype(np.float16), _pairs(maps), _distances(maps))


def looks(observed: View, sentence_looks: Sequence[WordLooks], twin_look: float) -> list[Surprise]:
    """Heads of a sentence that look between two words further beyond what distance explains than any head in any other
    sentence, and more than ``twin_look``. sentence_looks: of all sentences, the observed one first.
    """
    distances = [of_words.distances for of_words in sentence_looks]
    tables = [of_words.maps.astype(np.float32) for of_words in sentence_looks]
    profile = _by_distance(tables, distances)
    excesses = [maps - profile[..., places] for maps, places in zip(tables, _placed(distances), strict=True)]
    layers, heads = tables[0].shape[:2]
    open_pairs = [of_words.pairs for of_words in sentence_looks]
    values = np.stack(
        [
            np.where(pairs, table, -np.inf).max((-1, -2)).ravel()
            for table, pairs in zip(excesses, open_pairs, strict=True)
        ]
    )
    scores, largest = beyond(values)
    surprises, attending = [], observed.attending
    for item in np.flatnonzero(scores > largest):
        layer, head = divmod(int(item), heads)
        excess = np.where(open_pairs[0], excesses[0][layer, head], -np.inf)
        query, key = (int(place) for place in np.unravel_index(excess.argmax(), excess.shape))
        weight = float(tables[0][layer, head, query, key])
        if weight > twin_look:
            surprises.append(
                Surprise(
                    "look",
                    float(scores[item] - largest),
                    weight,
                    float(weight - excess[query, key]),
                    float(values[1:, item].max() + weight - excess[query, key]),
                    attending[layer],
                    head,
                    observed.query.labels[query],
                    observed.key.labels[key],
                    observed.query.positions[query],
                    observed.key.positions[key],
                )
            )
    return surprises


def largest_look(maps: View) -> float:
    """The largest weight from a word to another in any head, 0 … 1."""
    return float(np.where(_pairs(maps), _maps(maps), 0).max())


def cuts(observed: _Asked, changes: Sequence[np.ndarray]) -> list[Surprise]:
    """Words of the first sentence whose cut moves the score further than the largest cut of any other sentence."""
    sizes = [np.nan_to_num(np.abs(change)) for change in changes]
    largest = np.array([size.max() for size in sizes])
    if not largest.std() > 1e-12:
        return []
    query, key = observed.trace.sides(observed.kind)
    words = [key.words[key.word_of[group[0]]].strip() for group in observed.words]
    return [
        Surprise(
            "cut",
            float((size - largest[1:].max()) / largest.std()),
            float(changes[0][place]),
            float(largest[1:].mean()),
            float(largest[1:].max()),
            key=words[place],
            key_position=key.word_of[observed.words[place][0]],
            query=query.pieces[observed.question.position].strip() if observed.question else None,
        )
        for place, size in enumerate(sizes[0])
        if size > largest[1:].max()
    ]


def disagreements(orders: Sequence[Mapping[str, np.ndarray]]) -> list[Surprise]:
    """Pairs of methods that order the words of the first sentence further apart than any pair in any other."""
    pairs = list(combinations([name for name in ORDERS if all(name in order for order in orders)], 2))
    if not pairs:
        return []
    correlations = np.array([[_correlation(order[a], order[b]) for a, b in pairs] for order in orders])
    scores, largest = beyond(1 - correlations)
    return [
        Surprise(
            "disagreement",
            float(scores[item] - largest),
            float(correlations[0, item]),
            float(np.nanmean(correlations[1:, item])),
            float(np.nanmin(correlations[1:, item])),
            methods=pairs[item],
        )
        for item in np.flatnonzero(scores > largest)
    ]


def reference_texts(text: str, words: int) -> list[str]:
    """``REFERENCES`` texts of about as many words: ordinary sentences joined to the next ones, or cut."""
    ordinary = _ordinary()
    written = set(re.findall(r"\w+", text.lower()))
    language = max(ordinary, key=lambda name: len(written & _vocabulary(name)))
    sentences = [sentence for sentence in ordinary[language] if sentence.strip(" .").lower() not in text.lower()]
    texts = []
    for first in range(min(REFERENCES, len(sentences))):
        joined: list[str] = []
        for step in range(len(sentences)):
            if len(" ".join(joined).split()) >= words:
                break
            joined.append(sentences[(first + step) % len(sentences)])
        beginning = " ".join(joined).split()[:words]
        texts.append(" ".join(beginning).rstrip(".,;") + ".")
    return texts


@cache
def _ordinary() -> dict[str, list[str]]:
    document = json.loads((ASSETS / "examples" / "ordinary.json").read_text(encoding="utf-8"))
    return {name: value for name, value in document.items() if isinstance(value, list)}


@cache
def _vocabulary(language: str) -> frozenset[str]:
    return frozenset(word for sentence in _ordinary()[language] for word in re.findall(r"\w+", sentence.lower()))


def _ask(lm: LanguageModel, text: str) -> _Asked:
    """A masked model without a mask in the text is asked for its last word, which is hidden."""
    trace = capture(lm, text)
    if can_mask(lm) and lm.tokenizer.mask_token_id not in trace.tokens.ids:
        spans = [
            span
            for word, span in enumerate(trace.tokens.word_spans)
            if span is not None and any(map(str.isalnum, trace.tokens.words[word]))
        ]
        if spans:
            start, stop = spans[-1]
            trace = capture(lm, text[:start] + lm.tokenizer.mask_token + text[stop:])
    kind: Kind = "cross" if trace.target is not None else "self"
    question = logit_difference(lm, trace) if lm.has_head else None
    tokens = trace.sides(kind)[1]
    answering = question.position if question is not None and kind == "self" else None
    groups: dict[int, list[int]] = {}
    for position, word in enumerate(tokens.word_of):
        if not tokens.special[position] and position != answering and any(map(str.isalnum, tokens.words[word])):
            groups.setdefault(word, []).append(position)
    if answering is not None and lm.layout.looks_back(kind):  # what stands after the answer is not read
        groups = {word: places for word, places in groups.items() if places[0] < answering}
    return _Asked(trace, kind, question, tuple(map(tuple, groups.values())))


def _numbers(lm: LanguageModel, asked: _Asked, let_others: Progress) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """((word,) change of the score per cut, nats; method → (word,) importance); empty where nothing can be asked."""
    if asked.question is None:
        return np.zeros(0), {}
    try:
        changes = edge_knockouts(lm, asked.trace, asked.question, asked.words, asked.kind, progress=let_others)
    except MiranteError:
        changes = np.zeros(len(asked.words))
    maps = method_maps(lm, asked.trace, asked.kind, asked.question)
    let_others(0, 0)
    rows = {
        name: method_row(maps, name, asked.question.position)
        for name in ORDERS
        if name != "knockout" and name not in maps.missing
    }
    orders = {name: np.array([row[list(group)].sum() for group in asked.words]) for name, row in rows.items()}
    return changes, orders | {"knockout": -np.nan_to_num(changes)}


def _view(asked: _Asked) -> View:
    return view(asked.trace, asked.kind, words=True, specials=False)


def _maps(maps: View) -> np.ndarray:
    """(layer, head, query, key) of the layers that have attention."""
    return np.stack([maps.layer_and_hidden(layer)[0] for layer in maps.attending])


def _pairs(maps: View) -> np.ndarray:
    """(query, key) bool: two different words, no punctuation, no special token."""
    wordy = [
        np.array(
            [any(map(str.isalnum, label)) and not special for label, special in zip(s.labels, s.special, strict=True)]
        )
        for s in (maps.query, maps.key)
    ]
    both = wordy[0][:, None] & wordy[1][None]
    return both & ~(_distances(maps) == 0) if maps.kind != "cross" else both


def _distances(maps: View) -> np.ndarray:
    """(query, key) whole steps from the looking word to the other; across two texts, from the same relative place."""
    query, key = (np.array(side.positions) for side in (maps.query, maps.key))
    if maps.kind == "cross":
        scale = max(1, key.max() - key.min()) / max(1, query.max() - query.min())
        return np.rint((query[:, None] - query.min()) * scale + key.min() - key[None]).astype(int)
    return query[:, None] - key[None]


def _placed(distances: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Distances as indices that begin at 0 over all sentences."""
    lowest = min(int(table.min()) for table in distances)
    return [table - lowest for table in distances]


def _by_distance(tables: Sequence[np.ndarray], distances: Sequence[np.ndarray]) -> np.ndarray:
    """(layer, head, distance) mean weight over all sentences."""
    places = _placed(distances)
    size = max(int(table.max()) for table in places) + 1
    sums, counts = np.zeros((*tables[0].shape[:2], size)), np.zeros(size)
    for table, place in zip(tables, places, strict=True):
        np.add.at(counts, place.ravel(), 1)
        flat = table.reshape(*table.shape[:2], -1)
        for layer in range(flat.shape[0]):
            for head in range(flat.shape[1]):
                sums[layer, head] += np.bincount(place.ravel(), flat[layer, head], size)
    return sums / np.maximum(counts, 1)


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    value = spearman(first, second)
    return float("nan") if value is None else value
