"""Verification: one tiny forward at load time that decides whether a model can be shown truthfully.

It runs the model on five tokens (three on the target side) with a checking tape and learns, without reading a name:
which adapter sees its attention; which module belongs to the encoder, the decoder or the cross-attention (their
maps have different shapes); whether it is causal; how many layers and heads there are. It refuses the model when

* no attention call is seen by either adapter (Mamba and other models without attention);
* the count differs from the layers of the configuration, and it cannot be seen which layers make the calls (of a
  hybrid it can: its layers keep their numbers, and those without attention are named, layers.py);
* a map has a shape that is not (positions, positions), or a row does not sum to 1 (1 − sink share with sinks);
* attention × values differs from what the library computed: something shaped the scores that we did not see.

Through the seam the library's fast path runs, which it has not tried on every family (NLLB-MoE loses its causal mask
there). So the maps are also compared with the library's own eager ones; where they differ, the model is loaded eager.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..attention import eager, seam
from ..attention.families import no_cache, size_of
from ..attention.record import AnyRecord, EagerRecord, NoAttention, Record, tolerance
from ..attention.tape import Call, recording
from ..axes import Kind
from ..errors import Message, UnsupportedModel
from .layers import calling_layers, layer_name
from .mixing import Mixing, probe_mixing

SOURCE, TARGET = 5, 3  # different, so that the shape of a map tells its kind
LONGER = 8  # a second length, to unmask maps over a window that happens to be SOURCE wide (Longformer)


@dataclass(frozen=True, eq=False)
class Layout:
    """What the verification learnt. ``kind_of`` maps each attention module to its kind (seam only)."""

    adapter: Literal["seam", "outside"]
    counts: Mapping[Kind, int]
    heads: Mapping[Kind, int]
    kind_of: Mapping[nn.Module, Kind]
    causal: bool
    width: int  # heads × head width of the widest attention: what queries and keys of one position hold
    biased: bool  # adds a (head, query, key) bias to its scores (T5)
    numbers: Mapping[Kind, tuple[int, ...]]  # the layers that attend, from 0, of each kind whose layers do not all
    others: Mapping[int, str]  # what the other layers are (“linear attention”, a msgid), by number
    mixing: Mixing  # how tokens meet outside this attention

    def looks_back(self, kind: Kind) -> bool:
        """Whether rows of a kind see nothing ahead of them: a decoder's own attention."""
        return kind == "decoder" or (kind == "self" and self.causal)

    def attending(self, kind: Kind) -> tuple[int, ...]:
        """The layers that have attention of a kind, from 0."""
        return self.numbers.get(kind) or tuple(range(self.counts[kind]))

    def placed(self, records: Mapping[Kind, Sequence[AnyRecord]]) -> dict[Kind, tuple[AnyRecord, ...]]:
        """Records in the order of the calls → one per layer of the model, `NoAttention` where a layer makes no call."""
        return {kind: self._placed(kind, layers) for kind, layers in records.items()}

    def _placed(self, kind: Kind, layers: Sequence[AnyRecord]) -> tuple[AnyRecord, ...]:
        numbers = self.numbers.get(kind)
        if not numbers or len(numbers) != len(layers):
            return tuple(layers)
        by_number = dict(zip(numbers, layers, strict=True))
        return tuple(
            by_number.get(layer) or NoAttention(layer, self.others[layer], layers[0].heads, layers[0].size)
            for layer in range(self.counts[kind])
        )

    @property
    def caution(self) -> Message | None:
        """What whoever sees a map of this model must be told first."""
        return self.mixing.caution(self.others)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(self.counts)


def verify(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, *, through_seam: bool) -> Layout | None:
    """The layout of ``model``; None when it must be loaded eager and verified again.

    That is when it was loaded for the seam and never calls it, or when the seam would show another map than the
    library's eager mode.

    Raises:
        UnsupportedModel: with the reason, when its attention cannot be shown truthfully.
    """
    eager.refuse(model.config)
    inputs, kinds = _inputs(model, tokenizer, SOURCE), _kinds(model, SOURCE)
    kind_of: dict[nn.Module, Kind] = {}
    numbers: dict[Kind, tuple[int, ...]] = {}
    others: dict[int, str] = {}
    records: Mapping[Kind, Sequence[AnyRecord]]
    if through_seam:
        calls = _calls(model, inputs)
        if not calls:
            return None
        kind_of = _kinds_of(model, calls, kinds)
        seam_records = records_by_kind(calls, kind_of)
        _check_outputs(model, calls)
        numbers, others = _numbered(model, inputs, seam_records)
        if not _agrees_with_eager(model, inputs, seam_records, numbers):
            return None
        records = seam_records
    else:
        records = _maps(model, inputs)
        _check_maps(model, _maps(model, _inputs(model, tokenizer, LONGER)), _kinds(model, LONGER))
    _check_counts(model, records, numbers)
    _check_maps(model, records, kinds)
    return Layout(
        adapter="seam" if through_seam else "outside",
        counts={kind: len(layers) + (len(others) if kind in numbers else 0) for kind, layers in records.items()},
        heads={kind: layers[0].heads for kind, layers in records.items()},
        kind_of=kind_of,
        causal="self" in records and all(_is_causal(record) for record in records["self"]),
        width=max(_width(record) for layers in records.values() for record in layers),
        biased=any(record.bias is not None for layers in records.values() for record in layers),
        numbers=numbers,
        others=others,
        mixing=probe_mixing(model, *_two_sentences(model, tokenizer), kind_of),
    )


def _calls(model: PreTrainedModel, inputs: dict) -> list[Call]:
    """What the seam sees; a family that was never meant for it may also fail here, seen by nobody."""
    with torch.inference_mode(), recording(checking=True) as tape:
        try:
            model(**inputs, **no_cache(model))
        except Exception as error:
            if tape.calls:
                raise _failed(model, error) from error
    return tape.calls


def _maps(model: PreTrainedModel, inputs: dict) -> dict[Kind, tuple[EagerRecord, ...]]:
    """What the second adapter sees."""
    try:
        with torch.inference_mode():
            return eager.run_eager(model, inputs, **no_cache(model))[1]
    except Exception as error:
        raise _failed(model, error) from error


def _agrees_with_eager(
    model: PreTrainedModel,
    inputs: dict,
    records: Mapping[Kind, tuple[Record, ...]],
    numbers: Mapping[Kind, tuple[int, ...]],
) -> bool:
    """Whether the maps are those of eager mode, up to the sinks' share (GraniteSWA's eager maps leave it out).

    True where eager mode reports none. The model is not shared yet, so its mode may be switched and switched back.
    """
    model.set_attn_implementation("eager")
    try:
        with torch.inference_mode():
            expected = eager.reported(model(**inputs, **no_cache(model), output_attentions=True, return_dict=True))
    except Exception as error:
        raise _failed(model, error) from error
    finally:
        model.set_attn_implementation(seam.IMPLEMENTATION)
    for kind, all_layers in expected.items():
        layers = _of_attention(all_layers, numbers.get(kind, ()))
        if len(layers) != len(records.get(kind, ())):
            return False
        for layer, record in zip(layers, records[kind], strict=True):
            mine = torch.stack([record.attention(head) for head in range(record.heads)])  # (H, Q, K)
            theirs = torch.empty(0) if layer is None else layer[0].float().cpu()
            if theirs.shape != mine.shape or not float((_rows(mine) - _rows(theirs)).abs().max()) <= tolerance(
                model.dtype
            ):
                return False
    return True


def _of_attention(layers: Sequence[torch.Tensor | None], numbers: Sequence[int]) -> Sequence[torch.Tensor | None]:
    """Of what eager mode reports, the maps of the layers with attention: hybrids report those alone, None for the
    others, or something else for them (MiniMax).
    """
    if not numbers:
        return layers
    return [layers[i] for i in numbers] if len(layers) > max(numbers) else [m for m in layers if m is not None]


def _rows(maps: torch.Tensor) -> torch.Tensor:
    """Every row divided by its sum."""
    return maps / maps.sum(dim=-1, keepdim=True).clamp_min(1e-9)


def _failed(model: PreTrainedModel, error: Exception) -> UnsupportedModel:
    if isinstance(error, UnsupportedModel):
        return error
    return _refusal(model, Message("a test sentence fails ({error})", error=error))


def records_by_kind(calls: list[Call], kind_of: Mapping[nn.Module, Kind]) -> dict[Kind, tuple[Record, ...]]:
    """Records by kind, in the order of the calls: the layer is the count (some models share one module)."""
    records: dict[Kind, list[Record]] = {}
    for call in calls:
        records.setdefault(kind_of[call.module], []).append(call.record)
    return {kind: tuple(layers) for kind, layers in records.items()}


def _inputs(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, n: int) -> dict[str, torch.Tensor]:
    """``n`` ordinary token ids, different from each other where the vocabulary allows it."""
    embeddings: Any = model.get_input_embeddings()
    table = getattr(embeddings, "weight", embeddings)  # I-BERT's is quantised, Perceiver's is a bare parameter
    size = min(len(table), len(tokenizer))
    special = set(tokenizer.all_special_ids)
    last = islice((i for i in reversed(range(size)) if i not in special), n)  # NLLB ends with 200 languages
    ordinary = [*last][::-1] or [0]
    ids = torch.tensor([(ordinary * n)[:n]], device=model.device)
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if model.config.is_encoder_decoder:
        inputs["decoder_input_ids"] = ids[:, :TARGET]
    return inputs


def _two_sentences(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase
) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor], dict[int, int]]:
    """(inputs, changed, kept) for the probe of mixing: no common token but the middle one of each side, where the
    vocabulary is large enough.
    """
    first, second = _inputs(model, tokenizer, 2 * LONGER)["input_ids"].chunk(2, dim=1)
    lengths = {"input_ids": LONGER} | ({"decoder_input_ids": SOURCE} if model.config.is_encoder_decoder else {})
    mask = {"attention_mask": torch.ones_like(first)}
    inputs = {name: first[:, :n] for name, n in lengths.items()}
    changed = {name: second[:, :n].clone() for name, n in lengths.items()}
    for name, n in lengths.items():
        changed[name][:, n // 2] = inputs[name][:, n // 2]
    return inputs | mask, changed | mask, {n: n // 2 for n in lengths.values()}


def _kinds(model: PreTrainedModel, n: int) -> dict[tuple[int, int], Kind]:
    """Kind of attention by the (query, key) size of its map, for ``n`` source tokens."""
    if model.config.is_encoder_decoder:
        return {(n, n): "encoder", (TARGET, TARGET): "decoder", (TARGET, n): "cross"}
    return {(n, n): "self"}


def _kinds_of(model: PreTrainedModel, calls: list[Call], kinds: Mapping) -> dict[nn.Module, Kind]:
    kind_of: dict[nn.Module, Kind] = {}
    for call in calls:
        kind = kinds.get(call.record.size)
        if kind is None:
            raise _refusal(
                model,
                Message(
                    "one of its maps is {rows} × {columns} for {n} tokens, so its rows and columns are not tokens",
                    rows=call.record.size[0],
                    columns=call.record.size[1],
                    n=SOURCE,
                ),
            )
        if kind_of.setdefault(call.module, kind) != kind:
            raise _refusal(model, Message("one module serves two kinds of attention"))
    return kind_of


def _check_outputs(model: PreTrainedModel, calls: list[Call]) -> None:
    """Attention × values from the record must be what the library computed."""
    for call in calls:
        record = call.record
        heads = [record.attention(h) @ record.value[record.shared(h)] for h in range(record.heads)]
        mine = torch.stack(heads, dim=1)  # H × (Q, D) → (Q, H, D)
        difference = float((mine - call.require_output().reshape(mine.shape)).abs().max())
        if not difference <= tolerance(model.dtype) * max(1.0, float(mine.abs().max())):
            raise _refusal(
                model,
                Message(
                    "attention × values differs by {difference} from what the model computed",
                    difference=f"{difference:.2g}",
                ),
            )


def _numbered(
    model: PreTrainedModel, inputs: dict, records: Mapping[Kind, Sequence[AnyRecord]]
) -> tuple[dict[Kind, tuple[int, ...]], dict[int, str]]:
    """(numbers, others) of a model of one stack, some of whose layers have no attention; empty where all have, or
    where its layers are not the modules of one list.
    """
    expected, seen = _expected_layers(model).get("self"), len(records.get("self", ()))
    if expected is None or not 0 < seen < expected:
        return {}, {}
    for layers in model.modules():
        if isinstance(layers, nn.ModuleList) and len(layers) == expected:
            numbers = calling_layers(model, list(layers), lambda: _calls(model, inputs))
            if min(numbers, default=-1) >= 0 and len(set(numbers)) == seen:
                others = {i: layer_name(layer) for i, layer in enumerate(layers) if i not in numbers}
                return {"self": numbers}, others
    return {}, {}


def _check_counts(
    model: PreTrainedModel, records: Mapping[Kind, Sequence[AnyRecord]], numbers: Mapping[Kind, Sequence[int]]
) -> None:
    for kind, expected in _expected_layers(model).items():
        count = len(records.get(kind, ()))
        if count == 0:
            raise _refusal(
                model,
                Message(
                    "no attention was seen in it (a model without softmax attention, or one that computes "
                    "it in its own way)"
                ),
            )
        if expected is not None and count != expected and kind not in numbers:
            raise _refusal(
                model,
                Message(
                    "it has {expected} layers ({kind}) but {found} attention maps; the other layers have "
                    "none and would be missing",
                    expected=expected,
                    kind=kind,
                    found=count,
                ),
            )


def _expected_layers(model: PreTrainedModel) -> dict[Kind, int | None]:
    config = model.config
    if not config.is_encoder_decoder:
        text = config.get_text_config()
        decodes_alone = type(model).__name__.endswith("ForCausalLM")  # BART and its kin without their encoder
        return {"self": size_of(text, "layers", "decoder" if decodes_alone else None)}
    encoder, decoder = size_of(config, "layers", "encoder"), size_of(config, "layers", "decoder")
    return {"encoder": encoder, "decoder": decoder, "cross": decoder}


def _check_maps(model: PreTrainedModel, records: Mapping[Kind, Sequence[AnyRecord]], kinds: Mapping) -> None:
    size_of = {kind: size for size, kind in kinds.items()}
    for kind, layers in records.items():
        if kind not in size_of:  # Perceiver, whose latents look at the text
            raise _refusal(model, Message("what looks at its tokens is no text, so the rows of a map are not tokens"))
        for layer, record in enumerate(layers):
            if record.size != size_of[kind] or record.heads != layers[0].heads:
                raise _refusal(model, Message("layer {layer} has a map of another size than the others", layer=layer))
            total = record.attention(0).sum(dim=-1)
            ok = total <= 1 + 1e-4 if record.sinks is not None or record.elsewhere else (total - 1).abs() <= 1e-4
            if not bool(ok.all()):
                raise _refusal(
                    model,
                    Message(
                        "a row of layer {layer} sums to {total}, not to 1",
                        layer=layer,
                        total=f"{float(total.max()):.4f}",
                    ),
                )


def _width(record: AnyRecord) -> int:
    """heads × head width; 0 where only the map is known."""
    return 0 if record.vectors is None else record.heads * record.vectors.query.shape[-1]


def _is_causal(record: AnyRecord) -> bool:
    return not bool(record.attention(0).triu(1).any())


def _refusal(model: PreTrainedModel, reason: Message) -> UnsupportedModel:
    return UnsupportedModel(
        "Mirante cannot show the attention of {type} truthfully: {reason}.", type=model.config.model_type, reason=reason
    )
