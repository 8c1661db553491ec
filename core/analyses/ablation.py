"""What follows when something in a run is changed: the causal twin of a weight.

    effect = score(edited run) − score(plain run)      nats; below 0: what was taken away held the word up
    KL     = Σ p_plain·log(p_plain / p_edited)         nats, over the whole vocabulary, at the position that answers

The score is a logit, or better a logit difference (score.py). Inside: every head ablated in turn (by zero, or by its
mean over other
sentences: say which), every edge into the deciding position cut, the values of every word set to zero, and any list of
edits at once. A knockout is not an explanation either: other heads may take over what was cut (McGrath et al. 2023),
and two heads that do the same show no effect one by one. Not here: activations of another sentence (patching.py), exact
sums (logit_attribution.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ..attention.edits import Ablation, Edit, Knockout, Values
from ..axes import Kind
from ..boundary import named_step
from ..errors import BadInput, Message
from ..models.loading import LanguageModel
from ..progress import Progress
from ..rank_correlation import spearman
from ..tracing.logits import log_softmax
from ..tracing.rerun import rerun
from ..tracing.trace import Trace
from .score import LogitDifference

SomeEdit = TypeVar("SomeEdit", bound=Edit)


@dataclass(frozen=True)
class Effect:
    """score: of the edited run, change: that less the plain run's, nats; kl: nats, at least 0."""

    score: float
    change: float
    kl: float


@named_step(Message("a run with something changed"))
def effect(lm: LanguageModel, trace: Trace, question: LogitDifference, edits: Sequence[Edit]) -> Effect:
    """One edited run against the trace itself.

    Raises:
        UnsupportedModel: the model cannot be edited. BadInput: an edit of what is not there.
    """
    return compared(trace, rerun(lm, trace, (*trace.edits, *edits)), question)


def compared(plain: Trace, edited: Trace, question: LogitDifference) -> Effect:
    """The same of two runs over the same tokens."""
    before, after = (log_softmax(run.require_logits()[question.position]) for run in (plain, edited))
    score = question.of(edited)
    possible = before > -np.inf
    kl = float((np.exp(before[possible]) * (before[possible] - after[possible])).sum())
    return Effect(score, score - question.of(plain), float(np.maximum(0.0, kl)))


@named_step(Message("the ablation of heads"))
def ablations(
    lm: LanguageModel,
    trace: Trace,
    question: LogitDifference,
    kind: Kind | None = None,
    *,
    means: np.ndarray | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """(changes, kl), each (layer, head) float64 nats: every head of a kind ablated alone; NaN in layers without
    attention. One run per head.

    means: (layer, head, dim), what stands in its place (`mean_outputs`); None: zero.
    """
    kind = trace.checked_kind(kind)
    attending, heads = list(trace.attending(kind)), trace.heads(kind)
    edits = [
        Ablation(layer, head, kind, None if means is None else means[layer, head])
        for layer in attending
        for head in range(heads)
    ]
    effects = np.full((2, trace.layers(kind), heads), np.nan)
    effects[:, attending] = np.reshape(_each(lm, trace, question, edits, progress), (2, len(attending), heads))
    return effects[0], effects[1]


@named_step(Message("the cutting of edges"))
def edge_knockouts(
    lm: LanguageModel,
    trace: Trace,
    question: LogitDifference,
    groups: Sequence[Sequence[int]],
    kind: Kind | None = None,
    *,
    layer: int | None = None,
    head: int | None = None,
    query: int | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """Change per group of key positions, (group,) float64 nats: the position that answers (or ``query``) may not look
    at the group.

    layer, head: only there; None: everywhere. A row that would be left with nothing to look at is not cut: its change
    is NaN."""
    kind = trace.checked_kind(_answering(trace) if kind is None else kind)
    if kind == "encoder" and query is None:
        raise BadInput("The position that answers is in the decoder; of the encoder, say whose row is meant.")
    row = question.position if query is None else query
    cuts = [Knockout(layer, head, kind, (row,), tuple(keys)) for keys in groups]
    return _each(lm, trace, question, cuts, progress, skip=lambda cut: _empty(trace, cut))[0]


@named_step(Message("the zeroing of values"))
def zeroed(
    lm: LanguageModel,
    trace: Trace,
    question: LogitDifference,
    groups: Sequence[Sequence[int]],
    kind: Kind | None = None,
    *,
    layer: int | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """Change per group, (group,) float64 nats: whoever looks at the group fetches nothing from it (value zeroing, in
    every layer or one).
    """
    kind = trace.checked_kind(kind)
    edits = [Values(layer=layer, kind=kind, keys=tuple(keys)) for keys in groups]
    return _each(lm, trace, question, edits, progress)[0]


def mean_outputs(traces: Sequence[Trace], kind: Kind) -> np.ndarray:
    """What each head gives on average over all positions of some runs, (layer, head, dim) float32, NaN in layers
    without attention: for ablation by the mean.

    Raises:
        UnsupportedModel: a model whose values are not known.
    """
    attending = list(traces[0].attending(kind))
    sums = [np.stack([record.outputs().sum(0).numpy() for record in trace.attending_records(kind)]) for trace in traces]
    positions = sum(trace.attending_records(kind)[0].size[0] for trace in traces)
    means = np.full((traces[0].layers(kind), *sums[0].shape[1:]), np.nan, dtype=np.float32)
    means[attending] = sum(sums[1:], start=sums[0]) / positions
    return means


def disagreement(weights: np.ndarray, changes: np.ndarray) -> float | None:
    """Spearman correlation over heads of how much they look, (layer, head), and how much their loss moves the score,
    |change|; None where one is flat.
    """
    known = ~np.isnan(weights + changes)
    return spearman(weights[known], np.abs(changes[known]))


def _answering(trace: Trace) -> Kind | None:
    """The attention of the side that answers: across, where there are two sides."""
    return "cross" if trace.target is not None else None


def weights_on(trace: Trace, query: int, keys: Sequence[int], kind: Kind | None = None) -> np.ndarray:
    """(layer, head) weight from a position to some keys, together, 0 … 1; NaN in layers without attention."""
    kind = trace.checked_kind(kind)
    weights = np.full((trace.layers(kind), trace.heads(kind)), np.nan)
    weights[list(trace.attending(kind))] = [
        record.rows([query])[:, 0, list(keys)].sum(-1).numpy() for record in trace.attending_records(kind)
    ]
    return weights


def changed_words(plain: Trace, edited: Trace, position: int, n: int = 8) -> Mapping[int, tuple[float, float]]:
    """id → (probability before, after) of the words that were, or became, most probable at a position; most probable
    before first.
    """
    before, after = (np.exp(log_softmax(run.require_logits()[position])) for run in (plain, edited))
    best = dict.fromkeys(
        [*np.argsort(-before, kind="stable")[:n].tolist(), *np.argsort(-after, kind="stable")[: n // 2].tolist()]
    )
    return {
        entry: (float(before[entry]), float(after[entry])) for entry in sorted(best, key=lambda entry: -before[entry])
    }


def _each(
    lm: LanguageModel,
    trace: Trace,
    question: LogitDifference,
    edits: Sequence[SomeEdit],
    progress: Progress | None,
    skip: Callable[[SomeEdit], bool] = lambda _: False,
) -> tuple[np.ndarray, np.ndarray]:
    """(changes, kl), each (edit,) float64 nats, of one edit at a time; NaN where one is skipped."""
    effects = np.full((len(edits), 2), np.nan)
    for done, edit in enumerate(edits, 1):
        if not skip(edit):
            measured = effect(lm, trace, question, (edit,))
            effects[done - 1] = measured.change, measured.kl
        if progress is not None:
            progress(done, len(edits))
    return effects[:, 0], effects[:, 1]


def _empty(trace: Trace, cut: Knockout) -> bool:
    """Whether a cut would leave a row nothing to look at: the first position of a causal model has only itself."""
    layers = range(trace.layers(cut.kind)) if cut.layer is None else (cut.layer,)
    for layer in layers:
        left = trace.record(layer, cut.kind).rows(cut.queries)[:, 0].clone()
        left[:, list(cut.keys)] = 0
        if trace.record(layer, cut.kind).sinks is None and bool((left.sum(-1) == 0).any()):
            return True
    return False
