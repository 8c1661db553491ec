"""A tiny random model of any type of the library: its own default configuration with every size made small.

Types that tests/tiny.py builds are built as there; for the others sizes are found by the names of keys (`SMALL`), and
what a type needs beyond that stands in `EXTRA`. Not here: what is checked on them (checks.py)."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, PreTrainedConfig, PreTrainedTokenizerFast
from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

from tests.tiny import ALL, HEADS, KEY_HEADS, LAYERS, POSITIONS, WIDTH, Tiny, _widen, build, tokenizer_for

VOCABULARY = 305  # entries of the byte-level tokenizer of tests/tiny.py, and five more
IMAGE, PATCH = 16, 8
SMALL: dict[str, int] = {
    **dict.fromkeys(("hidden_size", "d_model", "n_embd", "dim", "embed_dim", "emb_dim", "word_embed_proj_dim"), WIDTH),
    **dict.fromkeys(("true_hidden_size", "intra_bottleneck_size", "attention_hidden_size", "lru_width"), WIDTH),
    **dict.fromkeys(("num_hidden_layers", "num_layers", "n_layer", "n_layers", "encoder_layers"), LAYERS),
    **dict.fromkeys(("decoder_layers", "num_decoder_layers", "num_encoder_layers", "depth"), LAYERS),
    **dict.fromkeys(("num_attention_heads", "num_heads", "n_head", "n_heads", "encoder_attention_heads"), HEADS),
    **dict.fromkeys(("decoder_attention_heads", "num_decoder_attention_heads", "attention_heads"), HEADS),
    **dict.fromkeys(("num_encoder_attention_heads", "num_swa_attention_heads"), HEADS),
    **dict.fromkeys(("num_key_value_heads", "num_kv_heads", "num_swa_key_value_heads"), KEY_HEADS),
    **dict.fromkeys(("intermediate_size", "ffn_dim", "encoder_ffn_dim", "decoder_ffn_dim", "d_ff", "dff"), 40),
    **dict.fromkeys(("n_inner", "hidden_dim", "d_inner", "ffn_hidden_size", "feed_forward_size"), 40),
    **dict.fromkeys(("moe_intermediate_size", "shared_expert_intermediate_size", "expert_ffn_hidden_size"), 20),
    **dict.fromkeys(("intermediate_size_mlp", "moe_shared_expert_intermediate_size"), 20),
    **dict.fromkeys(("head_dim", "d_kv", "attention_head_size", "kv_channels", "swa_head_dim", "global_head_dim"), 6),
    **dict.fromkeys(("q_lora_rank",), 10),
    **dict.fromkeys(("kv_lora_rank",), 8),
    **dict.fromkeys(("qk_rope_head_dim",), 4),
    **dict.fromkeys(("qk_nope_head_dim", "v_head_dim"), 6),
    **dict.fromkeys(("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"), 4),
    **dict.fromkeys(("num_experts_per_tok", "moe_topk", "moe_k", "top_k_experts"), 2),
    **dict.fromkeys(("n_group", "topk_group", "n_shared_experts", "num_shared_experts", "first_k_dense_replace"), 1),
    **dict.fromkeys(("vocab_size", "text_vocab_size", "src_vocab_size", "tgt_vocab_size"), VOCABULARY),
    **dict.fromkeys(("max_position_embeddings", "n_positions", "max_seq_len", "max_source_positions"), POSITIONS),
    **dict.fromkeys(("max_target_positions", "n_ctx", "max_sequence_length", "seq_length"), POSITIONS),
    **dict.fromkeys(("sliding_window", "attention_window_size", "window_size", "attention_chunk_size"), 4),
    **dict.fromkeys(("mamba_d_state", "state_size", "ssm_state_size", "mamba_headdim"), 4),
    **dict.fromkeys(("mamba_n_heads", "n_mamba_heads", "mamba_num_heads"), 4),
    **dict.fromkeys(("mamba_d_head", "mamba_head_dim"), 12),
    **dict.fromkeys(("linear_key_head_dim", "linear_value_head_dim"), 8),
    **dict.fromkeys(("linear_num_key_heads",), 2),
    **dict.fromkeys(("linear_num_value_heads",), 4),
    **dict.fromkeys(("embedding_size", "input_embedding_size"), 16),
    **dict.fromkeys(("image_size", "crop_size"), IMAGE),
    **dict.fromkeys(("patch_size",), PATCH),
    **dict.fromkeys(("index_head_dim", "index_n_heads", "index_topk"), 4),
    **dict.fromkeys(("hidden_size_per_layer_input", "laurel_rank"), 8),
    **dict.fromkeys(("vocab_size_per_layer_input",), VOCABULARY),
    **dict.fromkeys(("num_kv_shared_layers", "num_nextn_predict_layers"), 0),
}
"""What a key of a size becomes, wherever a configuration has it."""

EXTRA: dict[str, dict[str, Any]] = {
    "bamba": dict(attn_layer_indices=[1]),
    "granitemoehybrid": dict(layer_types=["mamba", "attention", "mamba"], mamba_d_head=12),
    "dots1": dict(n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2),
    "hunyuan_v1_dense": dict(head_dim=6),
    "hunyuan_v1_moe": dict(head_dim=6),
    "lfm2_moe": dict(layer_types=["conv", "full_attention", "conv"]),
    **dict.fromkeys(("axk1", "longcat_flash", "youtu"), dict(head_dim=4)),
    **dict.fromkeys(("persimmon", "dinov3_vit", "mlcd", "mlcd_vision_model"), dict(hidden_size=32)),
    "sam3_vit_model": dict(hidden_size=32),  # rotary by rows and columns
    "sapiens2": dict(hidden_size=32, num_key_value_heads_per_layer=[4, 2, 4]),
    "ministral": dict(head_dim=8),
    "neomme": dict(head_dim=16),
    "fuyu": dict(text_config=dict(hidden_size=32)),
    "nemotron": dict(hidden_size=32, head_dim=8, num_key_value_heads=2),
    "encoder-decoder": dict(decoder=dict(is_decoder=True, add_cross_attention=True)),
    "bailing_hybrid": dict(num_experts=4, n_group=1, topk_group=1, num_experts_per_tok=2),
    "deepseek_v2": dict(n_group=1, topk_group=1, num_experts_per_tok=2, n_routed_experts=4, n_shared_experts=1),
    "kimi_linear": dict(num_experts=4, num_experts_per_token=2, num_experts_per_tok=2),
    "xmod": dict(default_language="en_XX", languages=["en_XX"]),
    "mamba2": dict(num_heads=4, head_dim=12, expand=2, n_groups=1),
    "nemotron_h": dict(n_groups=1, mamba_num_heads=4, mamba_head_dim=12),
    "zamba2": dict(attention_hidden_size=48, attention_head_dim=12, n_mamba_heads=4, mamba_headdim=12, mamba_ngroups=1),
    "dbrx": dict(
        attn_config=dict(kv_n_heads=2, rope_theta=1e4, clip_qkv=8.0),
        ffn_config=dict(ffn_hidden_size=40, moe_num_experts=4),
    ),
}
"""What a type needs beyond `SMALL`."""

UNLIKE = {
    "blt": "its patches of bytes have a model of their own, whose sizes hang together with the others",
    "bit": "a convolution network, whose groups hang together with its width",
}
"""Types whose tiny model would fail where a real one does not, and why."""

VISION_TABLES = ("MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES", "MODEL_FOR_IMAGE_MAPPING_NAMES")


def text_types() -> list[str]:
    """Model types that the library knows as encoder, decoder or encoder–decoder of texts, and that core.load opens."""
    known = {
        *MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        *MODEL_FOR_MASKED_LM_MAPPING_NAMES,
        *MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
    }
    return sorted(known)


def vision_types() -> list[str]:
    """Model types that classify pictures, or give features of them."""
    named = {name for table in VISION_TABLES for name in getattr(modeling_auto, table)}
    others = set(modeling_auto.MODEL_MAPPING_NAMES) - named - set(text_types())
    return sorted(named | {name for name in others if _cuts_pictures(CONFIG_MAPPING[name])})


def _cuts_pictures(config_class: type[PreTrainedConfig]) -> bool:
    """Whether a configuration has the sizes of a transformer that cuts pictures into patches."""
    stated = {*dir(config_class), *inspect.signature(config_class.__init__).parameters}
    stated |= {*getattr(config_class, "__annotations__", {}), *getattr(config_class, "attribute_map", {})}
    return {"image_size", "patch_size", "num_attention_heads"} <= stated


def small_config(config_class: type[PreTrainedConfig], extra: dict[str, Any] | None = None) -> PreTrainedConfig:
    """The default configuration of a class with every size made small, those of its parts included."""
    return config_class(**_merged(_small(config_class()), extra or {}))


def _merged(small: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    """``small`` with what ``extra`` says otherwise, part by part."""
    both = {key: _merged(small[key], extra[key]) for key in extra if isinstance(small.get(key), dict)}
    return small | extra | both


def _small(config: PreTrainedConfig) -> dict[str, Any]:
    """Keyword → small value, for what the constructor of a configuration takes."""
    stated, chosen = {**vars(config)}, {}
    aliases = getattr(config, "attribute_map", {})
    names = {*stated, *inspect.signature(type(config).__init__).parameters} - {"self", "kwargs", "args", *aliases}
    depth = next((stated[key] for key in _DEPTHS if isinstance(stated.get(key), int)), 0)
    for name in sorted(name for name in names if not isinstance(getattr(type(config), name, None), property)):
        value = stated.get(name)
        if isinstance(value, PreTrainedConfig):
            chosen[name] = _small(value)
        elif name in SMALL and isinstance(value, int) and not isinstance(value, bool):
            chosen[name] = min(SMALL[name], value) if name not in _FREE else SMALL[name]
        elif name in SMALL and isinstance(value, list | tuple) and value:
            chosen[name] = [SMALL[name]] * (LAYERS if len(value) == depth else len(value))
        elif isinstance(value, list | tuple) and depth > LAYERS and len(value) == depth:
            chosen[name] = _cut(list(value))
    if "num_key_value_heads" in chosen and stated.get("num_key_value_heads") == stated.get("num_attention_heads"):
        chosen["num_key_value_heads"] = HEADS
    return chosen


_DEPTHS = ("num_hidden_layers", "num_layers", "n_layer", "n_layers")
_FREE = {"hidden_size", "d_model", "intermediate_size", "vocab_size"}


def _cut(layers: list) -> list:
    """LAYERS entries of a list with one for each layer: its first ones, so that each kind of layer is there."""
    kinds = [kind for place, kind in enumerate(layers) if kind not in layers[:place]]
    return (kinds + layers)[:LAYERS] if len(kinds) > 1 else layers[:LAYERS]


def text_folder(name: str, where: Path) -> Path:
    """A folder with a tiny model of a text type and its tokenizer."""
    if name in ALL:
        tokenizer, model = tokenizer_for(ALL[name]), build(name, len(tokenizer_for(ALL[name])))
    else:
        tokenizer, model = _text_model(name)
    model.save_pretrained(where)
    tokenizer.save_pretrained(where)
    return where


def _text_model(name: str) -> tuple[PreTrainedTokenizerFast, torch.nn.Module]:
    from core.models.loading import _auto_class

    config = small_config(CONFIG_MAPPING[name], EXTRA.get(name))
    both = name in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES
    kind = "encoder-decoder" if both else "encoder" if name in MODEL_FOR_MASKED_LM_MAPPING_NAMES else "decoder"
    settings: dict[str, Any] = dict(pad_token_id=0, bos_token_id=1, eos_token_id=2)
    if kind == "encoder-decoder":
        settings |= dict(decoder_start_token_id=2)
    for part in {id(config): config, id(config.get_text_config()): config.get_text_config()}.values():
        for key, value in settings.items():
            setattr(part, key, value)
    torch.manual_seed(1 + sum(map(ord, name)))
    model = _auto_class(config).from_config(config).eval()
    _widen(model, 0.15)
    return tokenizer_for(Tiny(kind, "bytelevel")), model


def vision_folder(name: str, where: Path) -> Path:
    """A folder with a tiny model of a vision type, with its classifier where it has one."""
    from transformers import AutoModelForImageClassification

    config = small_config(CONFIG_MAPPING[name], EXTRA.get(f"vision {name}", EXTRA.get(name)))
    classifies = name in MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES
    architectures: Any = MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES.get(name)
    if isinstance(architectures, tuple):  # one with a teacher, one without: the library asks for which
        config.architectures = [architectures[0]]
    torch.manual_seed(1 + sum(map(ord, name)))
    model = (AutoModelForImageClassification if classifies else AutoModel).from_config(config).eval()
    _widen(model, 0.15)
    model.save_pretrained(where)
    return where
