"""Direct logit attribution: the score as a sum of what every part wrote into the residual stream (Elhage et al. 2021;
nostalgebraist 2020).

    score = Σ embeddings + Σ heads + Σ feed-forward blocks + Σ biases             exactly, or the model is refused

Each part counts with what it wrote at the position that answers, carried along the stream alone to the logits: through
the norms on the way with their scales frozen at what they were, and through the head. So a part's number is its direct
effect; what it does by way of later layers is in theirs. A masked model's head has an activation; its gate is frozen
too, a(z) = z·[a(z)/z], a departure that keeps the sum exact. One forward and one backward of the model itself, with
every linear map of the body turned into a leaf of the graph (a function mode, of this thread alone): pre-norm,
post-norm, norms around the blocks and factors need no case of their own. What is not linear in its writes then (a
router of experts) breaks the sum, and is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..tracing import captures
from ..tracing.output_matrix import output_matrix, output_module
from ..tracing.rerun import inputs_of
from ..tracing.trace import Trace
from .score import LogitDifference

_TOLERANCE = 1e-4  # of the sum, relative to the largest part
_GATES: set[Callable] = {
    F.gelu,
    F.relu,
    F.silu,
    F.tanh,
    torch.relu,
    torch.tanh,
    Tensor.tanh,
    Tensor.relu,
    torch._C._nn.gelu,
}
_FROZEN = {
    torch.rsqrt,
    Tensor.rsqrt,
    torch.sqrt,
    Tensor.sqrt,
    torch.erf,
    torch.sigmoid,
    Tensor.sigmoid,
    F.sigmoid,
    F.softmax,
    torch.softmax,
    Tensor.softmax,
}
_TANH: set[Callable] = {torch.tanh, F.tanh, Tensor.tanh}
_SUMS = {torch.add, Tensor.add, Tensor.add_, Tensor.__add__, Tensor.__radd__, Tensor.__iadd__}


@dataclass(frozen=True, eq=False)
class Attribution:
    """Parts of the score in nats. heads: kind → (layer, head), of the side that answers; blocks: (layer,) feed-forward;
    embeddings, biases: all of them together; error: the score less the sum of all parts."""

    score: float
    heads: Mapping[Kind, np.ndarray]
    blocks: np.ndarray
    embeddings: float
    biases: float
    error: float


@dataclass(frozen=True, eq=False)
class _Leaf:
    """One write into the graph: of which part of the model, and its value."""

    part: Literal["heads", "blocks", "embeddings", "biases"]
    value: Tensor
    layer: int


@dataclass(frozen=True, eq=False)
class _HeadsLeaf(_Leaf):
    """What W_O gave, of which kind of attention, and what it read."""

    kind: Kind
    input: Tensor


@dataclass(eq=False)
class _Linearised(TorchFunctionMode):
    """The forward whose score is linear in its leaves. ``outputs``: id of W_O → (kind, layers that share it); ``body``:
    where the weights of the body's linear maps lie; ``gate``: whether tanh is an activation of its own (ratio frozen)
    or part of one (value frozen)."""

    outputs: Mapping[int, list[tuple[Kind, int]]]
    body: frozenset[int]
    gate: bool
    main: Kind
    leaves: list[_Leaf] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._calls: dict[int, int] = {}
        self._layer = -1

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func is F.linear or (func is torch.addmm and len(args) == 3):
            return self._linear(func, args, kwargs)
        if func in (F.layer_norm, torch.layer_norm):
            return self._norm(**(dict(zip(("input", "normalized_shape", "weight", "bias", "eps"), args)) | kwargs))
        if func in (F.rms_norm, torch.rms_norm):
            return _rms(**(dict(zip(("input", "normalized_shape", "weight", "eps"), args)) | kwargs))
        if func in _SUMS:
            args = self._with_constants(args)
        result = func(*args, **kwargs)
        if func is F.embedding:
            return self._leaf(_Leaf("embeddings", _leaf_of(result), self._at()))
        if func in _FROZEN or (func in _TANH and not self.gate):
            return result.detach()
        return args[0] * _ratio(result.detach(), args[0].detach()) if func in _GATES else result

    def _with_constants(self, args: tuple) -> tuple:
        """What is added to the stream without coming from it (positions that are computed, a bias) is a part too."""
        tensors = [summand for summand in args if isinstance(summand, Tensor)]
        if len(tensors) != 2 or tensors[0].requires_grad == tensors[1].requires_grad:
            return args
        return tuple(
            self._leaf(_Leaf("biases" if self._layer >= 0 else "embeddings", _leaf_of(summand), self._at()))
            if isinstance(summand, Tensor) and not summand.requires_grad
            else summand
            for summand in args
        )

    def _linear(self, func: Callable, args: tuple, kwargs: dict) -> Tensor:
        """A linear map of the body becomes a leaf; one of the head stays linear, its bias a leaf."""
        if func is F.linear:
            named = dict(zip(("input", "weight", "bias"), args)) | kwargs
            input, weight, bias = named["input"], named["weight"], named.get("bias")
        else:
            bias, input, weight = args
        if id(weight) in self.outputs or _memory(weight) in self.body:
            return self._write(input, weight, func(*args, **kwargs).detach())
        product = F.linear(input, weight) if func is F.linear else input @ weight
        return product if bias is None else product + self._leaf(_Leaf("biases", _leaf_of(bias), self._at()))

    def _write(self, input: Tensor, weight: Tensor, output: Tensor) -> Tensor:
        if id(weight) not in self.outputs:
            return self._leaf(_Leaf("blocks" if self._layer >= 0 else "embeddings", _leaf_of(output), self._at()))
        call = self._calls.get(id(weight), 0)
        self._calls[id(weight)] = call + 1
        kind, layer = self.outputs[id(weight)][call]
        self._layer = layer if kind == self.main else self._layer
        return self._leaf(_HeadsLeaf("heads", _leaf_of(output), layer, kind, input.detach()))

    def _norm(
        self,
        input: Tensor,
        normalized_shape: Any,
        weight: Tensor | None = None,
        bias: Tensor | None = None,
        eps: float = 1e-5,
        cudnn_enable: bool = True,
    ) -> Tensor:
        scale = (input.detach().var(-1, unbiased=False, keepdim=True) + eps).rsqrt()
        normed = (input - input.mean(-1, keepdim=True)) * scale
        normed = normed if weight is None else normed * weight
        return normed if bias is None else normed + self._leaf(_Leaf("biases", _leaf_of(bias), self._at()))

    def _at(self) -> int:
        """The layer that runs; 0 before the first."""
        return max(self._layer, 0)

    def _leaf(self, leaf: _Leaf) -> Tensor:
        self.leaves.append(leaf)
        return leaf.value.clone()  # a model may write into it


@named_step(Message("the sum of what every part wrote"))
def attribution(lm: LanguageModel, trace: Trace, question: LogitDifference) -> Attribution:
    """The parts of one score.

    Raises:
        BadInput: no prediction head.
        UnsupportedModel: outside the seam, W_O not known, or parts that do not make the score.
    """
    trace.require_logits()
    if lm.layout.adapter != "seam" or trace.edits:
        raise _refusal(lm)
    for gate in (True, False):
        attempt = _attempt(lm, trace, question, gate=gate)
        if attempt is not None and _adds_up(lm, attempt):
            return attempt
    raise _refusal(lm)


def _adds_up(lm: LanguageModel, attempt: Attribution) -> bool:
    parts = [
        attempt.blocks,
        *attempt.heads.values(),
        np.array([1.0, attempt.score, attempt.embeddings, attempt.biases]),
    ]
    largest = max(float(np.abs(part).max()) for part in parts)
    return abs(attempt.error) <= (_TOLERANCE if lm.dtype in (torch.float32, torch.float64) else 3e-2) * largest


def _attempt(lm: LanguageModel, trace: Trace, question: LogitDifference, *, gate: bool) -> Attribution | None:
    """The parts under one reading of tanh; None where the stream does not reach the score."""
    kinds: list[Kind] = [kind for kind in trace.kinds if kind != "encoder"]
    with _Linearised(_outputs(lm, kinds), _body(lm), gate, kinds[0]) as mode:
        output, _ = captures.forward(lm, inputs_of(lm, trace), gradients=True)
        score = question(output.logits[0].float())
    if not score.requires_grad:
        return None
    gradients = torch.autograd.grad(score, [leaf.value for leaf in mode.leaves], allow_unused=True)
    leaves: list[tuple[_Leaf, Tensor | None]] = list(zip(mode.leaves, gradients, strict=True))
    if any(gradient is None for leaf, gradient in leaves if isinstance(leaf, _HeadsLeaf)):
        return None  # the sum would hold, but of the head's own map alone
    return _summed(lm, trace, kinds, question.of(trace), leaves)


def _summed(
    lm: LanguageModel, trace: Trace, kinds: list[Kind], score: float, leaves: list[tuple[_Leaf, Tensor | None]]
) -> Attribution:
    """Every leaf's part: gradient · value; those of W_O split by heads."""
    heads = {kind: np.zeros((trace.layers(kind), trace.heads(kind))) for kind in kinds}
    blocks, sums = np.zeros(trace.layers(kinds[0])), {"embeddings": 0.0, "biases": 0.0}
    for leaf, gradient in leaves:
        if gradient is None:
            continue
        part = float((gradient.cpu().double() * leaf.value.detach().cpu().double()).sum())
        if isinstance(leaf, _HeadsLeaf):
            by_head = _by_head(lm, leaf, gradient)
            heads[leaf.kind][leaf.layer] += by_head
            sums["biases"] += part - by_head.sum()
        elif leaf.part == "blocks":
            blocks[leaf.layer] += part
        else:
            sums[leaf.part] += part
    total = sum(sums.values()) + blocks.sum() + sum(part.sum() for part in heads.values())
    return Attribution(score, heads, blocks, sums["embeddings"], sums["biases"], score - float(total))


def _by_head(lm: LanguageModel, leaf: _HeadsLeaf, gradient: Tensor) -> np.ndarray:
    """(head,): what each head's part of W_O's output gives; the bias of W_O is in none."""
    matrix = torch.from_numpy(output_matrix(lm, leaf.layer, leaf.kind)).double()  # (head, dim, model)
    outputs = leaf.input.cpu().double().reshape(-1, *matrix.shape[:2])  # (position, head, dim)
    pull = gradient.cpu().double().reshape(-1, matrix.shape[2])  # (position, model)
    return torch.einsum("phd,hdm,pm->h", outputs, matrix, pull).numpy()


def _outputs(lm: LanguageModel, kinds: list[Kind]) -> dict[int, list[tuple[Kind, int]]]:
    """id of each W_O → the layers that use it, in order; a decoder's self- and cross-attention have their own."""
    layers_of: dict[int, list[tuple[Kind, int]]] = {}
    for kind in kinds:
        for layer in range(lm.layout.counts[kind]):
            layers_of.setdefault(id(output_module(lm, layer, kind).weight), []).append((kind, layer))
    return layers_of


def _body(lm: LanguageModel) -> frozenset[int]:
    """Where the weights of all maps lie that are not the head's, and not embeddings, which a head may share."""
    body = getattr(lm.model, lm.model.base_model_prefix, None)
    bodies = (
        [body]
        if body is not None
        else [part for name in ("encoder", "decoder") if (part := getattr(lm.model, name, None)) is not None]
    )
    shared = {_memory(module.weight) for module in lm.model.modules() if isinstance(module, nn.Embedding)}
    return frozenset(_memory(weight) for body in bodies for weight in body.parameters() if weight.ndim > 1) - shared


def _leaf_of(value: Tensor) -> Tensor:
    """The value as a leaf of the graph."""
    return value.detach().requires_grad_()


def _memory(weight: Tensor) -> int:
    """An address that a weight shares with its parts (one expert of many)."""
    return weight.untyped_storage().data_ptr()


def _ratio(output: Tensor, input: Tensor) -> Tensor:
    """a(z)/z, 0 where z is."""
    return torch.where(input == 0, torch.zeros_like(input), output / input)


def _rms(input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None) -> Tensor:
    eps = torch.finfo(input.dtype).eps if eps is None else eps
    normed = input * (input.detach().pow(2).mean(-1, keepdim=True) + eps).rsqrt()
    return normed if weight is None else normed * weight


def _refusal(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "The parts of “{name}” could not be made to sum to its answer exactly, so the answer is not split "
        "among them. Ablation shows what each head does.",
        name=lm.name,
    )
