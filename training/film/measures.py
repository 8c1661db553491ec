"""What is measured on every frame of the film: loss, hidden words, the four adjectives, and the roles of every head.

A role score is a mean attention weight. `previous` and `next`: from a word piece to its neighbour, over the rows of
held-out sentences whose neighbour is no special token. The other two are of container sentences of two genders whose
pair of nouns was never trained on, and count the weight on the right noun less that on the other one. `agreement`: from
the visible adjective ("… ficasse cheio.") to the noun it agrees with. `answer`: from the hidden noun of the question
form ("… ficasse cheio. O que ficou cheio? O [MASK].") to where that noun was named. The head of a role is chosen at the
last step on one half of the items and reported on the other half, so that its score is not the luck of the best of
twelve. The null is step 0, the random initialisation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training.common import batches, corpus, evaluation, grammar, numbers, probes
from training.common.lexicon import containers

ROLES = ("previous", "next", "agreement", "answer")
SENTENCES = 240  # held-out sentences for the neighbours, at most
MASKED_SHARE = 0.15
STATES: tuple[grammar.State, ...] = ("full", "empty")
SIZE = 64  # sentences of one forward


@dataclass(frozen=True, eq=False)
class Link:
    """One sentence in which `query` (a position) ought to look at `right` and not at `other`; nouns: what others may
    share with it.
    """

    ids: tuple[int, ...]
    query: int
    right: int
    other: int
    nouns: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Items:
    """Everything that is asked of each frame, made once: the same for all of them."""

    asked: tuple[batches.Batch, ...]
    sentences: tuple[tuple[int, ...], ...]
    agreeing: tuple[Link, ...]
    answering: tuple[Link, ...]
    clozes: tuple[probes.Cloze, ...]


def items(made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split]) -> Items:
    """Held-out sentences with their hidden pieces, the links and the four-adjective clozes of unseen pairs."""
    limit = made.model_max_length
    rows = [row for split in splits for row in batches.encode(made, list(split.held_out), limit=limit, generated=False)]
    chosen = [rows[i].ids for i in np.random.default_rng(5).permutation(len(rows))]
    neighbours = [tuple(ids) for ids in chosen if len(ids) > 5][:SENTENCES]
    pours = probes.pours(probes.mixed(probes.pairs(containers(), "pairs")))
    events = [(pour, state) for pour in pours for state in STATES]
    random.Random(13).shuffle(events)  # the halves that choose and report a head must not differ by state or direction
    return Items(
        asked=tuple(hidden(made, rows)),
        sentences=tuple(neighbours),
        agreeing=tuple(agreeing(made, pour, state) for pour, state in events),
        answering=tuple(answering(made, pour, state) for pour, state in events),
        clozes=tuple(probes.four_adjectives(pour) for pour in pours),
    )


def hidden(made: PreTrainedTokenizerFast, rows: Sequence[batches.Row]) -> Iterator[batches.Batch]:
    """Batches in which 15 % of each sentence's pieces (at least one) are hidden by [MASK], always the same ones."""
    noise = np.random.default_rng(0)
    ordered = sorted(rows, key=lambda row: len(row.ids))
    for start in range(0, len(ordered), SIZE):
        group = ordered[start : start + SIZE]
        ids = batches.pad(group, made.pad_token_id)
        labels = torch.full_like(ids, batches.IGNORED)
        for index, row in enumerate(group):
            inner = len(row.ids) - 2
            places = noise.choice(inner, max(1, round(MASKED_SHARE * inner)), replace=False) + 1
            labels[index, places] = ids[index, places]
        seen = ids.masked_fill(labels != batches.IGNORED, made.mask_token_id)
        yield batches.Batch(seen, labels, (ids != made.pad_token_id).long())


def agreeing(made: PreTrainedTokenizerFast, pour: grammar.Pour, state: grammar.State) -> Link:
    """'… da jarra para o copo até que ficasse cheio.': from cheio to copo and not to jarra."""
    word = grammar.adjective(state, grammar.subject_of(pour, state).gender)
    return link(made, grammar.null_subject(pour, state), word, pour, state)


def answering(made: PreTrainedTokenizerFast, pour: grammar.Pour, state: grammar.State) -> Link:
    """'… até que ficasse cheio. O que ficou cheio? O [MASK].': from [MASK] to copo and not to jarra."""
    return link(made, probes.answer(pour, state).text, made.mask_token, pour, state)


def link(made: PreTrainedTokenizerFast, text: str, query: str, pour: grammar.Pour, state: grammar.State) -> Link:
    """From the word `query` to both nouns where they are first named; every one of these words is a single piece."""
    right = grammar.subject_of(pour, state)
    other = pour.source if right is pour.target else pour.target
    ids = made(text)["input_ids"]
    places = [ids.index(made.convert_tokens_to_ids(word)) for word in (query, right.text, other.text)]
    return Link(tuple(ids), *places, nouns=(pour.source.text, pour.target.text))


def measure(model: BertForMaskedLM, made: PreTrainedTokenizerFast, asked: Items) -> dict[str, Any]:
    """One frame: {'loss', 'masked', 'four_adjectives'} as numbers with intervals over sentences or nouns, {'scores':
    role → (item, layer, head)}, {'nouns': role → those of each item, of the roles whose items share some}.
    """
    losses, hits, sentences = masked(model, asked.asked)
    return {
        "loss": numbers.difference_by_word(losses, sentences),
        "masked": numbers.by_word(hits, sentences),
        "four_adjectives": evaluation.mean_share(model, made, asked.clozes),
        "scores": {
            **neighbours(model, asked.sentences),
            "agreement": preferences(model, asked.agreeing),
            "answer": preferences(model, asked.answering),
        },
        "nouns": {
            "agreement": [link.nouns for link in asked.agreeing],
            "answer": [link.nouns for link in asked.answering],
        },
    }


def masked(model: BertForMaskedLM, asked: Sequence[batches.Batch]) -> tuple[list[float], list[bool], list[tuple[str]]]:
    """Of every hidden piece: its loss in nats, whether the first guess is right, its sentence."""
    losses, hits, sentences = [], [], []
    for place, batch in enumerate(asked):
        wanted = batch.labels != batches.IGNORED
        with torch.inference_mode():
            state = model.bert(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state[wanted]
            logits = model.cls(state).float()
        gold = batch.labels[wanted]
        losses += torch.nn.functional.cross_entropy(logits, gold, reduction="none").tolist()
        hits += (logits.argmax(-1) == gold).tolist()
        sentences += [(f"{place} {row}",) for row in wanted.nonzero()[:, 0].tolist()]
    return losses, hits, sentences


def neighbours(model: BertForMaskedLM, sentences: Sequence[tuple[int, ...]]) -> dict[str, np.ndarray]:
    """{'previous', 'next'}: (sentence, layer, head), the mean weight at offset −1 / +1 between pieces that are not
    special.
    """
    found: dict[str, list[np.ndarray]] = {"previous": [], "next": []}
    for weights in attentions(model, sentences):
        inner = weights[..., 1:-1, 1:-1]  # [CLS] and [SEP] neither look nor are looked at here
        found["previous"].append(np.diagonal(inner, -1, 2, 3).mean(-1))
        found["next"].append(np.diagonal(inner, 1, 2, 3).mean(-1))
    return {role: np.stack(rows) for role, rows in found.items()}


def preferences(model: BertForMaskedLM, links: Sequence[Link]) -> np.ndarray:
    """(link, layer, head): weight from the query to the right noun less to the other one, −1 to 1."""
    maps = attentions(model, [link.ids for link in links])
    return np.stack([w[..., link.query, link.right] - w[..., link.query, link.other] for w, link in zip(maps, links)])


def attentions(model: BertForMaskedLM, sentences: Sequence[tuple[int, ...]]) -> Iterator[np.ndarray]:
    """(layer, head, query, key) float32 of each sentence, in order, one at a time: no padding, the library's own eager
    weights.
    """
    model.set_attn_implementation("eager")
    for ids in sentences:
        with torch.inference_mode():
            maps = model.bert(input_ids=torch.tensor([ids]), output_attentions=True).attentions
        yield torch.cat(maps).numpy()


def choose(scores: np.ndarray) -> tuple[int, int]:
    """(layer, head) with the highest mean over the even items of (item, layer, head)."""
    means = scores[::2].mean(0)
    layer, head = np.unravel_index(means.argmax(), means.shape)
    return int(layer), int(head)


def film(frames: Sequence[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    """From (step, measured) of every frame, in order: {'roles': role → {'layer', 'head'}, 'film': [{'step', 'loss', …,
    role → number}]}.

    A role's number is of its head on the odd items; `scores` keeps every head's mean over all items, (layer, head),
    four decimals."""
    heads = {role: choose(frames[-1][1]["scores"][role]) for role in ROLES}
    return {
        "roles": {role: {"layer": layer, "head": head} for role, (layer, head) in heads.items()},
        "film": [_entry(step, found, heads) for step, found in frames],
    }


def _entry(step: int, found: dict[str, Any], heads: dict[str, tuple[int, int]]) -> dict[str, Any]:
    plain = {name: number for name, number in found.items() if name not in ("scores", "nouns")}
    roles = {}
    for role, (layer, head) in heads.items():
        scores, nouns = found["scores"][role][1::2, layer, head], found["nouns"].get(role, ())[1::2]
        roles[role] = numbers.difference_by_word(scores, nouns) if nouns else numbers.mean(scores)
    every = {role: np.round(found["scores"][role].mean(0).astype(float), 4).tolist() for role in ROLES}
    return {"step": step, **plain, **roles, "scores": every}
