"""What is shipped: the bundled models, described from their files without loading them.

Parameter counts are read from the headers of the safetensors files, so that listing the models takes milliseconds.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from ..attention.families import DRAWS_MASKS, Size, size_of
from ..errors import BadFile
from .sources import BUNDLED, bundled_names
from .weight_headers import read_header

UNLEARNED = ("final_logits_bias",)
"""Entries of a weights file that are no learned numbers: a buffer of zeros that Marian and BART save."""


@dataclass(frozen=True)
class CatalogEntry:
    """One bundled model.

    layers, heads: of the encoder (or the only stack). vocabulary: its entries, or the answers of a model of kind
    vision. bytes: size of the weights on disk.
    """

    name: str
    kind: str
    layers: int
    heads: int
    parameters: int
    vocabulary: int
    bytes: int

    def as_dict(self) -> dict:
        return asdict(self)


def entries() -> tuple[CatalogEntry, ...]:
    """Every bundled model, sorted by name."""
    return tuple(describe(BUNDLED / name) for name in bundled_names())


def describe(folder: Path) -> CatalogEntry:
    """The entry of one model folder.

    Raises:
        BadFile: its configuration or weights cannot be read.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        weights = sorted(folder.glob("*.safetensors"))
        return CatalogEntry(
            name=folder.name,
            kind=_kind(config),
            layers=_size(config, "layers"),
            heads=_size(config, "heads"),
            parameters=sum(map(_parameters, weights)),
            vocabulary=_answers(config),
            bytes=sum(p.stat().st_size for p in weights),
        )
    except (OSError, ValueError, KeyError) as error:
        raise BadFile("The bundled model “{name}” is damaged: {detail}", name=folder.name, detail=error) from error


@lru_cache(maxsize=32)
def bundled_kind(name: str) -> str | None:
    """encoder, decoder or encoder-decoder for a bundled model; None for any other name."""
    return describe(BUNDLED / name).kind if name in bundled_names() else None


@lru_cache(maxsize=32)
def learned_positions(name: str) -> int | None:
    """How many positions of a bundled model are worth looking at: up to where its measured accuracy falls off.

    Read from ``by_position`` of its evaluation (masked accuracy per range, 95 % intervals): the end of the last range
    before one whose whole interval lies below the first range's. None when nothing was measured or nothing falls.
    """
    path = BUNDLED / name / "evaluation.json"
    if name not in bundled_names() or not path.exists():
        return None
    ranges = list(json.loads(path.read_text(encoding="utf-8")).get("by_position", {}).items())
    for (before, _), (_, accuracy) in pairwise(ranges):
        if accuracy["high"] < ranges[0][1]["low"]:
            return int(before.partition("-")[2]) + 1
    return None


@lru_cache(maxsize=32)
def alignment(name: str) -> dict | None:
    """What was measured of a bundled translator against words linked by hand, rows named by the word they write:
    ``all`` (best head), ``other_half`` and ``moved`` (chosen on the other half: all words, those that change places),
    ``mean_of_heads``, ``diagonal`` (the same relative place, no model), each with value, low, high (95 %) and n;
    ``paired``: words that only head or only place finds; None where nothing was."""
    path = BUNDLED / name / "evaluation.json"
    if name not in bundled_names() or not path.exists():
        return None
    measured = json.loads(path.read_text(encoding="utf-8")).get("alignment")
    return {**measured["written"], "diagonal": measured["diagonal"]} if measured else None


@lru_cache(maxsize=32)
def longest_learned(name: str) -> int | None:
    """How many words and marks the longest text has, on either side, that a bundled translator was trained on; None
    for any other model."""
    path = BUNDLED / name / "evaluation.json"
    if name not in bundled_names() or not path.exists():
        return None
    return json.loads(path.read_text(encoding="utf-8")).get("pairs", {}).get("longest")


def alignment_head(name: str) -> tuple[int, int] | None:
    """(layer, head), from 0, of the cross-attention head that aligned most words of a bundled translator's gold.

    None where none was measured.
    """
    measured = alignment(name)
    return None if measured is None else tuple(measured["all"]["head"])


def kind_at(folder: Path) -> str:
    """encoder, decoder, encoder-decoder, vision or classifier, from a model folder's configuration alone."""
    return _kind(json.loads((folder / "config.json").read_text(encoding="utf-8")))


def _kind(config: dict) -> str:
    if "patch_size" in config or config.get("model_type") in DRAWS_MASKS:
        return "vision"
    if config.get("model_type") == "conv-attention":
        return "classifier"
    if config.get("is_encoder_decoder"):
        return "encoder-decoder"
    architecture = (config.get("architectures") or [""])[0]
    return "decoder" if architecture.endswith(("CausalLM", "LMHeadModel")) else "encoder"


def _answers(config: dict) -> int:
    """Entries of the vocabulary; names of the answers where pictures are read."""
    return len(config["id2label"]) if _kind(config) == "vision" else _size(config, "vocabulary")


def _size(config: dict, size: Size) -> int:
    """A size of the only stack, or of the encoder."""
    number = size_of(config, size, "encoder")
    if number is None:
        raise KeyError(size)
    return number


def _parameters(path: Path) -> int:
    """Number of learned values in a safetensors file."""
    return sum(tensor.numbers for name, tensor in read_header(path).items() if name not in UNLEARNED)
