"""Whether tokens meet anywhere but in the attention that is shown: a probe of two runs with every edge closed.

In both runs every position may look at itself alone (and, in cross-attention, at nothing); between them every token
but one changes. Where attention is the only way between tokens, what comes out at the kept position stays as it is. If
it moves, something else mixes tokens: a convolution (DeBERTa-v2 of the larger sizes), a recurrence, a token shift, a
pooling, a normalisation over the sentence. Two further runs, watched module by module, then say where.

Inside: `probe_mixing`, `Mixing` and what it says. Not inside: what is done about it. The model is shown, and whatever
shows it says so (docs/decisions/0021-mixing.md); methods whose sums need every way between tokens refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from transformers import PreTrainedModel
from transformers.utils.generic import ModelOutput

from ..attention import eager
from ..attention.edits import Ablation, Alone
from ..attention.families import no_cache
from ..attention.reported_forms import SCORES, Form, form_of, forms_of
from ..attention.tape import recording
from ..axes import Kind
from ..errors import Message, UnsupportedModel

ROUNDING = (3e-3, 1e-5)
"""What rounding may move, as a share of the largest number: in half precision, and in float32."""
_OUTPUTS = ("logits", "last_hidden_state", "encoder_last_hidden_state")

# What a module is called by those who read the library's code → what a person reads. The first that fits.
_NAMES: dict[str, str] = {
    "mamba|ssm|statespace": "a state-space model (Mamba)",
    "delta|linearattention|lightning|retention": "linear attention",
    "rglru|recurrent|lstm|gru|rwkv": "a recurrence",
    "conv": "a convolution",
    "shift": "a token shift",
    "embedding": "an embedding of neighbouring words",
    "pool": "a pooling of words",
    "norm": "a normalisation over the sentence",
}

MIXERS = tuple(_NAMES.values())[:4]
"""Of these, what a whole layer can be in the place of attention."""
FEED_FORWARD = "a feed-forward layer"
"""What a layer is that mixes no tokens."""


@dataclass(frozen=True)
class Mixing:
    """What the probe learnt. ``parts``: what else mixes tokens, each once, in the order of the model.

    state: "none" (attention is the only way), "some", or "untested" (its edges could not be closed). elsewhere: what a
    share of the rows goes to that is no position (reported_forms.py).
    """

    state: Literal["none", "some", "untested"]
    parts: tuple[str, ...] = ()
    elsewhere: str = ""

    def caution(self, without: Mapping[int, str] | None = None) -> Message | None:
        """What whoever sees a map must be told; None where attention is the only way between tokens.

        without: what the layers without attention are, by number from 0.
        """
        sentence = self._sentence()
        if self.elsewhere:
            share = Message(
                "In some rows a share goes to {rest}; what is shown of them sums to less than 1.",
                rest=Message(self.elsewhere),
            )
            sentence = share if sentence is None else Message("{caution} {layers}", caution=sentence, layers=share)
        if without:
            return Message("{caution} {layers}", caution=sentence or "", layers=_layers(without))
        return sentence

    def _sentence(self) -> Message | None:
        if self.state == "untested":
            return Message("It could not be tested whether words also mix outside attention in this model.")
        if self.state == "none":
            return None
        if not self.parts:
            return Message("In this model words also mix outside attention: the maps show only a part.")
        return Message(
            "In this model words also mix outside attention ({parts}): the maps show only a part.",
            parts=listed(self.parts),
        )

    def require_none(self) -> None:
        """For sums that need every way between tokens.

        Raises:
            UnsupportedModel: tokens also mix outside attention, and where.
        """
        if self.state == "some":
            raise UnsupportedModel(
                "This adds up what passes through attention, and in this model words also mix outside it ({parts}), "
                "so the sum would be wrong.",
                parts=listed(self.parts) if self.parts else Message("in a way that has no name here"),
            )


def _layers(without: Mapping[int, str]) -> Message:
    """“Layers without attention: 1, 2, 4 (linear attention), 3 (a feed-forward layer).”"""
    by_part: dict[str, list[int]] = {}
    for layer, part in sorted(without.items()):
        by_part.setdefault(part, []).append(layer + 1)
    named = [
        Message("{numbers} ({part})", numbers=", ".join(map(str, numbers)), part=Message(part))
        for part, numbers in by_part.items()
    ]
    rest = named[-1]
    for first in reversed(named[:-1]):
        rest = Message("{first}, {rest}", first=first, rest=rest)
    return Message("Layers without attention: {layers}.", layers=rest)


def listed(parts: tuple[str, ...]) -> Message:
    """Names of parts as one translatable enumeration."""
    first = Message(parts[0])
    return first if len(parts) == 1 else Message("{first}, {rest}", first=first, rest=listed(parts[1:]))


def part_name(module: nn.Module) -> str:
    """What a module that mixes tokens is called; the name of its class where no word is known."""
    if hasattr(module, "A_log") and hasattr(module, "D"):  # the two that every Mamba has, whatever it is called
        return MIXERS[0]
    written = type(module).__name__
    return next((name for pattern, name in _NAMES.items() if re.search(pattern, written.lower())), written)


def probe_mixing(
    model: PreTrainedModel,
    inputs: Mapping[str, Tensor],
    changed: Mapping[str, Tensor],
    kept: Mapping[int, int],
    kind_of: Mapping[nn.Module, Kind],
) -> Mixing:
    """What ``model`` mixes outside the attention that is shown.

    inputs, changed: two texts or pictures that are equal at one position of each side and at no other; kept: number of
    positions of a side → that position. kind_of: as Layout; empty outside the seam. The model is not shared yet.
    """
    if kind_of:
        return _probed(model, inputs, changed, kept, _seam_run(kind_of))
    probed, forms = _probed(model, inputs, changed, kept, _eager_run), forms_of(model.config)
    elsewhere = next((form.elsewhere for form in forms if form.elsewhere), "")
    summaries = tuple(form.elsewhere for form in forms if form.mixes)  # a short sentence may have none
    return Mixing("some" if summaries else probed.state, (*probed.parts, *summaries), elsewhere)


def _probed(
    model: PreTrainedModel,
    inputs: Mapping[str, Tensor],
    changed: Mapping[str, Tensor],
    kept: Mapping[int, int],
    run: _Run,
) -> Mixing:
    try:
        with torch.inference_mode():
            before, after = run(model, inputs, kept), run(model, changed, kept)
            if before is None or after is None or not _moved(before, after, kept, others=True):
                return Mixing("untested")
            if not _moved(before, after, kept):
                return Mixing("none")
            with _watching(model) as first:
                run(model, inputs, kept)
            with _watching(model) as second:
                run(model, changed, kept)
    except Exception:  # whatever a family does with closed edges; the ordinary runs have passed
        return Mixing("untested")
    return Mixing("some", _origins(model, first, second, kept))


# The two runs ---------------------------------------------------------------------------------------------------------
_Run = Callable[[PreTrainedModel, Mapping[str, Tensor], Mapping[int, int]], ModelOutput | None]


def _seam_run(kind_of: Mapping[nn.Module, Kind]) -> _Run:
    kinds = set(kind_of.values())
    edits = [Ablation(kind=kind) if kind == "cross" else Alone(kind=kind) for kind in kinds]

    def run(model: PreTrainedModel, inputs: Mapping[str, Tensor], kept: Mapping[int, int]) -> ModelOutput | None:
        with recording(edits=edits, kind_of=kind_of):
            return model(**inputs, **no_cache(model), output_hidden_states=True, return_dict=True)

    return run


def _eager_run(model: PreTrainedModel, inputs: Mapping[str, Tensor], kept: Mapping[int, int]) -> ModelOutput | None:
    """None where the maps that the model reports say that its edges were not closed."""
    with _Closing({(query, key): query == key for query in kept for key in kept}, forms_of(model.config)):
        output = model(**inputs, **no_cache(model), output_attentions=True, output_hidden_states=True, return_dict=True)
    for kind, layers in eager.in_tokens(model.config, output, dict(inputs)).items():
        if form_of(model.config, kind) is SCORES:
            continue  # reported before the softmax that was closed
        for layer in layers:
            alone = torch.zeros(layer.shape[-2:]) if kind == "cross" else torch.eye(layer.shape[-1])
            if not torch.allclose(layer.float().cpu(), alone.expand(layer.shape), atol=1e-3):
                return None
    return output


class _Closing(TorchFunctionMode):
    """Every softmax of this thread whose result is (…, query, key) of a size in ``sizes`` gives the identity, or zeros
    between two texts (False): each position looks at itself alone. Of those in ``forms`` likewise.
    """

    def __init__(self, sizes: Mapping[tuple[int, int], bool], forms: Sequence[Form] = ()) -> None:
        super().__init__()
        self.sizes, self.forms = sizes, forms

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if getattr(func, "__name__", "") != "softmax" or result.ndim < 3:
            return result
        for form in self.forms:
            if (closed := form.alone(result)) is not None:
                return closed
        alone = self.sizes.get(tuple(result.shape[-2:]))
        if alone is None:
            return result
        return (torch.eye(result.shape[-1]).to(result) if alone else torch.zeros_like(result)).expand_as(result).clone()


# What came out --------------------------------------------------------------------------------------------------------
def _moved(before: ModelOutput, after: ModelOutput, kept: Mapping[int, int], *, others: bool = False) -> bool:
    """Whether what comes out at a kept position differs; others: at any other position."""
    pairs = [*zip(_per_position(before, kept), _per_position(after, kept), strict=True)]
    return any(_differ(one, other, 1, _positions(one.shape[1], kept, others)) for one, other in pairs)


def _per_position(output: ModelOutput, kept: Mapping[int, int]) -> list[Tensor]:
    """The outputs that have one row per position, (1, position, …): the last layers' states, and logits of a text."""
    tensors = [getattr(output, name, None) for name in _OUTPUTS]
    states = [(getattr(output, name, None) or (None,))[-1] for name in ("hidden_states", "decoder_hidden_states")]
    tensors += [_patches_in_a_row(m) for m in states if m is not None]
    return [m for m in tensors if m is not None and m.ndim == 3 and m.shape[1] in kept]


def _patches_in_a_row(states: Tensor) -> Tensor:
    """(1, row, column, model) → (1, patch, model); another number of axes is left as it is."""
    return states.flatten(1, 2) if states.ndim == 4 else states


def _positions(n: int, kept: Mapping[int, int], others: bool) -> list[int]:
    return [i for i in range(n) if (i != kept[n]) == others]


def _differ(one: Tensor, other: Tensor, axis: int, positions: list[int]) -> bool:
    """Whether two tensors differ at positions of an axis by more than rounding does."""
    index = torch.tensor(positions, device=one.device)
    first, second = one.index_select(axis, index).float(), other.index_select(axis, index).float()
    return not float((first - second).abs().max()) <= ROUNDING[one.dtype == torch.float32] * max(
        1.0, float(first.abs().max())
    )


# Where it begins ------------------------------------------------------------------------------------------------------
Passed = dict[str, list[tuple[list[Tensor], list[Tensor]]]]
"""Path of a module → (tensors that went in, tensors that came out) of each of its calls."""


@contextmanager
def _watching(model: nn.Module) -> Iterator[Passed]:
    """What goes through every module inside the ``with`` block."""
    passed: Passed = {}

    def hook_of(path: str):
        def hook(module, args, kwargs, output):
            passed.setdefault(path, []).append((_tensors((args, kwargs)), _tensors(output)))

        return hook

    handles = [
        module.register_forward_hook(hook_of(path), with_kwargs=True) for path, module in model.named_modules() if path
    ]
    try:
        yield passed
    finally:
        for handle in handles:
            handle.remove()


def _tensors(value: object) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value.clone()] if value.is_floating_point() else []
    if isinstance(value, Mapping):
        value = list(value.values())
    return [tensor for part in value for tensor in _tensors(part)] if isinstance(value, list | tuple) else []


def _origins(model: PreTrainedModel, first: Passed, second: Passed, kept: Mapping[int, int]) -> tuple[str, ...]:
    """Names of the innermost modules that take the kept position as it was and give it another value."""
    mixing = [path for path, calls in first.items() if _mixes(calls, second.get(path, []), kept)]
    innermost = [path for path in mixing if not any(other.startswith(path + ".") for other in mixing)]
    order = [path for path, _ in model.named_modules() if path in innermost]
    return tuple(dict.fromkeys(part_name(model.get_submodule(path)) for path in order))


def _mixes(calls: list, others: list, kept: Mapping[int, int]) -> bool:
    return any(
        _any_differ(out, out_other, kept) and not _any_differ(given, given_other, kept)
        for (given, out), (given_other, out_other) in zip(calls, others, strict=False)
    )


def _any_differ(first: list[Tensor], second: list[Tensor], kept: Mapping[int, int]) -> bool:
    """Whether tensors differ at the kept position, on the first axis that counts the positions of a text."""
    for one, other in zip(first, second, strict=False):
        axes = [axis for axis, size in enumerate(one.shape) if size in kept]
        if axes and one.shape == other.shape and _differ(one, other, axes[0], [kept[one.shape[axes[0]]]]):
            return True
    return False
