"""The feed-forward block of a layer: what its neurons say at every position, what each writes, and the run without some
of them.

    FFN(x) = W₂ a,    a = act(W₁ x + b₁)    or    act(W_g x) ⊙ (W_u x)

A neuron is one entry of a, (position, inner); it writes aₙ times the n-th column of W₂ into the residual stream (Geva
et al. 2021 read these columns as values of a memory). W₂ is found as the one linear map of the block, outside its
attention, that leads from another width to the model's. Not here: the parts of a score (attribution.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from ..axes import Kind
from ..boundary import named_step
from ..errors import BadInput, Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..models.locks import turn
from ..tracing import captures
from ..tracing.blocks import blocks
from ..tracing.output_matrix import output_module
from ..tracing.rerun import inputs_of, module_io, shallow_branch
from ..tracing.trace import Trace


@dataclass(frozen=True, eq=False)
class FeedForward:
    """One block's neurons on one text. activations: (position, inner); sizes: (inner,), norm of each column of W₂;
    written: (position, model), what the block's W₂ gave, its bias included; read: (position, model), what W₁ (or W_g)
    was given, None where it is not one map of that width."""

    kind: Kind
    layer: int
    activations: np.ndarray
    sizes: np.ndarray
    written: np.ndarray
    read: np.ndarray | None = None

    def strength(self) -> np.ndarray:
        """(position, inner) ≥ 0: norm of what each neuron writes, |aₙ|·‖W₂[:, n]‖."""
        return np.abs(self.activations) * self.sizes

    def strongest(self, position: int, n: int = 10) -> list[int]:
        """The neurons that write most at a position, the strongest first."""
        return np.argsort(-self.strength()[position], kind="stable")[:n].tolist()


@named_step(Message("the look into a feed-forward block"))
def feed_forward(lm: LanguageModel, trace: Trace, layer: int, kind: Kind | None = None) -> FeedForward:
    """The block's neurons on the text of ``trace``, by one more forward.

    Raises:
        UnsupportedModel: a block without one W₂ (experts), or layers that are not known.
    """
    kind = trace.checked_kind(kind)
    trace.record(layer, kind)
    path = _down(lm, layer, kind)
    up = _up(lm, layer, kind, path)
    heard = module_io(lm, trace, [path, *up])
    activations, gave = (_by_position(tensor) for tensor in heard[path])
    read = next((_by_position(heard[name][0]) for name in up if name in heard), None)
    return FeedForward(kind, layer, activations, np.linalg.norm(_columns(_w2(lm, path)), axis=0), gave, read)


@named_step(Message("a run without some neurons"))
def without(
    lm: LanguageModel,
    trace: Trace,
    layer: int,
    neurons: Sequence[int],
    kind: Kind | None = None,
    *,
    positions: Sequence[int] | None = None,
) -> Trace:
    """The same text with neurons of a block silent (a = 0), everywhere or at some positions; records of the new run,
    hidden states are not kept.

    Raises:
        BadInput: no such neuron. UnsupportedModel: as ``feed_forward``.
    """
    kind = trace.checked_kind(kind)
    trace.record(layer, kind)
    path = _down(lm, layer, kind)
    inner = _columns(_w2(lm, path)).shape[1]
    if not all(0 <= neuron < inner for neuron in neurons):
        raise BadInput(
            "There is no neuron {index}: this block has {size}, numbered 0 to {last}.",
            index=next(neuron for neuron in neurons if not 0 <= neuron < inner),
            size=inner,
            last=inner - 1,
        )
    model, ends = shallow_branch(lm.model, [path])
    ends[path].register_forward_pre_hook(_silence(list(neurons), None if positions is None else list(positions)))
    with turn(lm.model):
        output, records = captures.forward(replace(lm, model=model), inputs_of(lm, trace), trace.edits)
    return replace(
        trace,
        records=records,
        logits=None if trace.logits is None else output.logits[0].float().cpu().numpy(),
        hidden=None,
    )


def _down(lm: LanguageModel, layer: int, kind: Kind) -> str:
    """Path of W₂ in the block of a layer."""
    path, width, maps = _outside_attention(lm, layer, kind)
    candidates = [
        name for name, module in maps.items() if _width(module) == width and _columns(module).shape[1] != width
    ]
    if len(candidates) != 1:
        raise UnsupportedModel(
            "The feed-forward blocks of “{name}” are not one pair of maps each (experts, or none), so their "
            "neurons are not shown.",
            name=lm.name,
        )
    return f"{path}.{candidates[0]}"


def _up(lm: LanguageModel, layer: int, kind: Kind, down: str) -> list[str]:
    """Paths of the maps that make the neurons, W₁ or W_g and W_u (in one map: twice the rows): all read the same."""
    inner = _columns(_w2(lm, down)).shape[1]
    path, width, maps = _outside_attention(lm, layer, kind)
    return [
        f"{path}.{name}"
        for name, module in maps.items()
        if _columns(module).shape[1] == width and _width(module) in (inner, 2 * inner)
    ]


def _outside_attention(lm: LanguageModel, layer: int, kind: Kind) -> tuple[str, int, dict[str, nn.Linear | Conv1D]]:
    """(path of the block of a layer, width of the stream, name in the block → linear map that is no attention's)."""
    stack = "decoder" if kind == "cross" else kind
    path = blocks(lm, stack)[layer]
    block, width = lm.model.get_submodule(path), _width(output_module(lm, layer, stack))
    mine = {id(module) for attention in lm.layout.kind_of for module in attention.modules()} | {
        id(output_module(lm, layer, other))
        for other in lm.layout.kinds
        if other in (stack, "cross" if stack == "decoder" else stack)
    }
    return (
        path,
        width,
        {
            name: module
            for name, module in block.named_modules()
            if isinstance(module, nn.Linear | Conv1D) and id(module) not in mine
        },
    )


def _by_position(tensor: Tensor) -> np.ndarray:
    """(position, …) float32 of what a module was given or gave."""
    return tensor.reshape(-1, tensor.shape[-1]).float().cpu().numpy()


def _w2(lm: LanguageModel, path: str) -> nn.Linear | Conv1D:
    """The module at the path that `_down` gave."""
    module = lm.model.get_submodule(path)
    if not isinstance(module, nn.Linear | Conv1D):
        raise TypeError(f"{path} is no linear map")
    return module


def _width(module: nn.Linear | Conv1D) -> int:
    return _columns(module).shape[0]


def _columns(module: nn.Linear | Conv1D) -> np.ndarray:
    """W as (out, in)."""
    weight = module.weight.detach().float().cpu().numpy()
    return weight.T if isinstance(module, Conv1D) else weight


def _silence(neurons: list[int], positions: list[int] | None):
    def hook(_module, args: tuple[Tensor, ...]):
        activations = args[0].clone()
        rows = torch.arange(activations.shape[-2]) if positions is None else torch.tensor(positions)
        activations[..., rows[:, None], torch.tensor(neurons, dtype=torch.long)[None]] = 0
        return (activations, *args[1:])

    return hook
