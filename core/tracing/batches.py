"""Attention of many sentences, for counts over a corpus: sentences of one length go through the model together.

None is padded or cut, so every map is the one that a capture of the sentence alone gives (up to rounding). Only the
body
runs, without the prediction head; of an encoder–decoder the encoder. Maps are handed over one sentence at a time and
forgotten here; the caller keeps what it needs. Models outside the seam are read one sentence at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from ..attention.families import body_of, no_cache
from ..attention.tape import recording
from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, MiranteError
from ..models.loading import LanguageModel
from ..models.locks import turn
from ..models.verify import records_by_kind
from ..text.tokens import Tokens, encode
from .captures import capture, check_length

TOKENS_TOGETHER = 2048  # tokens of one forward
MAPS = 2**27  # bytes of maps of one forward, all layers


@named_step(Message("the run of several sentences"))
def attentions(lm: LanguageModel, texts: Sequence[str | Tokens]) -> Iterator[tuple[int, Tokens, np.ndarray]]:
    """(index in ``texts``, tokens, maps (layer, head, query, key) float32) of each text, the shortest first.

    The maps are those of the only stack, or of the encoder. texts: as written, or as tokens already. A text that the
    model cannot read (too long, blank) is left out.
    """
    readable = {index: tokens for index, text in enumerate(texts) if (tokens := _tokens(lm, text)) is not None}
    if lm.layout.adapter == "outside":
        for index, tokens in readable.items():
            trace = capture(lm, tokens.text)
            yield (
                index,
                tokens,
                np.stack(
                    [trace.layer_attention(layer, batch_kind(lm)) for layer in range(trace.layers(batch_kind(lm)))]
                ),
            )
        return
    by_length: dict[int, list[int]] = defaultdict(list)
    for index, tokens in readable.items():
        by_length[len(tokens)].append(index)
    for length in sorted(by_length):
        for places in _chunks(by_length[length], _size(lm, length)):
            for index, maps in zip(places, _together(lm, [readable[member] for member in places]), strict=True):
                yield index, readable[index], maps


def batch_kind(lm: LanguageModel) -> Kind:
    """The attention that is read: of the only stack, or of the encoder."""
    return "encoder" if lm.kind == "encoder-decoder" else "self"


def _tokens(lm: LanguageModel, text: str | Tokens) -> Tokens | None:
    try:
        tokens = text if isinstance(text, Tokens) else encode(lm.tokenizer, text, language=lm.source_language)
        check_length(lm, len(tokens))
    except MiranteError:
        return None
    return tokens


def _together(lm: LanguageModel, group_of: Sequence[Tokens]) -> Iterator[np.ndarray]:
    """Maps of sentences of one length, (layer, head, query, key) each."""
    ids = torch.tensor([tokens.ids for tokens in group_of], device=lm.device)
    body = body_of(lm.model)
    with turn(lm.model), torch.inference_mode(), recording(kind_of=lm.layout.kind_of, many=True) as tape:
        body(input_ids=ids, attention_mask=torch.ones_like(ids), **no_cache(body))
    kind = batch_kind(lm)
    with torch.inference_mode():
        layers = [
            record.maps().unflatten(0, (len(group_of), -1))
            for record in lm.layout.placed(records_by_kind(tape.calls, lm.layout.kind_of))[kind]
        ]
        maps = torch.stack(
            layers, dim=1
        ).numpy()  # layer × (sentence, head, query, key) → (sentence, layer, head, query, key)
    yield from maps


def _size(lm: LanguageModel, length: int) -> int:
    """How many sentences of a length go together."""
    maps = 4 * length * length * lm.layout.heads[batch_kind(lm)] * lm.layout.counts[batch_kind(lm)]
    return max(1, min(TOKENS_TOGETHER // length, MAPS // maps))


def _chunks(places: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(places), size):
        yield places[start : start + size]
