"""The shipped classifier: loading it, reading a text with it, and what the reading shows.

Only safetensors are read. Not here: hiding words (occlusion.py), the encoder that answers the same question
(linear_probe.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from ..errors import BadFile, TooLong
from ..models.bounded_json import read_json
from ..models.locks import LOADING
from ..models.model_files import CONFIGURATION_BYTES
from ..models.sources import BUNDLED
from ..models.weight_headers import read_header
from .model import PAD, UNKNOWN, ConvAttention, Sizes
from .vocabulary import LONGEST, WordIds, words_of

CLASSIFIER = "mirante-sentiment"
WEIGHTS, VOCABULARY_FILE = "model.safetensors", "vocabulary.json"


@dataclass(frozen=True, eq=False)
class Classifier:
    """A loaded classifier, shared read-only. even: its attention is put aside, and every word weighs the same."""

    name: str
    model: ConvAttention
    words: WordIds
    even: bool = False

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.model.parameters())


@dataclass(frozen=True, eq=False)
class TextVerdict:
    """One text, read. Arrays are float32 and read-only.

    words: as written; ids: UNKNOWN where known is False. features (position, feature) ≥ 0; attention (position,), sums
    to 1; scores (position,): tanh, −1 … 1; pooled (feature,) = attention @ features; direction (feature,) and bias: the
    dense layer; logit: nats, above 0 is praise."""

    text: str
    words: tuple[str, ...]
    ids: tuple[int, ...]
    features: np.ndarray
    scores: np.ndarray
    attention: np.ndarray
    pooled: np.ndarray
    direction: np.ndarray
    bias: float
    logit: float

    @property
    def probability(self) -> float:
        """Of praise, 0 … 1."""
        return float(1 / (1 + np.exp(-self.logit)))

    @property
    def known(self) -> tuple[bool, ...]:
        return tuple(word_id != UNKNOWN for word_id in self.ids)

    @cached_property
    def by_feature(self) -> np.ndarray:
        """(feature,) nats: what each feature adds to the logit; with the bias they sum to it."""
        return self.pooled * self.direction

    @cached_property
    def by_position(self) -> np.ndarray:
        """(position,) nats: attention × what the features of that position say; with the bias they sum to the logit,
        exactly.
        """
        return self.attention * self.says

    @cached_property
    def says(self) -> np.ndarray:
        """(position,) nats: what the features of each position would add if it had all the attention."""
        return self.features @ self.direction


def load_classifier(folder: Path | None = None) -> Classifier:
    """The shipped classifier, or one saved in the same files.

    Raises:
        BadFile: a file is missing, is not what it should be, or does not fit the others.
    """
    folder = folder or BUNDLED / CLASSIFIER
    with LOADING:
        return _load(folder)


def _load(folder: Path) -> Classifier:
    try:
        config = read_json(folder / "config.json", CONFIGURATION_BYTES)
        words = WordIds(tuple(read_json(folder / VOCABULARY_FILE, CONFIGURATION_BYTES)))
        sizes = Sizes(len(words), config["embedding_size"], config["hidden_size"], config["window"])
        _check_sizes(sizes, folder / WEIGHTS)
        model = ConvAttention(sizes)
        model.load_state_dict({name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()})
    except Exception as error:  # safetensors, json and torch each have errors of their own
        raise BadFile(
            "The classifier in “{name}” cannot be read: {detail}",
            name=folder.name,
            detail=" ".join(str(error).split())[:200],
        ) from error
    return Classifier(folder.name, model.eval().requires_grad_(False), words)


def _check_sizes(sizes: Sizes, path: Path) -> None:
    """Raise ValueError where a model of these sizes is not what the file holds, before it takes memory."""
    with torch.device("meta"):
        wanted = {name: tuple(tensor.shape) for name, tensor in ConvAttention(sizes).state_dict().items()}
    if wanted != {name: tensor.shape for name, tensor in read_header(path).items()}:
        raise ValueError("the weights have other sizes than the configuration")


def evenly(classifier: Classifier) -> Classifier:
    """The same weights with every word weighing 1/n: what the attention vector is compared with."""
    return replace(classifier, even=True)


def classify(classifier: Classifier, text: str) -> TextVerdict:
    """Read one text.

    Raises:
        BadInput: a blank text. TooLong: more words than `LONGEST`.
    """
    words = words_of(text)
    if len(words) > LONGEST:
        raise TooLong(
            "The classifier reads at most {most} words, and this text has {n}. Shorten it.", most=LONGEST, n=len(words)
        )
    ids = classifier.words.ids(words)
    with torch.inference_mode():
        forward = classifier.model(torch.tensor([ids]), even=classifier.even)
        scores = torch.tanh(classifier.model.score(forward.features))[0, :, 0]
    features, attention, pooled = (_sealed(part[0]) for part in forward[:3])
    dense = classifier.model.dense
    return TextVerdict(
        text,
        tuple(words),
        tuple(ids),
        features,
        _sealed(scores),
        attention,
        pooled,
        _sealed(dense.weight[0]),
        float(dense.bias),
        float(forward.logit[0]),
    )


def logits(classifier: Classifier, rows: list[list[int]]) -> np.ndarray:
    """(row,) float64 nats: many texts, as ids, in one forward; padding behind the shorter ones has no influence."""
    ids = torch.full((len(rows), max(map(len, rows))), PAD)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
    with torch.inference_mode():
        return classifier.model(ids, even=classifier.even).logit.double().numpy()


def _sealed(tensor: torch.Tensor) -> np.ndarray:
    array = tensor.detach().numpy().copy()
    array.setflags(write=False)
    return array
