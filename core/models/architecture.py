"""The shape of a transformer as its configuration states it: stacks, layers, heads, key/value heads, widths.

Read from config.json alone, so that it can be drawn without loading the weights. Under which
keys families state their sizes is said in core/attention/families.py. What was really captured is counted by verify.py,
never taken from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..attention.families import Size, StackName, is_relative, size_of


@dataclass(frozen=True)
class Stack:
    """One tower of equal blocks. ``key_heads`` < ``heads`` where query heads share keys and values (GQA, MQA)."""

    name: StackName
    layers: int
    heads: int
    key_heads: int
    head_width: int
    inner: int
    cross: bool


@dataclass(frozen=True)
class Architecture:
    """The whole model; ``positions`` None when they are relative."""

    stacks: tuple[Stack, ...]
    width: int
    vocabulary: int
    positions: int | None
    family: str


def architecture_of(config: Mapping[str, Any]) -> Architecture:
    """The shape that a config.json (as a mapping) describes.

    Raises:
        KeyError: a size is not there under any of the names in use.
    """
    width = _size(config, "width")
    return Architecture(
        stacks=tuple(_stack(config, name, width) for name in _names(config)),
        width=width,
        vocabulary=_size(config, "vocabulary"),
        positions=None if is_relative(config.get("model_type")) else size_of(config, "positions"),
        family=str(config["model_type"]),
    )


def _names(config: Mapping[str, Any]) -> tuple[StackName, ...]:
    if config.get("is_encoder_decoder"):
        return ("encoder", "decoder")
    architecture = (config.get("architectures") or [""])[0]
    return ("decoder",) if architecture.endswith(("CausalLM", "LMHeadModel")) else ("encoder",)


def _stack(config: Mapping[str, Any], name: StackName, width: int) -> Stack:
    heads = _size(config, "heads", name)
    return Stack(
        name=name,
        layers=_size(config, "layers", name),
        heads=heads,
        key_heads=size_of(config, "key_heads") or heads,
        head_width=size_of(config, "head_width") or width // heads,
        inner=size_of(config, "inner", name) or 4 * width,
        cross=name == "decoder" and bool(config.get("is_encoder_decoder")),
    )


def _size(config: Mapping[str, Any], size: Size, stack: StackName | None = None) -> int:
    number = size_of(config, size, stack)
    if number is None:
        raise KeyError(size)
    return number
