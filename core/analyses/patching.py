"""Activation patching: one activation of a clean run put into a corrupted one, everywhere in turn (Meng et al. 2022;
Zhang & Nanda 2024).

    restored = (score(patched) − score(corrupted)) / (score(clean) − score(corrupted))
        0: nothing, 1: all of the difference

The two sentences have the same number of tokens and differ by a symmetric replacement (copo ↔ jarra), not by noise.
Three grains: the residual stream after a layer at one position; what the attention of a layer gives one position; the
output of one head, everywhere. A value near 1 says that the difference passes through there, not that it is worked out
there. The blocks of a model are found as the neighbours in a ModuleList that hold one attention call each; the run goes
through copies of them (tracing/rerun.shallow_branch), no hook stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from ..attention.edits import Edit
from ..axes import Kind
from ..boundary import named_step
from ..errors import BadInput, Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..models.locks import turn
from ..progress import Progress
from ..tracing import captures
from ..tracing.blocks import blocks, states
from ..tracing.rerun import inputs_of, rerun, shallow_branch
from ..tracing.trace import Trace
from .score import LogitDifference

_EXACT, _ROUNDED = 1e-3, 3e-2  # of a score: the same run by another way, in float32 and in half precision
_LEAST_DIFFERENCE = 0.1  # nats: differences below are not divided by


@dataclass(frozen=True, eq=False)
class Output(Edit):
    """What heads give at positions ``queries`` becomes ``vectors`` (query, head, dim), of all heads or of one."""

    queries: tuple[int, ...] = ()
    vectors: Tensor = field(default_factory=lambda: torch.zeros(0))

    def after(self, output: Tensor) -> Tensor:
        """(query, head, dim) with the chosen places replaced."""
        output, heads = output.clone(), slice(None) if self.head is None else self.head
        rows = list(self.queries)
        output[rows, heads] = self.vectors[rows, heads]
        return output


@dataclass(frozen=True, eq=False)
class Patched:
    """streams, attention: (layer, position); heads: (layer, head); shares of the difference restored. clean, corrupted:
    the scores, nats.
    """

    streams: np.ndarray
    attention: np.ndarray
    heads: np.ndarray
    clean: float
    corrupted: float


def check_pair(clean: Trace, corrupted: Trace) -> None:
    """Raise BadInput unless activations of one run have a place in the other."""
    sides = [(clean.tokens, corrupted.tokens)]
    if clean.target is not None and corrupted.target is not None:
        sides.append((clean.target, corrupted.target))
    for first, second in sides:
        if len(first) != len(second):
            raise BadInput(
                "The two sentences make {one} and {other} tokens, so what happens in one has no place in the "
                "other. Exchange words that make as many tokens.",
                one=len(first),
                other=len(second),
            )
    if clean.tokens.ids == corrupted.tokens.ids:
        raise BadInput("The two sentences are the same for this model: nothing differs that could be restored.")


@named_step(Message("the exchange of activations between two sentences"))
def patch(
    lm: LanguageModel,
    clean: Trace,
    corrupted: Trace,
    question: LogitDifference,
    kind: Kind | None = None,
    *,
    progress: Progress | None = None,
) -> Patched:
    """All three grains. Costs layers × (2·positions + heads) runs, and one before them.

    Raises:
        BadInput: sentences of different lengths, the same sentence twice, or two that give the same score.
        UnsupportedModel: a model that cannot be edited, or whose blocks are not known.
    """
    kind = clean.checked_kind(kind)
    check_pair(clean, corrupted)
    scores = question.of(clean), question.of(corrupted)
    if abs(scores[0] - scores[1]) < _LEAST_DIFFERENCE:
        raise BadInput(
            "The two sentences give nearly the same score ({clean} and {corrupted} nats): a share of so "
            "small a difference means nothing. Choose an answer on which they differ.",
            clean=round(scores[0], 3),
            corrupted=round(scores[1], 3),
        )
    layers, heads, n = clean.layers(kind), clean.heads(kind), clean.record(0, kind).size[0]
    head_outputs = [record.outputs() for record in clean.records[kind]]
    stream, everywhere = states(lm, clean, kind), tuple(range(n))
    require_one_stream(lm, clean, corrupted, kind, stream, question)
    runs = [
        *(
            lambda l=l, p=p: replaced(lm, corrupted, kind, l, (p,), stream[l + 1], question)
            for l in range(layers)
            for p in range(n)
        ),
        *(
            lambda l=l, p=p: question.of(rerun(lm, corrupted, (Output(l, None, kind, (p,), head_outputs[l]),)))
            for l in range(layers)
            for p in range(n)
        ),
        *(
            lambda l=l, h=h: question.of(rerun(lm, corrupted, (Output(l, h, kind, everywhere, head_outputs[l]),)))
            for l in range(layers)
            for h in range(heads)
        ),
    ]
    restored = np.array([(score - scores[1]) / (scores[0] - scores[1]) for score in _counted(runs, progress)])
    cut = np.split(restored, [layers * n, 2 * layers * n])
    return Patched(cut[0].reshape(layers, n), cut[1].reshape(layers, n), cut[2].reshape(layers, heads), *scores)


@named_step(Message("the exchange of activations between two sentences"))
def replaced(
    lm: LanguageModel,
    trace: Trace,
    kind: Kind,
    layer: int,
    positions: Sequence[int],
    stream: Tensor,
    question: LogitDifference,
) -> float:
    """The score when the stream after a layer is another one, (position, model), at some positions."""
    path = blocks(lm, kind)[layer]
    model, ends = shallow_branch(lm.model, [path])
    ends[path].register_forward_hook(_put(list(positions), stream))
    with turn(lm.model):
        output, _ = captures.forward(replace(lm, model=model), inputs_of(lm, trace), trace.edits)
    return question.of(replace(trace, logits=output.logits[0].float().cpu().numpy()))


def require_one_stream(
    lm: LanguageModel, clean: Trace, corrupted: Trace, kind: Kind, stream: Sequence[Tensor], question: LogitDifference
) -> None:
    """Raise UnsupportedModel unless all of a clean stream, put after the first layer, gives the clean answer: some
    families tell every layer the token itself, past the stream (Gemma 4). One run.

    stream: layer + 1, (position, model) each.

    Nothing is asked of a decoder between two different texts, which looks at the other side too.
    """
    if kind != "self" and (kind != "encoder" or clean.target != corrupted.target):
        return
    restored = replaced(lm, corrupted, kind, 0, range(len(stream[1])), stream[1], question)
    score = question.of(clean)
    same = _EXACT if lm.dtype == torch.float32 else _ROUNDED
    if not abs(restored - score) <= same * max(1.0, abs(score)):
        raise UnsupportedModel(
            "In “{name}” more than the residual stream passes from one layer to the next, so that exchanging it "
            "would not exchange all that a layer reads. Its maps are in Explore; heads can be ablated and edges cut.",
            name=lm.name,
        )


def _counted(runs: Sequence[Callable[[], float]], progress: Progress | None) -> Iterator[float]:
    for done, run in enumerate(runs, 1):
        yield run()
        if progress is not None:
            progress(done, len(runs))


def _put(positions: list[int], stream: Tensor):
    def hook(_module, _args: tuple, output):
        patched = (output if isinstance(output, Tensor) else output[0]).clone()
        patched[0, positions] = stream[positions].to(patched)
        return patched if isinstance(output, Tensor) else (patched, *output[1:])

    return hook
