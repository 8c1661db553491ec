"""What is asked of a masked language model: probabilities at a [MASK], the four-adjective share, the question form.

Used while training (`quick`) and by evaluate.py. Counting and intervals are in evaluate.py; sentences come from
grammar.py."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from training.common import corpus, families, grammar, masked_model
from training.common.agreement import inflect
from training.common.families import Family
from training.common.lexicon import LIQUIDS, PEOPLE, Containers, Noun, containers, noun, plausible

ADJECTIVES = tuple(grammar.ADJECTIVES.values())
Pair = tuple[Noun, Noun]


@dataclass(frozen=True)
class Cloze:
    """A text with one [MASK], the words that compete for it and the right one(s) among them; nouns: what other texts
    may share with it, so that their answers are no independent evidence.
    """

    text: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    nouns: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The text with its first option in place of the [MASK]: items of one sentence share it."""
        return self.text.replace("[MASK]", self.options[0])


def shares(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, clozes: Sequence[Cloze], size: int = 64
) -> list[float]:
    """For each cloze the share, 0 to 1, of the options' probability that the right ones take at the [MASK]."""
    found: list[float] = []
    for cloze, logits in _logits(model, tokenizer, clozes, size):
        probabilities = dict(zip(cloze.options, logits.softmax(0).tolist(), strict=True))
        found.append(sum(probabilities[word] for word in cloze.right))
    return found


def margins(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, clozes: Sequence[Cloze], size: int = 64
) -> list[float]:
    """For each cloze of two options log p(right) − log p(other) at the [MASK], in nats."""
    found: list[float] = []
    for cloze, logits in _logits(model, tokenizer, clozes, size):
        right = cloze.options.index(cloze.right[0])
        found.append(float(logits[right] - logits[1 - right]))
    return found


def _logits(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, clozes: Sequence[Cloze], size: int
) -> Iterator[tuple[Cloze, torch.Tensor]]:
    """(cloze, (option,) float32)"""
    for start in range(0, len(clozes), size):
        group = clozes[start : start + size]
        for cloze, row in zip(group, masked_logits(model, tokenizer, [cloze.text for cloze in group]), strict=True):
            yield cloze, row[tokenizer.convert_tokens_to_ids(list(cloze.options))]


def masked_logits(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> torch.Tensor:
    """(text, vocab) float32: the logits at the one [MASK] of each text. ValueError if a text has not exactly one."""
    inputs = tokenizer(texts, return_tensors="pt", padding=True, truncation=True).to(model.device)
    where = inputs["input_ids"] == tokenizer.mask_token_id
    if (where.sum(1) != 1).any():
        raise ValueError("Every text must hold exactly one [MASK]")
    with torch.inference_mode():
        hidden = masked_model.states(model, inputs["input_ids"], inputs["attention_mask"])
        return masked_model.scores(model, hidden[where]).float()


def pairs(split: Containers, which: str) -> list[Pair]:
    """Ordered (source, target) pairs: 'pairs' held out as pairs, 'nouns' with at least one held-out noun, 'train'
    trained on.
    """
    if which == "nouns":
        everyone = (*split.train_nouns, *split.held_out_nouns)
        return [(a, b) for a in everyone for b in everyone if plausible(a, b) and {a, b} & set(split.held_out_nouns)]
    chosen = split.held_out_pairs if which == "pairs" else split.train_pairs
    ordered = [order for pair in sorted(sorted(pair) for pair in chosen) for order in (pair, pair[::-1])]
    return [(noun(a), noun(b)) for a, b in ordered]


def pours(chosen: Iterable[Pair], seed: int = 7) -> list[grammar.Pour]:
    """One event per pair, with a random person, liquid and verb."""
    rng = random.Random(seed)
    return [grammar.Pour(rng.choice(PEOPLE), rng.choice(LIQUIDS), a, b, rng.choice(grammar.VERBS)) for a, b in chosen]


def four_adjectives(pour: grammar.Pour, opening: Callable[[grammar.Pour], str] = grammar.event) -> Cloze:
    """'… até que ficasse [MASK].' of a mixed-gender pair: right are the full form of the target and the empty one of
    the source.
    """
    right = (grammar.adjective("full", pour.target.gender), grammar.adjective("empty", pour.source.gender))
    return Cloze(f"{opening(pour)} até que ficasse [MASK].", ADJECTIVES, right, _nouns(pour))


def answer(pour: grammar.Pour, state: grammar.State) -> Cloze:
    """The question form: '… ficasse cheio. O que ficou cheio? O [MASK].', source against target (one gender: meaning
    only).
    """
    gold = grammar.subject_of(pour, state).text
    return Cloze(_mask_last(grammar.question(pour, state), gold), _nouns(pour), (gold,), _nouns(pour))


def overt(pour: grammar.Pour, state: grammar.State) -> Cloze:
    """'… até que o [MASK] ficasse cheio.', source against target."""
    gold = grammar.subject_of(pour, state).text
    return Cloze(_mask_last(grammar.noun_subject(pour, state), gold), _nouns(pour), (gold,), _nouns(pour))


def _nouns(pour: grammar.Pour) -> tuple[str, str]:
    return pour.source.text, pour.target.text


def family_adjectives(family: Family, known: frozenset[str], items: int = 60) -> list[Cloze]:
    """Stories of two genders with held-out nouns: an adjective of each place, each in both genders, compete.

    Right are the two that agree with the noun of their own place; stories with a form outside the vocabulary are left
    out."""
    found = []
    for story in _stories(family, items, lambda story: story.a.gender != story.b.gender):
        of_a, of_b = _one_each(story)
        right = (inflect(of_a, story.a.gender, 1), inflect(of_b, story.b.gender, 1))
        options = (*right, inflect(of_a, story.b.gender, 1), inflect(of_b, story.a.gender, 1))
        if len(set(options)) == 4 and known.issuperset(options):
            masked = _mask_last(families.tell(story), families.agreed(story))
            found.append(Cloze(masked, options, right, (story.a.text, story.b.text)))
    return found


def _one_each(story: families.Story) -> tuple[str, str]:
    """The story's adjective, and one of the other place that is not the same word."""
    other = story.family.b if story.gold == "a" else story.family.a
    paired = next(word for word in other.adjectives if word != story.adjective)
    return (story.adjective, paired) if story.gold == "a" else (paired, story.adjective)


def family_answers(family: Family, known: frozenset[str], items: int = 60) -> list[Cloze]:
    """Questions about stories of one gender and number with held-out nouns: who is it, a or b?"""
    found = []
    for story in _stories(
        family, items, lambda story: story.a.gender == story.b.gender and {story.a.text, story.b.text} <= known
    ):
        gold = getattr(story, story.gold).text
        nouns = (story.a.text, story.b.text)
        found.append(Cloze(_mask_last(families.ask(story), gold), nouns, (gold,), nouns))
    return found


def _stories(family: Family, items: int, fits: Callable[[families.Story], bool]) -> list[families.Story]:
    """Up to ``items`` different singular stories of held-out nouns that fit; fewer where the family has no more."""
    rng = random.Random(f"evaluate:{family.name}")
    drawn = (replace(families.draw(rng, family, unseen=True), numbers=(1, 1)) for _ in range(40 * items))
    unseen = (story for story in drawn if families.held_out(story.a) and families.held_out(story.b) and fits(story))
    return list(dict.fromkeys(unseen))[:items]


def mixed(chosen: Iterable[Pair]) -> list[Pair]:
    """Pairs of two genders."""
    return [pair for pair in chosen if pair[0].gender != pair[1].gender]


def same(chosen: Iterable[Pair]) -> list[Pair]:
    """Pairs of one gender."""
    return [pair for pair in chosen if pair[0].gender == pair[1].gender]


def quick(
    tokenizer: PreTrainedTokenizerFast, splits: Sequence[corpus.Split], items: int = 120
) -> Callable[[PreTrainedModel], dict[str, float]]:
    """A fast probe for the training loop: held-out four-adjective share, same-gender answers, masked accuracy on
    held-out text.
    """
    rng = random.Random(11)
    split = containers()
    clozes = [four_adjectives(pour) for pour in pours(_some(mixed(pairs(split, "pairs")), items, rng))]
    events = pours(_some(same(pairs(split, "pairs")), items, rng))
    asked = [answer(pour, "full") for pour in events] + [answer(pour, "empty") for pour in events]
    texts = [text for entry in splits for text in entry.held_out]
    masked = [made for text in _some(texts, 300, rng) if (made := masked_text(tokenizer, text, rng))]

    def probe(model: PreTrainedModel) -> dict[str, float]:
        four, meaning = shares(model, tokenizer, clozes), shares(model, tokenizer, asked)
        hits = _hits(model, tokenizer, masked)
        return {
            "four": sum(four) / len(four),
            "answer": sum(s > 0.5 for s in meaning) / len(meaning),
            "masked": sum(hits) / max(1, len(hits)),
        }

    return probe


def masked_text(tokenizer: PreTrainedTokenizerFast, text: str, rng: random.Random) -> tuple[str, int] | None:
    """The text with one whole-token word replaced by [MASK], and that word's id; None if it has no such word."""
    encoded = tokenizer(text, return_offsets_mapping=True, truncation=True, max_length=96)
    owners = encoded.word_ids()
    whole = [i for i, owner in enumerate(owners) if owner is not None and owners.count(owner) == 1]
    if not whole:
        return None
    chosen = rng.choice(whole)
    start, end = encoded["offset_mapping"][chosen]
    return f"{text[:start]}[MASK]{text[end:]}"[: end + 400], encoded["input_ids"][chosen]


def _hits(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, masked: list[tuple[str, int]]) -> list[bool]:
    """For each (text, hidden id): is that id the first guess?"""
    found: list[bool] = []
    for start in range(0, len(masked), 50):
        group = masked[start : start + 50]
        guesses = masked_logits(model, tokenizer, [text for text, _ in group]).argmax(-1).tolist()
        found += [guess == gold for guess, (_, gold) in zip(guesses, group, strict=True)]
    return found


def _some(everything: list, count: int, rng: random.Random) -> list:
    return rng.sample(everything, min(count, len(everything)))


def _mask_last(text: str, word: str) -> str:
    head, _, tail = text.rpartition(word)
    return f"{head}[MASK]{tail}"
