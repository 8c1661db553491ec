"""What lies around one attention call: the inputs of its projections, W_O, and the sum into the residual stream.

The seam sees q, k and v, and nothing of this. One more forward of the same text is run under a torch function mode (as
in core/attention/eager_products.py: of this thread alone, open for one forward, nothing stays on the shared model). It
notes

    projections   linear maps whose weight IS a parameter of the attention module, between the call before and this one
    W_O           the first linear map after the call whose weight IS that of W_O (output_matrix.py)
    residual      the first sum of what became of W_O's output with a tensor that was there before the projections
    norm          the LayerNorm of that sum, where the stream goes on with it (post-norm families); None where the
                  stream goes on with the sum

What became of it: the same storage (a view, a dropout in eval), or one operation per position (a norm, a factor); what
else is added on the way (a feed-forward block in parallel) is kept apart. Whatever is not seen is None. Not here: the
function mode (layer_watch.py), which projection gave q (projections.py), the numbers of one head
(core/analyses/steps.py)."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from ..attention.record import AnyRecord, NoAttention, Record, tolerance
from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from . import captures
from .layer_watch import LayerWatch, Linear, Norm, Sum, flat
from .output_matrix import output_module
from .rerun import inputs_of
from .trace import Trace


@dataclass(frozen=True, eq=False)
class LayerContext:
    """One attention call of one text, and what was seen around it; tensors float32 on the CPU."""

    record: Record
    module: nn.Module
    projections: tuple[Linear, ...]
    output: Linear | None
    residual: Sum | None
    norm: Norm | None = None


@named_step(Message("the steps of one layer"))
def layer_context(lm: LanguageModel, trace: Trace, layer: int, kind: Kind) -> LayerContext:
    """Run ``trace``'s text again and note what surrounds one layer's attention.

    Costs one forward, for all heads and positions.

    Raises:
        UnsupportedModel: a model outside the seam, or one whose second run gives other queries than the first.
    """
    expected = trace.record(layer, kind)  # a layer or kind that is not there is refused before anything runs
    if isinstance(expected, NoAttention):
        expected.require_vectors()
    if lm.layout.adapter != "seam":
        raise UnsupportedModel(
            "“{name}” computes its attention in its own way, outside the place where Mirante reads every step. "
            "Its maps are in Explore; its steps cannot be shown.",
            name=lm.name,
        )
    weight, width = _output_weight(lm, layer, kind)
    inputs = inputs_of(lm, trace)
    with LayerWatch(lm.layout.kind_of, kind, layer, weight, width) as watch:
        captures.forward(lm, inputs, trace.edits)
    record, module = watch.require_call()
    _check_same(lm, record, trace.record(layer, kind))
    parameters = {id(parameter) for parameter in module.parameters()}
    return LayerContext(
        record=record,
        module=module,
        projections=tuple(
            _plain(linear)
            for linear in watch.linears
            if id(linear.weight) in parameters and linear.weight is not weight
        ),
        output=None if watch.output is None else _plain(watch.output),
        residual=watch.residual,
        norm=watch.norm,
    )


def _output_weight(lm: LanguageModel, layer: int, kind: Kind) -> tuple[Tensor | None, int]:
    """(the parameter of W_O, width of the residual stream); (None, 0) where it is not known."""
    try:
        module = output_module(lm, layer, kind)
    except UnsupportedModel:
        return None, 0
    return module.weight, module.weight.shape[1 if isinstance(module, Conv1D) else 0]


def _check_same(lm: LanguageModel, record: Record, expected: AnyRecord) -> None:
    """Refuse a model whose second run of a text gives other queries than the ``expected`` ones of the first."""
    query, first = record.query, expected.require_vectors().query
    largest = max(1.0, float(first.abs().max()))
    if query.shape != first.shape or not float((query - first).abs().max()) <= tolerance(lm.dtype) * largest:
        raise UnsupportedModel(
            "“{name}” gives other numbers when it reads the same text again; its steps cannot be shown.", name=lm.name
        )


def _plain(linear: Linear) -> Linear:
    """The same on the CPU, float32, batch dropped; weight and bias stay the model's own."""
    return Linear(linear.weight, linear.bias, flat(linear.input), flat(linear.output))
