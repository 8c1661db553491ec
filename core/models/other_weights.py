"""Weights that no page opens: pickled ones, and those of other frameworks; what is said where there are no others.

``python -m core fetch`` converts pickled PyTorch weights in a process of its own (core/fetching); nothing here opens a
file.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from ..errors import BadFile, UnsupportedModel

PICKLED, PICKLED_INDEX = "pytorch_model.bin", "pytorch_model.bin.index.json"
PICKLED_SHARD = re.compile(r"pytorch_model[\w.-]{0,100}\.bin", re.ASCII)
FRAMEWORKS = {  # of another kind of weights, by the end of its files
    **{".h5": "TensorFlow", ".msgpack": "Flax", ".ckpt.index": "TensorFlow", ".ckpt.meta": "TensorFlow"},
    **{".ot": "Rust", ".onnx": "ONNX", ".gguf": "llama.cpp", ".mlmodel": "Core ML", ".tflite": "TensorFlow Lite"},
}
_NAMED = 8  # files in a message


def is_pickled(files: Iterable[str]) -> bool:
    """Whether these are pickled PyTorch weights, as ``save_pretrained`` wrote them until 2023."""
    return any(file in (PICKLED, PICKLED_INDEX) for file in files)


def fetch_command(name: str) -> str:
    """What whoever runs Mirante types to bring a model to the models folder."""
    return f"python -m core fetch {shlex.quote(name)}"


def no_safetensors(name: str, files: Iterable[str]) -> BadFile | UnsupportedModel:
    """The error for a model of which these files, no safetensors among them, are all there is."""
    files = sorted(files)
    if is_pickled(files):
        return BadFile(
            "“{name}” has only pickled weights, which can run code when they are opened, so no page opens them. "
            "Whoever runs Mirante converts them, in a process of their own that runs no code, with: {command}",
            name=name,
            command=fetch_command(name),
        )
    named = {framework for file in files for end, framework in FRAMEWORKS.items() if file.endswith(end)}
    if named:
        return UnsupportedModel(
            "“{name}” has weights for {frameworks} only, and Mirante reads PyTorch’s. Found: {detail}. Look on the hub "
            "for the same model in safetensors.",
            name=name,
            frameworks=", ".join(sorted(named)),
            detail=_named(files),
        )
    return no_weights(name, _named(files))


def no_weights(name: str, detail: object) -> BadFile:
    """The error for a model without weights that can be read."""
    return BadFile(
        "The folder of “{name}” has no usable *.safetensors weights, and Mirante opens no other "
        "format (pickled weights can run code). "
        "Save the model with save_pretrained(…). Found: {detail}",
        name=name,
        detail=detail,
    )


def _named(files: list[str]) -> str:
    return ", ".join(files[:_NAMED]) + (" …" if len(files) > _NAMED else "") or "—"
