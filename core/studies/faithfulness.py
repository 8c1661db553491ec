"""Is a method's order of the words one that the model's answer depends on? (DeYoung et al. 2020, ERASER, with a random
order as the null.)

    comprehensiveness
        p(answer | all) − p(answer | without the first k words of the order)       large: they were needed
    sufficiency
        p(answer | all) − p(answer | the first k words alone)                      small: they were enough
    AOPC                the mean of either over k = 10, 20, 30, 40, 50 % of the words

p is the probability of the model's own best answer, at a mask or as the next token. A hidden word is replaced by mask
tokens, in models that have one, or no position may look at it. Special tokens and the position that answers are never
hidden. The null of a sentence is the mean over RANDOM random orders of its words; a method is OFFERED as importance for
a model only where it is better than that in both measures, the 95 % interval over sentences on the right side. The
trivial cause of such a gain: near words matter more than far ones, whatever a method reads of the model. So beside it
stands the order NEAREST FIRST, which reads no model, and what a method has beyond it, sentence by sentence.
Departures: the steps (theirs, 1 to 50 % of long documents, would all be one word here), and masks instead of deletion,
which would move every word after it. Hidden words make texts that a model never read: these numbers compare methods,
they do not say that a word caused an answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..analyses.ablation import edge_knockouts
from ..analyses.input_attribution import method_maps, method_row
from ..analyses.methods import METHODS
from ..analyses.score import LogitDifference, logit_difference
from ..attention.families import no_cache
from ..axes import Kind
from ..boundary import named_step
from ..errors import BadInput, Message, MiranteError
from ..intervals import Estimate, mean, of_few
from ..models.loading import LanguageModel
from ..models.locks import turn
from ..predictions.masked import can_mask
from ..rank_correlation import rank_correlations
from ..text.tokens import Tokens
from ..tracing.captures import capture
from ..tracing.logits import softmax
from ..tracing.trace import Trace

_HIDDEN_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5)
RANDOM_ORDERS = 100
_LEAST_WORDS, _MOST_WORDS = 5, 40  # words that may be hidden: with fewer, orders hardly differ
_TOKENS_AT_ONCE = 4096  # tokens of one forward


@dataclass(frozen=True, eq=False)
class FaithfulnessItem:
    """One sentence as it is asked. groups: positions of each word that may be hidden, on the side that is explained;
    kind: whose rows the methods give; p: probability of the answer with everything in sight."""

    trace: Trace
    question: LogitDifference
    kind: Kind
    groups: tuple[tuple[int, ...], ...]
    p: float


@dataclass(frozen=True)
class Faith:
    """One method over a list of sentences. comprehensiveness, sufficiency: AOPC, −1 … 1; their gains: less (for
    sufficiency: below) the mean of random orders of the same sentence, above 0 is better than random in both;
    …_over_nearest: the same against the order nearest first; offered: both gains have their interval above 0;
    beyond_nearest: both of the latter do."""

    comprehensiveness: Estimate
    sufficiency: Estimate
    comprehensiveness_gain: Estimate
    sufficiency_gain: Estimate
    comprehensiveness_over_nearest: Estimate
    sufficiency_over_nearest: Estimate

    @property
    def offered(self) -> bool:
        return _above(self.comprehensiveness_gain) and _above(self.sufficiency_gain)

    @property
    def beyond_nearest(self) -> bool:
        return _above(self.comprehensiveness_over_nearest) and _above(self.sufficiency_over_nearest)


@dataclass(frozen=True, eq=False)
class Judged:
    """scores: name → (comprehensiveness, sufficiency) of each sentence, (sentence, 2); random: (sentence, 2) means of
    the random orders; nearest: (sentence, 2) of the order nearest first;
    correlations: (sentence, method, method) Spearman of the orders, the last of ``names`` is the knockout; sentences
    where a method gives every word the same have none; agreement: their mean; sentences: how many; repeats: a method
    whose numbers are, on every sentence, those of a method before it → that one: it is no second witness."""

    names: tuple[str, ...]
    scores: Mapping[str, np.ndarray]
    random: np.ndarray
    nearest: np.ndarray
    correlations: np.ndarray
    repeats: Mapping[str, str]

    @property
    def sentences(self) -> int:
        return len(self.random)

    @property
    def agreement(self) -> np.ndarray:
        """(method, method), −1 … 1; nan where no sentence has correlations."""
        size = len(self.names)
        return self.correlations.mean(0) if len(self.correlations) else np.full((size, size), np.nan)

    def agreed(self, name: str, other: str, *, seed: int = 0) -> Estimate:
        """The mean correlation of two methods' orders, −1 … 1, with its interval (bootstrap over sentences)."""
        return of_few(mean(self.correlations[:, self.names.index(name), self.names.index(other)], seed=seed))

    def faith(self, name: str, *, seed: int = 0) -> Faith:
        """A method's numbers with their intervals (bootstrap over sentences)."""
        measured = self.scores[name]
        beyond = (*_gains(measured, self.random), *_gains(measured, self.nearest))
        return Faith(*(of_few(mean(values, seed=seed)) for values in (measured[:, 0], measured[:, 1], *beyond)))

    def nearest_gains(self, *, seed: int = 0) -> tuple[Estimate, Estimate]:
        """Comprehensiveness and sufficiency of the order nearest first, beyond random orders."""
        first, second = (of_few(mean(values, seed=seed)) for values in _gains(self.nearest, self.random))
        return first, second


def _gains(measured: np.ndarray, null: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(sentence,) each: what was lost beyond ``null`` without the first words, what was kept beyond it by them."""
    return measured[:, 0] - null[:, 0], null[:, 1] - measured[:, 1]


def _above(gain: Estimate) -> bool:
    return gain.low is not None and gain.low > 0


@named_step(Message("the study of faithfulness"))
def judge(
    lm: LanguageModel,
    texts: Sequence[str],
    *,
    methods: Sequence[str] = tuple(METHODS),
    orders: int = RANDOM_ORDERS,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Judged:
    """Every method and the knockout on every text that can be asked.

    Raises:
        BadInput: a model without a prediction head. MiranteError: what ``progress`` raises to stop; texts that cannot
        be asked are left out.
    """
    lm.require_head()
    rng = np.random.default_rng(seed)
    scores: dict[str, list[np.ndarray]] = {}
    random, nearest, ranks = [], [], []
    for done, text in enumerate(texts, 1):
        item = faithfulness_item(lm, text, rng)
        by_method = {} if item is None else importances(lm, item, methods)
        if item is not None and by_method:
            names = tuple(by_method)
            drawn = np.stack([rng.permutation(len(item.groups)) for _ in range(orders)])
            ordered = np.stack([np.argsort(-values, kind="stable") for values in by_method.values()])
            measured = curves(lm, item, np.concatenate([ordered, nearest_first(item)[None], drawn]))
            for name, values in zip(names, measured, strict=False):
                scores.setdefault(name, []).append(values)
            nearest.append(measured[len(names)])
            random.append(measured[len(names) + 1 :].mean(0))
            ranks.append((names, np.stack(list(by_method.values()))))
        if progress is not None:
            progress(done, len(texts))
    names = tuple(name for name in scores if len(scores[name]) == len(random))
    return Judged(
        names,
        {name: np.stack(scores[name]) for name in names},
        np.array(random).reshape(-1, 2),
        np.array(nearest).reshape(-1, 2),
        _correlations(ranks, names),
        _repeats(ranks, names),
    )


def faithfulness_item(lm: LanguageModel, text: str, rng: np.random.Generator) -> FaithfulnessItem | None:
    """A text as a question: one word hidden (a masked model), cut before a word of its second half (one that writes),
    or a word of its own translation; None where the text is too short or long, or cannot be read."""
    try:
        trace, at = _posed(lm, text, rng)
        question = logit_difference(lm, trace, position=at)
    except MiranteError:
        return None
    kind: Kind = "cross" if trace.target is not None else "self"
    side = trace.tokens
    answering = question.position if kind == "self" else None
    groups = tuple(
        tuple(position for position, index in enumerate(side.word_of) if index == word and position != answering)
        for word in _words(side, answering)
    )
    if not _LEAST_WORDS <= len(groups) <= _MOST_WORDS:
        return None
    return FaithfulnessItem(
        trace, question, kind, groups, float(softmax(trace.require_logits()[question.position])[question.target])
    )


def importances(
    lm: LanguageModel, item: FaithfulnessItem, methods: Sequence[str] = tuple(METHODS)
) -> dict[str, np.ndarray]:
    """name → (word,) of each method that this model has, and of the knockout (how much the answer's logit falls when
    the answering position may not look at the word)."""
    maps = method_maps(lm, item.trace, item.kind, item.question)
    wanted = [method for method in methods if method not in maps.missing]
    values = {method: method_row(maps, method, item.question.position) for method in wanted}
    by_word = {method: np.array([row[list(group)].sum() for group in item.groups]) for method, row in values.items()}
    if lm.layout.adapter == "seam":
        by_word["knockout"] = -np.nan_to_num(edge_knockouts(lm, item.trace, item.question, item.groups, item.kind))
    return by_word


def nearest_first(item: FaithfulnessItem) -> np.ndarray:
    """The words that may be hidden, (word,) places in ``item.groups``: the one nearest to the position that answers
    first, of two as near the left one; between two texts nearest to the same relative place.
    """
    answering: float = item.question.position
    if item.kind == "cross" and item.trace.target is not None:
        answering *= (len(item.trace.tokens) - 1) / max(1, len(item.trace.target) - 1)
    return np.argsort([min(abs(position - answering) for position in group) for group in item.groups], kind="stable")


def curves(lm: LanguageModel, item: FaithfulnessItem, orders: np.ndarray) -> np.ndarray:
    """AOPC of (order, word) permutations of the words: (order, 2), comprehensiveness and sufficiency."""
    n = orders.shape[1]
    counts = [max(1, round(step * n)) for step in _HIDDEN_SHARES]
    ranks = np.argsort(orders, axis=1)  # (order, word): place of each word in the order
    without = np.stack([ranks < count for count in counts], axis=1)  # (order, step, word): hidden
    hidden = np.stack([without, ~without], axis=1).reshape(-1, n)
    falls = item.p - _answers(lm, item, hidden)
    return falls.reshape(len(orders), 2, len(counts)).mean(-1)


def _answers(lm: LanguageModel, item: FaithfulnessItem, hidden: np.ndarray) -> np.ndarray:
    """Probability of the answer with words hidden, (case,), for (case, word) bool; equal cases are run once."""
    cases, case_of = np.unique(hidden, axis=0, return_inverse=True)
    size = max(1, _TOKENS_AT_ONCE // len(item.trace.tokens))
    probabilities = [_run(lm, item, cases[start : start + size]) for start in range(0, len(cases), size)]
    return np.concatenate(probabilities)[case_of]


def _run(lm: LanguageModel, item: FaithfulnessItem, cases: np.ndarray) -> np.ndarray:
    """One plain forward of many cases; nothing is captured."""
    ids = torch.tensor([item.trace.tokens.ids] * len(cases), device=lm.device)
    gone = torch.zeros(ids.shape, dtype=torch.bool, device=lm.device)
    for word, group in enumerate(item.groups):
        gone[:, list(group)] |= torch.from_numpy(cases[:, word]).to(lm.device)[:, None]
    inputs: dict[str, Tensor] = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if can_mask(lm):
        inputs["input_ids"] = ids.masked_fill(gone, lm.tokenizer.mask_token_id)
    else:
        inputs |= {"attention_mask": (~gone).long(), **_positions(lm, ids)}
    if item.trace.target is not None:
        inputs["decoder_input_ids"] = torch.tensor([item.trace.target.ids] * len(cases), device=lm.device)
    with turn(lm.model), torch.inference_mode():
        logits = lm.model(**inputs, **no_cache(lm.model)).logits[:, item.question.position].float()
    return logits.softmax(-1)[:, item.question.target].cpu().numpy()


def _positions(lm: LanguageModel, ids: Tensor) -> dict[str, Tensor]:
    """Positions said outright: some families (OPT, BioGPT) count them over what the mask leaves, and a hidden word
    would move all after it.
    """
    if "position_ids" not in inspect.signature(lm.model.forward).parameters or lm.kind == "encoder-decoder":
        return {}
    return {"position_ids": torch.arange(ids.shape[1], device=ids.device).expand_as(ids)}


def _posed(lm: LanguageModel, text: str, rng: np.random.Generator) -> tuple[Trace, int | None]:
    """(trace, position that answers; None: where the model answers by default)."""
    plain = capture(lm, text)
    spans = [
        span
        for word, span in enumerate(plain.tokens.word_spans)
        if span is not None and any(map(str.isalnum, plain.tokens.words[word]))
    ]
    if not spans:
        raise BadInput("No word of this text can be asked for: write a sentence of at least two words.")
    if plain.target is not None:
        written = [i for i, special in enumerate(plain.target.special) if not special]
        return plain, max(0, int(rng.choice(written)) - 1) if written else None
    if not can_mask(lm):
        later = spans[len(spans) // 2 :]
        start, _ = later[int(rng.choice(len(later)))] if later else (0, 0)
        cut = capture(lm, text[:start].rstrip())
        return cut, max(i for i, special in enumerate(cut.tokens.special) if not special)
    start, stop = spans[int(rng.choice(len(spans)))]
    return capture(lm, text[:start] + lm.tokenizer.mask_token + text[stop:]), None


def _words(tokens: Tokens, answering: int | None) -> list[int]:
    """Words that may be hidden: not special, and not only the position that answers."""
    words = dict.fromkeys(word for i, word in enumerate(tokens.word_of) if not tokens.special[i] and i != answering)
    return [word for word in words if answering is None or word != tokens.word_of[answering]]


def _correlations(ranks: Sequence[tuple[tuple[str, ...], np.ndarray]], names: Sequence[str]) -> np.ndarray:
    """(sentence, name, name): Spearman's correlation of every two orders, of the sentences that have one."""
    by_sentence = [rank_correlations(values[[named.index(name) for name in names]]) for named, values in ranks]
    defined = [correlations for correlations in by_sentence if correlations is not None]
    return np.stack(defined) if defined else np.zeros((0, len(names), len(names)))


def _repeats(ranks: Sequence[tuple[tuple[str, ...], np.ndarray]], names: Sequence[str]) -> dict[str, str]:
    """name → the first name before it whose numbers are equal, bit for bit, on every sentence."""

    def equal(name: str, other: str) -> bool:
        return all(np.array_equal(values[named.index(name)], values[named.index(other)]) for named, values in ranks)

    before = {name: [other for other in names[:index] if equal(name, other)] for index, name in enumerate(names)}
    return {name: others[0] for name, others in before.items() if others and ranks}
