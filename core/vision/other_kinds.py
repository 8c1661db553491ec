"""What a model of pictures is that has no one map of patches, in words: pyramids, and what reads more than a picture.

Not inside: what a test picture shows of a model's maps (verify.py).
"""

from __future__ import annotations

import inspect

from torch import nn
from transformers import PreTrainedConfig, PreTrainedModel

from ..errors import Message

_STAGES = ("depths", "depth")
_HEADS = ("num_attention_heads", "num_heads")


def pyramid_of(config: PreTrainedConfig) -> Message | None:
    """Why a configuration of stages with attention (Swin, LeViT, Hiera, PVT …) is refused; None where it has no stages.

    Stages are told by lists of their layers, beside numbers of heads; a network of convolutions has no heads.
    """
    stages = next((listed for name in _STAGES if isinstance(listed := getattr(config, name, None), list | tuple)), ())
    if len(stages) < 2 or all(getattr(config, name, None) is None for name in _HEADS):
        return None
    if hasattr(config, "upscale"):  # Swin2SR makes pictures larger, and no stage of it is smaller than the others
        return Message(
            "its layers look within windows that lie elsewhere from layer to layer, and such windows are not brought "
            "back to the picture’s patches"
        )
    return Message(
        "it is a pyramid: from stage to stage its patches (in some models those of a window) are merged into fewer and "
        "larger ones, so that its layers do not look at the same patches"
    )


def failure_of(model: PreTrainedModel, error: Exception) -> Message:
    """What a model is on which a test picture fails; where that is not known, what its code said."""
    reads = inspect.signature(model.forward).parameters
    if getattr(model.config, "num_frames", None) is not None:
        return Message("it reads films, and a picture alone is none")
    if "input_ids" in reads:
        return Message("it reads a text beside the picture")
    if further := _further(model):
        return Message("a picture alone is not enough for it: it also asks for {inputs}", inputs=further)
    return Message("a test picture fails ({error})", error=error)


def _further(model: nn.Module) -> str:
    """What a model's forward must be given beside the picture, as its library calls it."""
    parameters = inspect.signature(model.forward).parameters.values()
    plain = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    inputs = [p.name for p in parameters if p.default is p.empty and p.kind not in plain]
    return ", ".join(name for name in inputs if name != "pixel_values")
