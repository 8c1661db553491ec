"""The same question asked of an encoder: a linear probe on the mean of its last hidden states, and its words hidden one
at a time.

The probe (Alain & Bengio 2016) is one vector and one number, trained on the same sentences while the encoder stayed as
it is; "the mean" leaves special tokens out. It says what can be read off linearly, not what the encoder uses for
anything. Not here: how it was trained (training/sentiment)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from ..boundary import named_step
from ..errors import BadFile, BadInput, Message
from ..models.loading import LanguageModel
from ..models.locks import turn
from ..models.sources import BUNDLED
from ..text.tokens import Tokens
from ..tracing.captures import read_tokens
from .classifier import CLASSIFIER

ENCODER = "mirante-encoder-pt"
PROBE_FILE = "probe.safetensors"
_TOKENS_PER_FORWARD = 1024  # tokens of one forward


@dataclass(frozen=True, eq=False)
class LinearProbe:
    """direction (model,) float64 and bias: logit = direction · mean + bias, nats, above 0 is praise."""

    direction: np.ndarray
    bias: float

    def logit(self, means: np.ndarray) -> np.ndarray:
        """means (…, model) → (…,) nats."""
        return means @ self.direction + self.bias


@dataclass(frozen=True, eq=False)
class ProbeReading:
    """What the probe says of one text. words, occlusion: one per word of the text, in its order; places: which word of
    ``tokens`` each is.
    """

    tokens: Tokens
    words: tuple[str, ...]
    places: tuple[int, ...]
    logit: float
    occlusion: np.ndarray

    @property
    def probability(self) -> float:
        """Of praise, 0 … 1."""
        return float(1 / (1 + np.exp(-self.logit)))


def load_probe(folder: Path | None = None) -> LinearProbe:
    """The shipped probe of `ENCODER`.

    Raises:
        BadFile: it cannot be read.
    """
    path = (folder or BUNDLED / CLASSIFIER) / PROBE_FILE
    try:
        tensors = load_file(path)
        return LinearProbe(tensors["direction"].double().numpy(), float(tensors["bias"]))
    except Exception as error:
        raise BadFile(
            "The probe “{name}” cannot be read: {detail}", name=path.name, detail=" ".join(str(error).split())[:200]
        ) from error


@named_step(Message("the run of the text"))
def probe_text(lm: LanguageModel, probe: LinearProbe, text: str) -> ProbeReading:
    """The probe's logit, and how much it falls when all pieces of a word become the mask token: the number of tokens
    stays.

    Raises:
        BadInput: a blank text, or an encoder of another width or without a mask token. TooLong: more tokens than the
        encoder has positions.
    """
    _check(lm, probe)
    tokens = read_tokens(lm, text)
    words = [word for word, special in enumerate(tokens.special_words) if not special]
    mask = lm.tokenizer.mask_token_id
    rows = [list(tokens.ids)] + [
        [mask if of == word else token for token, of in zip(tokens.ids, tokens.word_of, strict=True)] for word in words
    ]
    nats = probe.logit(means(lm, rows, [tokens.special] * len(rows)))
    return ProbeReading(
        tokens, tuple(tokens.words[word] for word in words), tuple(words), float(nats[0]), nats[0] - nats[1:]
    )


@named_step(Message("the run of several sentences"))
def means(lm: LanguageModel, rows: Sequence[Sequence[int]], special: Sequence[Sequence[bool]]) -> np.ndarray:
    """(row, model) float64: mean of the last hidden states over the tokens that are not special. Only rows of one
    length go together: no padding.
    """
    averages = np.zeros((len(rows), lm.model.config.hidden_size))
    of_length: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        of_length.setdefault(len(row), []).append(index)
    for length, indices in of_length.items():
        size = max(1, _TOKENS_PER_FORWARD // length)
        for start in range(0, len(indices), size):
            batch = indices[start : start + size]
            is_word = torch.tensor([[not added for added in special[index]] for index in batch])
            averages[batch] = _mean(_states(lm, torch.tensor([list(rows[index]) for index in batch])), is_word)
    return averages


def _states(lm: LanguageModel, ids: Tensor) -> Tensor:
    """(row, position, model): what the encoder's body hands on."""
    body = getattr(lm.model, lm.model.base_model_prefix, lm.model)
    with turn(lm.model), torch.inference_mode():
        return (
            body(input_ids=ids.to(lm.device), attention_mask=torch.ones_like(ids).to(lm.device))
            .last_hidden_state.double()
            .cpu()
        )


def _mean(states: Tensor, is_word: Tensor) -> np.ndarray:
    weights = is_word.double() / is_word.sum(1, keepdim=True).clamp_min(1)
    return torch.einsum("bt,btd->bd", weights, states).numpy()


def _check(lm: LanguageModel, probe: LinearProbe) -> None:
    width = getattr(lm.model.config, "hidden_size", None)
    if lm.kind != "encoder" or width != len(probe.direction) or lm.tokenizer.mask_token_id is None:
        raise BadInput(
            "The probe was trained on {encoder}; “{name}” has other hidden states.", encoder=ENCODER, name=lm.name
        )
