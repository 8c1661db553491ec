"""Models of the hub worth trying in Portuguese and English.

None is bundled, and none was tried here: Mirante is written and tested without a network, and the probe at load decides
whether a model can be shown.

parameters: counted from each one's published sizes (layers, width, vocabulary) with this version of the library.
Licences are those that their cards name. Not inside: whether the hub can be reached (sources.py), fetching
(core/fetching).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import Message

BYTES_OF_A_NUMBER = 4  # weights are held in float32


@dataclass(frozen=True)
class Suggestion:
    """languages: codes. pickled: its weights are pickled at its main revision, so that it has to be fetched first
    (``python -m core fetch``); False where that is not known."""

    name: str
    kind: Literal["encoder", "decoder", "encoder-decoder", "vision"]
    languages: tuple[str, ...]
    parameters: int
    licence: str
    shows: Message
    pickled: bool = False

    @property
    def bytes(self) -> int:
        """What its weights take in memory."""
        return BYTES_OF_A_NUMBER * self.parameters


SUGGESTIONS: tuple[Suggestion, ...] = (
    Suggestion(
        "neuralmind/bert-base-portuguese-cased",
        "encoder",
        ("pt",),
        108_954_466,
        "MIT",
        Message("BERTimbau: hidden Portuguese words, 12 layers × 12 heads; for Mask a word, Jug and glass, Bench"),
        pickled=True,
    ),
    Suggestion(
        "distilbert/distilbert-base-multilingual-cased",
        "encoder",
        ("pt", "en"),
        135_445_755,
        "Apache-2.0",
        Message("one vocabulary for a hundred languages: the same sentence in Portuguese and English, 6 × 12 heads"),
    ),
    Suggestion(
        "TucanoBR/Tucano-160m",
        "decoder",
        ("pt",),
        162_417_408,
        "Apache-2.0",
        Message("writes on in Portuguese; a Llama of 12 × 12 heads with rotary positions"),
    ),
    Suggestion(
        "openai-community/gpt2",
        "decoder",
        ("en",),
        124_439_808,
        "MIT",
        Message("writes on in English, 12 × 12 heads: much used in published work on heads"),
    ),
    Suggestion(
        "HuggingFaceTB/SmolLM2-135M",
        "decoder",
        ("en",),
        134_515_008,
        "Apache-2.0",
        Message("writes on in English; in 30 layers nine query heads share three heads of keys and values"),
    ),
    Suggestion(
        "Helsinki-NLP/opus-mt-en-ROMANCE",
        "encoder-decoder",
        ("en", "pt"),
        77_943_296,
        "Apache-2.0",
        Message("translates English; cross-attention, 6 × 8 heads; for Portuguese the sentence begins with >>pt<<"),
    ),
    Suggestion(
        "facebook/deit-tiny-patch16-224",
        "vision",
        (),
        5_717_416,
        "Apache-2.0",
        Message("names what is in a picture; 12 × 3 heads over 14 × 14 patches"),
    ),
    Suggestion(
        "facebook/dino-vits16",
        "vision",
        (),
        21_665_664,
        "Apache-2.0",
        Message("trained without labels; its last heads are known for outlining objects, 12 × 6 heads"),
    ),
)
