"""Architectures: everything that Mirante knows of a family by its name, its modules' names or its configuration's keys.

A family that the library runs through the seam needs no entry: what it is, is measured (core/models/verify.py). A
family outside the seam is added HERE, and as a tiny model in tests/tiny.py; nowhere else. Inside:

    KNOWN       how families outside the seam make their scores, so that q, k and v can be shown beside their maps
    DRAWS_MASKS models of pictures that are shown by their encoder
    REFUSED     families whose output looks like a map of tokens and is none
    size_of     a size (layers, heads, width …) under whatever key a configuration has it
    both_sides  height and width of a picture or a patch
    output_of   the module that holds W_O of an attention module
    no_cache    the option that runs a family without a cache
    is_relative, is_rotary, position_modules …   how families place their tokens

Not inside: reading the maps (eager.py), and the sizes as one object (core/models/architecture.py). Sources: the
modelling and configuration files of transformers 5.23.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import Message

if TYPE_CHECKING:  # the bar on top is drawn from sizes, before torch is imported (ui/serving/first_imports.py)
    from torch import nn
    from transformers import PreTrainedConfig, PreTrainedModel
    from transformers.pytorch_utils import Conv1D

StackName = Literal["encoder", "decoder"]
Size = Literal["layers", "heads", "key_heads", "head_width", "width", "inner", "positions", "vocabulary"]

_SIZES: dict[Size, tuple[str, ...]] = {
    "layers": ("num_hidden_layers", "num_layers", "n_layer", "n_layers"),
    "heads": ("num_attention_heads", "num_heads", "n_head", "n_heads"),
    "key_heads": ("num_key_value_heads",),
    "head_width": ("head_dim", "d_kv"),
    "width": ("hidden_size", "d_model", "n_embd", "dim"),
    "inner": ("intermediate_size", "d_ff", "n_inner", "hidden_dim"),
    "positions": ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx"),
    "vocabulary": ("vocab_size",),
}

# Names of a size in encoder–decoders that state it for each side; they come before the general names.
_STACK_SIZES: dict[tuple[Size, StackName], tuple[str, ...]] = {
    ("layers", "encoder"): ("encoder_layers",),
    ("layers", "decoder"): ("decoder_layers", "num_decoder_layers"),
    ("heads", "encoder"): ("encoder_attention_heads",),
    ("heads", "decoder"): ("decoder_attention_heads",),
    ("inner", "encoder"): ("encoder_ffn_dim",),
    ("inner", "decoder"): ("decoder_ffn_dim",),
}

SIZE_KEYS: dict[str, Size] = {
    key: size
    for size, keys in (*_SIZES.items(), *((size, keys) for (size, _), keys in _STACK_SIZES.items()))
    for key in keys
}
"""Which size each key of a configuration states."""

# Names of W_O inside the attention module; BERT and its kin keep it in the sibling ``output.dense``.
_OUTPUTS = ("o_proj", "out_proj", "c_proj", "Wo", "out_lin", "o", "dense")

_RELATIVE = frozenset({"t5"})  # n_positions is a leftover in their configurations: the bias is relative
_ROTARY_KEYS = ("rotary_dim", "rope_theta", "rope_parameters")
_ANGLES = frozenset({"roformer"})  # their table of sines holds angles, not vectors that are added
_POSITION_TABLES = frozenset({"position_embeddings", "embed_positions", "wpe", "position_embedding"})


def _root(config: PreTrainedConfig, width: int) -> float:
    return width**-0.5


def _deberta(config: PreTrainedConfig, width: int) -> float:
    """He 2021, eq. 4: 1/√(3d) with both position terms, in general 1/√(d·(1 + number of terms))."""
    return (width * (1 + len(config.pos_att_type or ()))) ** -0.5


@dataclass(frozen=True)
class Known:
    """How a family makes its scores: scaling·q·k, and what it adds (``term``, empty when it is q·k and the mask alone).

    ``folded``: the side that was multiplied by the scaling before the product; we divide it out again.
    """

    term: str = ""
    scaling: Callable[[PreTrainedConfig, int], float] = _root
    folded: Literal["query", "key"] | None = None


# Each entry is held by tests/core/attention/test_eager.py and test_parity.py: vectors against projections, q·k against
# the map.
KNOWN: dict[str, Known] = {
    "bloom": Known("ALiBi"),
    "codegen": Known(),
    "data2vec-vision": Known("a relative position bias in some checkpoints"),
    "deberta": Known("content-to-position and position-to-content scores", _deberta, "query"),
    "deberta-v2": Known("content-to-position and position-to-content scores", _deberta, "key"),
    "falcon": Known("ALiBi in some checkpoints"),
    "flaubert": Known(folded="query"),
    "fsmt": Known(folded="query"),
    "gpt_neo": Known(scaling=lambda config, width: 1.0),
    "gptj": Known(),
    "megatron-bert": Known(),
    "mpnet": Known("a relative position bias"),
    "mpt": Known("ALiBi"),
    "openai-gpt": Known(),
    "nystromformer": Known(scaling=lambda config, width: 1.0),
    "rembert": Known(),
    "roformer": Known(),
    "squeezebert": Known(),
    "xglm": Known(folded="query"),
    "xlnet": Known("relative position scores; the query includes the learned content bias r_w"),
}

# Output that could pass for a map of tokens. Sources: the modeling files of transformers 5.23.
REFUSED: dict[str, str] = {
    "big_bird": "its block-sparse attention looks at random blocks, and short sentences switch it to another mechanism",
    "bigbird_pegasus": (
        "its block-sparse attention looks at random blocks, and short sentences switch it to another mechanism"
    ),
    "diffllama": "each head subtracts one attention map from another, and the result is not a distribution",
    "funnel": "it pools the sentence between layers, so rows and columns stop being tokens",
    "mra": "its attention is an approximation by blocks",
    "pegasus_x": "its encoder looks at blocks and at places that are no tokens of the sentence",
    "prophetnet": "it reports scores before softmax, and its decoder predicts several streams at once",
    "reformer": "it groups tokens by hashing, and each run would show another map",
    "yoso": "its attention is sampled, not computed",
}


DRAWS_MASKS = frozenset({"sam", "sam_hq"})
"""Models of pictures whose attention is that of one part, which their ``vision_config`` describes: its encoder."""

# Families that are refused in one of their configurations: (condition, reason).
_REFUSED_WHERE: dict[str, tuple[Callable[[PreTrainedConfig], bool], Message]] = {
    "nystromformer": (
        lambda config: config.num_landmarks != config.segment_means_seq_len,
        Message("its cells are mixtures of landmarks, not weights from token to token"),
    ),
}


def refusal_of(config: PreTrainedConfig) -> Message | None:
    """Why the attention of a family is refused; None where it is not (BigBird is accepted with full attention)."""
    if config.model_type in _REFUSED_WHERE:
        refused, reason = _REFUSED_WHERE[config.model_type]
        return reason if refused(config) else None
    if getattr(config, "attention_type", None) == "original_full" or config.model_type not in REFUSED:
        return None
    return Message(REFUSED[config.model_type])


def size_of(config: Mapping[str, Any] | PreTrainedConfig, size: Size, stack: StackName | None = None) -> int | None:
    """A size that a configuration states, or None.

    config: of a loaded model, or config.json as a mapping. stack: the side of an encoder–decoder that is meant.
    A size that is stated for each layer (Gemma 3n) counts as the largest of them.
    """
    names = (*(_STACK_SIZES.get((size, stack), ()) if stack else ()), *_SIZES[size])
    stated = (config.get(name) if isinstance(config, Mapping) else getattr(config, name, None) for name in names)
    return next((number for number in map(_largest, stated) if number is not None), None)


def _largest(stated: object) -> int | None:
    """A whole number, or the largest of a list of them; None for anything else."""
    if isinstance(stated, list | tuple) and stated and all(isinstance(number, int) for number in stated):
        return max(stated)
    return stated if isinstance(stated, int) else None


def both_sides(size: int | Sequence[int]) -> tuple[int, int]:
    """(height, width) of a size of pictures that a configuration gives once where both are equal."""
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def output_of(attention: nn.Module, parent: nn.Module | None) -> nn.Linear | Conv1D | None:
    """The module that holds W_O of an attention module, by its name; ``parent`` is the module around it."""
    from torch import nn
    from transformers.pytorch_utils import Conv1D

    sibling = getattr(parent, "output", None)
    candidates = (*(getattr(attention, name, None) for name in _OUTPUTS), getattr(sibling, "dense", None))
    return next((module for module in candidates if isinstance(module, nn.Linear | Conv1D)), None)


def body_of(model: PreTrainedModel) -> nn.Module:
    """The model without its prediction head; of an encoder–decoder the encoder, which reads a text by itself."""
    if model.config.is_encoder_decoder:
        return model.get_encoder()
    return getattr(model, model.base_model_prefix, model)


def no_cache(model: nn.Module) -> dict[str, bool]:
    """The option that runs a family without a cache, where it has one.

    With one, FSMT drops its causal mask, and others copy keys and values into it.
    """
    return {"use_cache": False} if "use_cache" in inspect.signature(model.forward).parameters else {}


def is_relative(family: str | None) -> bool:
    """Whether positions of a family (its model_type) are relative, so that no number of them is a limit."""
    return family in _RELATIVE


def is_rotary(model: nn.Module, config: PreTrainedConfig) -> bool:
    """Whether positions turn the queries and keys before they meet (rotary positions)."""
    if any(getattr(config, name, None) for name in _ROTARY_KEYS):
        return True
    return any(
        "rotary" in name.lower()
        for module_class in {type(module) for module in model.modules()}
        for name in (module_class.__name__, *vars(module_class))
    )


def position_modules(model: PreTrainedModel) -> list[str]:
    """Paths of the modules that make positions: rotary ones, else tables of positions; [] where neither is known."""
    from torch import nn

    if model.config.model_type in _ANGLES:
        return []
    named = list(model.named_modules())
    rotary = [path for path, module in named if "rotary" in type(module).__name__.lower()]
    tables = [
        path
        for path, module in named
        if isinstance(module, nn.Embedding) and path.rpartition(".")[2] in _POSITION_TABLES
    ]
    return rotary or tables


def offset_tables(model: nn.Module) -> list[nn.Embedding]:
    """Tables of positions that count from padding_idx + 1 (RoBERTa and its kin)."""
    from torch import nn

    return [
        module
        for path, module in model.named_modules()
        if path.endswith("embeddings.position_embeddings")
        and isinstance(module, nn.Embedding)
        and module.padding_idx is not None
    ]


def is_sinusoidal(module: nn.Module) -> bool:
    """Whether a module is a fixed table of sines, which no checkpoint holds."""
    return "Sinusoidal" in type(module).__name__


def turns_by_length(module: nn.Module) -> bool:
    """Whether a module scales its rotary frequencies by the length of the text: the library's own condition.

    ``rope_type`` is a name, or one name per layer type.
    """
    named = getattr(module, "rope_type", None)
    types = named.values() if isinstance(named, dict) else [named]
    return any(isinstance(name, str) and ("dynamic" in name or name == "longrope") for name in types)
