"""The check of a vision transformer at load time: one test picture decides whether its attention can be shown
truthfully.

The rules of core/models/verify.py, for pictures. The model is refused when no attention call is seen; when there are
more or fewer calls than layers; when a map is not (positions × positions) with the positions that its patches and named
tokens make (windows, pooling, masked patches); when a row does not sum to 1; when attention × values differs from what
the library computed; when the maps are not the library's own eager ones."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from ..attention import eager, seam
from ..attention.families import both_sides
from ..attention.record import EagerRecord, Record
from ..attention.tape import Call, recording
from ..axes import Kind
from ..errors import Message, UnsupportedModel
from ..models.mixing import probe_mixing
from ..models.verify import Layout
from .other_kinds import failure_of

_TOLERANCE = 1e-4  # how far numbers of float32 may lie apart


def verify_vision(model: PreTrainedModel, values: Tensor, before: int, *, through_seam: bool) -> Layout | None:
    """The layout of ``model``; None when it was loaded for the seam and never calls it. values (1, 3, row, column): a
    test picture, which should make one position of each patch, and ``before`` before them.

    Raises:
        UnsupportedModel: with the reason.
    """
    positions = before + _patches(model, values)
    if through_seam:
        calls = _calls(model, values)
        if not calls:
            return None
        records: list[Record] | tuple[EagerRecord, ...] = [call.record for call in calls]
        _check_counts(model, records, positions)
        for call in calls:
            _check_call(model, call)
        _check_eager(model, values, [call.record for call in calls])
        kind_of: dict[nn.Module, Kind] = {call.module: "self" for call in calls}
    else:
        records, kind_of = _reported(model, values), {}
        _check_counts(model, records, positions)
        for record in records:
            _check_rows(model, record.maps(), partly=bool(record.elsewhere))
    vectors = records[0].vectors
    return Layout(
        adapter="seam" if through_seam else "outside",
        counts={"self": len(records)},
        heads={"self": records[0].heads},
        kind_of=kind_of,
        causal=False,
        width=0 if vectors is None else vectors.heads * vectors.query.shape[-1],
        biased=any(record.bias is not None for record in records),
        numbers={},
        others={},
        mixing=probe_mixing(model, *_two_pictures(model, values, before), kind_of),
    )


def _patches(model: PreTrainedModel, values: Tensor) -> int:
    rows, columns = patch_grid(model, values)
    return rows * columns


def patch_grid(model: PreTrainedModel, values: Tensor) -> tuple[int, int]:
    """(rows, columns) of patches in what the model reads, (1, 3, row, column)."""
    height, width = both_sides(model.config.patch_size)
    return values.shape[-2] // height, values.shape[-1] // width


def _two_pictures(
    model: PreTrainedModel, values: Tensor, before: int
) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[int, int]]:
    """(inputs, changed, kept) for the probe of mixing: every patch is another but the middle one."""
    (rows, columns), (height, width) = patch_grid(model, values), both_sides(model.config.patch_size)
    row, column = rows // 2, columns // 2
    inside = (..., slice(row * height, (row + 1) * height), slice(column * width, (column + 1) * width))
    changed = values.flip(-1).flip(-2) * 0.5 + 0.25
    changed[inside] = values[inside]
    kept = {before + rows * columns: before + row * columns + column}
    return {"pixel_values": values}, {"pixel_values": changed}, kept


def _reported(model: PreTrainedModel, values: Tensor) -> tuple[EagerRecord, ...]:
    """What the second adapter sees."""
    try:
        with torch.inference_mode():
            return eager.run_eager(model, {"pixel_values": values})[1].get("self", ())
    except UnsupportedModel:
        raise
    except Exception as error:
        raise _refusal(model, failure_of(model, error)) from error


def _calls(model: PreTrainedModel, values: Tensor) -> list[Call]:
    with torch.inference_mode(), recording(checking=True, many=True) as tape:
        try:
            model(pixel_values=values)
        except UnsupportedModel:
            raise
        except Exception as error:
            raise _refusal(model, failure_of(model, error)) from error
    return tape.calls


def _check_counts(model: PreTrainedModel, records: Sequence[Record | EagerRecord], positions: int) -> None:
    expected = getattr(model.config, "num_hidden_layers", len(records))
    if not records:
        raise _refusal(
            model,
            Message(
                "no attention was seen in it (a model without softmax attention, or one that computes it in "
                "its own way)"
            ),
        )
    if len(records) != expected:
        raise _refusal(
            model, Message("it has {expected} layers but {found} attention maps", expected=expected, found=len(records))
        )
    for record in records:
        rows, columns = record.size
        if (rows, columns) != (positions, positions) or record.heads != records[0].heads:
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
    _check_rows(model, maps)
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


def _check_rows(model: PreTrainedModel, maps: Tensor, *, partly: bool = False) -> None:
    """Rows sum to 1; partly: to less, as a share goes to what is no patch."""
    total = maps.sum(-1)
    if not bool((total <= 1 + _TOLERANCE).all() if partly else ((total - 1).abs() <= _TOLERANCE).all()):
        raise _refusal(model, Message("a row sums to {total}, not to 1", total=f"{float(total.max()):.4f}"))


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
