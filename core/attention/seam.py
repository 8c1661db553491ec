"""The one seam: the attention function that transformers calls for every model we load.

Registered once, under the name ``mirante``, with the mask function of ``sdpa``. It writes the call
on the open tape (see tape.py), then computes the output with the library's fast path, or, for the
two arguments that this path does not honour (softcap, sinks), step by step.

An argument that this file does not know might shape the scores; it is refused rather than ignored.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from ..errors import UnsupportedModel
from .edits import edited
from .record import Record, wide
from .tape import Call, current

IMPLEMENTATION = "mirante"

# Passed by models in transformers 5.23 and without influence on the scores of one unpadded sequence
# (a sliding window reaches us through the mask).
NEUTRAL = frozenset(
    {
        "dropout",
        "sliding_window",
        "position_embeddings",
        "position_ids",
        "output_attentions",
        "output_hidden_states",
        "use_cache",
        "past_key_values",
        "past_key_value",
        "cache_position",
        "cache",
        "deterministic",
        "training",
        "return_dict",
        "hidden_states",
        "cu_seq_lens_q",
        "cu_seq_lens_k",
        "max_length_q",
        "max_length_k",
        "cu_seqlens",
        "max_seqlen",
        "token_type_ids",
        "logits_to_keep",
        "encoder_hidden_states",
        "encoder_attention_mask",
        "num_items_in_batch",
        "output_router_logits",
        "layer_idx",
        "target_dtype",
    }
)


def register() -> None:
    """Make ``attn_implementation="mirante"`` known to transformers (idempotent)."""
    AttentionInterface.register(IMPLEMENTATION, recorded_attention)
    AttentionMaskInterface.register(IMPLEMENTATION, sdpa_mask)


def recorded_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float | None = None,
    is_causal: bool | None = None,
    position_bias: Tensor | None = None,
    softcap: float | None = None,
    s_aux: Tensor | None = None,
    sinks: Tensor | None = None,
    **others,
) -> tuple[Tensor, None]:
    """Attention as transformers asks for it; records the call when a tape is open.

    Shapes: query (1, H, Q, D), key and value (1, G, K, D) → output (1, Q, H, D).

    Raises:
        UnsupportedModel: while capturing, on an argument that may shape the scores and is unknown here,
            or on a batch of more than one sequence.
    """
    tape, sinks = current(), s_aux if sinks is None else sinks
    if tape is not None:
        _refuse_unknown(module, others)
        record = (_many if tape.many else _record)(
            module, query, key, value, attention_mask, scaling, is_causal, position_bias, softcap, sinks
        )
    edits = [] if tape is None else tape.edits_of(module)
    if edits:
        record, heads = edited(record, edits)
        output = heads[None].contiguous().to(query)  # (1, Q, H, D); AFMoE, JetMoE call view on it
    elif softcap is not None or sinks is not None:
        output = _eager(module, query, key, value, attention_mask, scaling, is_causal, position_bias, softcap, sinks)
    else:
        output, _ = sdpa_attention_forward(
            module,
            query,
            key,
            value,
            attention_mask,
            scaling=scaling,
            is_causal=is_causal,
            position_bias=position_bias,
            **others,
        )
    if tape is not None:
        tape.calls.append(Call(module, record, output[0].detach().float().cpu() if tape.checking else None))
    return output, None


def _record(module, query, key, value, mask, scaling, is_causal, bias, softcap, sinks) -> Record:
    """The call as a Record: batch dropped, float32 on the CPU (no copy when it already is)."""
    if query.shape[0] != 1:
        raise UnsupportedModel(
            "Capture runs one sentence at a time, and this model made a batch of {size}.", size=query.shape[0]
        )
    n_query, n_key = query.shape[2], key.shape[2]
    return Record(
        query=_plain(query[0]),
        key=_plain(key[0]),
        value=_plain(value[0]),
        scaling=query.shape[-1] ** -0.5 if scaling is None else float(scaling),
        causal=_causal(module, query, mask, is_causal),
        mask=None if mask is None else _mask(mask[0, ..., :n_query, :n_key]),
        bias=None if bias is None else _plain(bias[0]),
        softcap=softcap,
        sinks=None if sinks is None else _plain(sinks.reshape(query.shape[1], -1)),
    )


def _many(module, query, key, value, mask, scaling, is_causal, bias, softcap, sinks) -> Record:
    """Sequences of one length, none padded, as one Record with batch · H heads.

    The mask and the bias of the first sequence are those of all.
    """
    mask, bias = (None if extra is None else extra[:1] for extra in (mask, bias))
    first = _record(module, query[:1], key[:1], value[:1], mask, scaling, is_causal, bias, softcap, sinks)
    return replace(
        first,
        query=_plain(query).flatten(0, 1),
        key=_plain(key).flatten(0, 1),
        value=_plain(value).flatten(0, 1),
        mask=_repeated(first.mask, len(query)),
        bias=_repeated(first.bias, len(query)),
        sinks=_repeated(first.sinks, len(query)),
    )


def _repeated(extra: Tensor | None, batch: int) -> Tensor | None:
    """(H, …) → (batch · H, …); what is the same for all heads, (1, …), stays so."""
    return extra if extra is None or len(extra) == 1 else extra.repeat(batch, *[1] * (extra.ndim - 1))


def _causal(module, query: Tensor, mask: Tensor | None, is_causal: bool | None) -> bool:
    """Whether nothing ahead may be looked at, by the rule of sdpa_attention_forward."""
    wanted = getattr(module, "is_causal", True) if is_causal is None else is_causal
    return bool(query.shape[2] > 1 and mask is None and wanted)


def _plain(tensor: Tensor) -> Tensor:
    """On the CPU, float32 (float64 of a model that runs so).

    Attached to a graph only where somebody asked for gradients, which a capture never does (core/tracing/captures.py).
    """
    return tensor.to(device="cpu", dtype=wide(tensor))


def _mask(mask: Tensor) -> Tensor:
    """(1 or H, Q, K), bool kept as it is."""
    return mask.detach().cpu() if mask.dtype == torch.bool else _plain(mask)


def _eager(module, query, key, value, mask, scaling, is_causal, bias, softcap, sinks) -> Tensor:
    """(B, Q, H, D): the library's eager steps for a cap (Gemma-2) and sinks (GPT-OSS), for any batch, head by head.

    Independent of Record.attention on purpose: core/models/verify.py compares the two. One head at a time keeps the
    peak at n².
    """
    scaling = query.shape[-1] ** -0.5 if scaling is None else scaling
    causal, groups = _causal(module, query, mask, is_causal), query.shape[1] // key.shape[1]
    if sinks is not None:
        sinks = sinks.reshape(-1, query.shape[1], sinks.shape[2] if sinks.ndim == 4 else 1, 1)
    heads = []
    for h in range(query.shape[1]):
        scores = query[:, h] @ key[:, h // groups].transpose(1, 2) * scaling  # (B, Q, K)
        if softcap is not None:
            scores = torch.tanh(scores / softcap) * softcap
        scores = _shaped(scores, _of_head(bias, h), _of_head(mask, h), causal)
        if sinks is not None:
            scores = torch.cat([scores, sinks[:, h].to(scores).expand(*scores.shape[:2], 1)], dim=-1)
        weights = scores.softmax(dim=-1, dtype=torch.float32)[..., : key.shape[2]].to(value)
        heads.append(weights @ value[:, h // groups])
    return torch.stack(heads, dim=2)  # H × (B, Q, D) → (B, Q, H, D)


def _of_head(extra: Tensor | None, head: int) -> Tensor | None:
    """(B, 1 or H, Q, K) → (B, Q, K)"""
    return None if extra is None else extra[:, head if extra.shape[1] > 1 else 0]


def _shaped(scores: Tensor, bias: Tensor | None, mask: Tensor | None, causal: bool) -> Tensor:
    """Scores (B, Q, K) with bias and mask; what may not be looked at gets the smallest number, as in eager mode."""
    smallest = torch.finfo(scores.dtype).min
    scores = scores if bias is None else scores + bias
    if mask is not None:
        scores = scores.masked_fill(~mask, smallest) if mask.dtype == torch.bool else scores + mask
    if causal:
        ahead = torch.ones(scores.shape[1:], dtype=torch.bool, device=scores.device).triu(1)
        scores = scores.masked_fill(ahead, smallest)
    return scores


def _refuse_unknown(module: nn.Module, others: dict) -> None:
    unknown = sorted(name for name, value in others.items() if name not in NEUTRAL and value is not None)
    if unknown:
        raise UnsupportedModel(
            "{module} passes “{arguments}” to its attention, which Mirante does not know; its map might be "
            "wrong, so it is not shown.",
            module=type(module).__name__,
            arguments=", ".join(unknown),
        )
