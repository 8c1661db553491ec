"""The shape of a transformer as its configuration states it: stacks, layers, heads, key/value heads, widths.

Read from config.json alone, so that it can be drawn without loading the weights. What was really captured is counted by
the probe, never taken from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

StackName = Literal["encoder", "decoder"]


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
    width = _size(config, "hidden_size", "d_model", "n_embd", "dim")
    relative = config.get("model_type") == "t5"
    return Architecture(
        stacks=tuple(_stack(config, name, width) for name in _names(config)),
        width=width,
        vocabulary=_size(config, "vocab_size"),
        positions=None if relative else _find(config, "max_position_embeddings", "n_positions"),
        family=str(config["model_type"]),
    )


def _names(config: Mapping[str, Any]) -> tuple[StackName, ...]:
    if config.get("is_encoder_decoder"):
        return ("encoder", "decoder")
    architecture = (config.get("architectures") or [""])[0]
    return ("decoder",) if architecture.endswith(("CausalLM", "LMHeadModel")) else ("encoder",)


def _stack(config: Mapping[str, Any], name: StackName, width: int) -> Stack:
    heads = _size(config, f"{name}_attention_heads", "num_attention_heads", "num_heads", "n_head", "n_heads")
    own = ("num_decoder_layers",) if name == "decoder" else ()
    return Stack(
        name=name,
        layers=_size(config, f"{name}_layers", *own, "num_hidden_layers", "num_layers", "n_layer", "n_layers"),
        heads=heads,
        key_heads=_find(config, "num_key_value_heads") or heads,
        head_width=_find(config, "head_dim", "d_kv") or width // heads,
        inner=_find(config, f"{name}_ffn_dim", "intermediate_size", "d_ff", "n_inner", "hidden_dim") or 4 * width,
        cross=name == "decoder" and bool(config.get("is_encoder_decoder")),
    )


def _find(config: Mapping[str, Any], *names: str) -> int | None:
    return next((config[name] for name in names if isinstance(config.get(name), int)), None)


def _size(config: Mapping[str, Any], *names: str) -> int:
    found = _find(config, *names)
    if found is None:
        raise KeyError(names[0])
    return found
