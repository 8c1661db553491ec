"""The check of a vision transformer at load time: one test picture decides whether its attention can be shown
truthfully.

The rules of core/models/verify.py, for pictures. The model is refused when no attention call is seen; when there are
more or fewer calls than layers; when a map is not (positions × positions) with the positions that its patches and named
tokens make (windows, pooling, masked patches); when a row does not sum to 1; when attention × values differs from what
the library computed; when the maps are not the library's own eager ones."""

from __future__ import annotations

import torch
from torch import Tensor
from transformers import PreTrainedModel

from ..attention import seam
from ..attention.record import Record
from ..attention.tape import Call, recording
from ..errors import Message, UnsupportedModel
from ..models.mixing import Mixing
from ..models.verify import Layout

_TOLERANCE = 1e-4  # how far numbers of float32 may lie apart


def verify_vision(model: PreTrainedModel, values: Tensor, positions: int) -> Layout:
    """The layout of ``model``; values (1, 3, row, column): a test picture, which should make ``positions`` positions.

    Raises:
        UnsupportedModel: with the reason.
    """
    calls = _calls(model, values)
    _check_counts(model, calls, positions)
    for call in calls:
        _check_call(model, call)
    _check_eager(model, values, [call.record for call in calls])
    first = calls[0].record
    return Layout(
        adapter="seam",
        counts={"self": len(calls)},
        heads={"self": first.heads},
        kind_of={call.module: "self" for call in calls},
        causal=False,
        width=first.heads * first.query.shape[-1],
        biased=any(call.record.bias is not None for call in calls),
        numbers={},
        others={},
        mixing=Mixing("none"),
    )


def _calls(model: PreTrainedModel, values: Tensor) -> list[Call]:
    with torch.inference_mode(), recording(checking=True, many=True) as tape:
        try:
            model(pixel_values=values)
        except UnsupportedModel:
            raise
        except Exception as error:
            raise _refusal(model, Message("a test picture fails ({error})", error=error)) from error
    return tape.calls


def _check_counts(model: PreTrainedModel, calls: list[Call], positions: int) -> None:
    expected = getattr(model.config, "num_hidden_layers", len(calls))
    if not calls:
        raise _refusal(
            model,
            Message(
                "no attention was seen in it (a model without softmax attention, or one that computes it in "
                "its own way)"
            ),
        )
    if len(calls) != expected:
        raise _refusal(
            model, Message("it has {expected} layers but {found} attention maps", expected=expected, found=len(calls))
        )
    for call in calls:
        rows, columns = call.record.size
        if (rows, columns) != (positions, positions) or call.record.heads != calls[0].record.heads:
            reason = Message(
                "one of its maps is {rows} × {columns}, and its picture makes {n} positions: rows and "
                "columns are not patches",
                rows=rows,
                columns=columns,
                n=positions,
            )
            raise _refusal(model, reason)


def _check_call(model: PreTrainedModel, call: Call) -> None:
    """Rows that sum to 1, and attention × values as the library computed it."""
    maps = call.record.maps()
    total = maps.sum(-1)
    if not bool(((total - 1).abs() <= _TOLERANCE).all()):
        raise _refusal(model, Message("a row sums to {total}, not to 1", total=f"{float(total.max()):.4f}"))
    mine = (maps @ call.record.values()).transpose(0, 1)  # (H, Q, D) → (Q, H, D)
    difference = float((mine - call.require_output().reshape(mine.shape)).abs().max())
    if not difference <= _TOLERANCE * max(1.0, float(mine.abs().max())):
        raise _refusal(
            model,
            Message(
                "attention × values differs by {difference} from what the model computed",
                difference=f"{difference:.2g}",
            ),
        )


def _check_eager(model: PreTrainedModel, values: Tensor, records: list[Record]) -> None:
    """The maps are those of eager mode. The model is not shared yet, so its mode may be switched and switched back."""
    model.set_attn_implementation("eager")
    try:
        with torch.inference_mode():
            expected = model(pixel_values=values, output_attentions=True, return_dict=True).attentions or ()
    finally:
        model.set_attn_implementation(seam.IMPLEMENTATION)
    if len(expected) != len(records):
        raise _refusal(
            model, Message("the library's own maps cannot be compared with: {n} were reported", n=len(expected))
        )
    difference = max(
        float((record.maps() - layer[0].float().cpu()).abs().max())
        for record, layer in zip(records, expected, strict=True)
    )
    if not difference <= _TOLERANCE:
        raise _refusal(
            model, Message("its maps differ by {difference} from the library's own", difference=f"{difference:.2g}")
        )


def _refusal(model: PreTrainedModel, reason: Message) -> UnsupportedModel:
    return UnsupportedModel(
        "Mirante cannot show the attention of {type} truthfully: {reason}.", type=model.config.model_type, reason=reason
    )
