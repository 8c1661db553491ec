"""Tiny random models, one per architecture, saved to disk so that the real loading code opens them.

Every size differs (3 layers, 4 heads, 2 key/value heads, head width 6, other widths and vocabularies), so a swapped
axis fails a test. Weights are wide enough that attention is far from uniform. The tokenizers are trained in memory on
a few Portuguese sentences, in three styles (``##`` pieces, byte-level ``Ġ``, ``▁``). No network, no hub, no gold
values.

    from tests.tiny import SEAM, OUTSIDE, REFUSED, SENTENCE, folder
    lm = core.load(folder("bert"))
"""

from __future__ import annotations

import atexit
import os
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    PreTrainedTokenizerFast,
)
from transformers.utils import logging

logging.disable_progress_bar()

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."
TARGET = "Ela encheu o copo com água."
CORPUS = (
    SENTENCE,
    TARGET,
    "Ela derramou água da jarra para o copo até que ficasse vazia.",
    "O menino leu o livro que a professora deixou sobre a mesa.",
    "Não há, porém, quem não veja a ponte à noite.",
    "As gatas pretas dormiam ao sol enquanto os cães corriam.",
    "Quando o trem chegou, João já tinha saído da estação.",
)
LAYERS, HEADS, KEY_HEADS, WIDTH, HEAD_DIM, POSITIONS = 3, 4, 2, 24, 6, 96


@dataclass(frozen=True)
class Tiny:
    """How to build one model: ``kind`` is what ``core.load`` must find; ``config`` are the architecture's own names."""

    kind: str
    style: str
    config: dict = field(default_factory=dict)
    model_type: str | None = None
    head: type | None = None
    std: float = 0.18


# Names that many configurations share -------------------------------------------------------------------------------
_BERT = dict(
    hidden_size=WIDTH,
    num_hidden_layers=LAYERS,
    num_attention_heads=HEADS,
    intermediate_size=40,
    max_position_embeddings=POSITIONS,
)
_LLAMA = dict(_BERT, hidden_size=28, num_key_value_heads=KEY_HEADS, head_dim=HEAD_DIM)
_PLAIN = dict(_BERT, num_key_value_heads=KEY_HEADS)
_MOE = dict(num_local_experts=2, num_experts=2, num_experts_per_tok=1, moe_intermediate_size=20)
_GPT = dict(n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS, n_positions=POSITIONS)
_BART = dict(
    d_model=WIDTH,
    encoder_layers=LAYERS,
    decoder_layers=2,
    encoder_attention_heads=HEADS,
    decoder_attention_heads=2,
    encoder_ffn_dim=40,
    decoder_ffn_dim=44,
    max_position_embeddings=POSITIONS,
    forced_bos_token_id=None,
    forced_eos_token_id=None,
)
_T5 = dict(
    d_model=28,
    d_kv=HEAD_DIM,
    d_ff=40,
    num_layers=LAYERS,
    num_decoder_layers=2,
    num_heads=HEADS,
    relative_attention_num_buckets=8,
)
_DEBERTA = dict(
    _BERT,
    relative_attention=True,
    position_buckets=8,
    max_relative_positions=16,
    pos_att_type=["p2c", "c2p"],
    position_biased_input=False,
)

# Families that dispatch through transformers' AttentionInterface -----------------------------------------------------
SEAM: dict[str, Tiny] = {
    "bert": Tiny("encoder", "wordpiece", _BERT),
    "roberta": Tiny("encoder", "bytelevel", _BERT),
    "electra": Tiny("encoder", "wordpiece", dict(_BERT, embedding_size=16)),
    "distilbert": Tiny(
        "encoder",
        "wordpiece",
        dict(dim=WIDTH, n_layers=LAYERS, n_heads=HEADS, hidden_dim=40, max_position_embeddings=POSITIONS),
    ),
    "albert": Tiny("encoder", "metaspace", dict(_BERT, embedding_size=16, inner_group_num=1)),
    "albert-groups": Tiny(
        "encoder", "metaspace", dict(_BERT, num_hidden_layers=4, embedding_size=16, num_hidden_groups=2), "albert"
    ),
    "xlm-roberta": Tiny("encoder", "metaspace", _BERT),
    "camembert": Tiny("encoder", "metaspace", _BERT),
    "ernie": Tiny("encoder", "wordpiece", _BERT),
    "esm": Tiny("encoder", "wordpiece", dict(_BERT, position_embedding_type="rotary", token_dropout=False)),
    "modernbert": Tiny("encoder", "bytelevel", dict(_BERT, local_attention=6, global_attn_every_n_layers=3)),
    "eurobert": Tiny("encoder", "bytelevel", _PLAIN),
    "mobilebert": Tiny(
        "encoder", "wordpiece", dict(_BERT, embedding_size=16, true_hidden_size=20, intra_bottleneck_size=20), std=0.12
    ),
    "gpt2": Tiny("decoder", "bytelevel", _GPT),
    "gpt2-unscaled": Tiny("decoder", "bytelevel", dict(_GPT, scale_attn_by_inverse_layer_idx=True), "gpt2"),
    "gpt_bigcode": Tiny("decoder", "bytelevel", dict(_GPT, multi_query=True)),
    "gpt_neox": Tiny("decoder", "bytelevel", dict(_BERT, rotary_pct=1.0)),
    "opt": Tiny(
        "decoder",
        "bytelevel",
        dict(
            hidden_size=WIDTH,
            word_embed_proj_dim=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            ffn_dim=40,
            max_position_embeddings=POSITIONS,
        ),
    ),
    "biogpt": Tiny("decoder", "metaspace", _BERT),
    "llama": Tiny("decoder", "metaspace", _LLAMA),
    "mistral-sliding": Tiny("decoder", "metaspace", dict(_LLAMA, sliding_window=4), "mistral"),
    "mixtral": Tiny("decoder", "metaspace", dict(_LLAMA, **_MOE)),
    "qwen2": Tiny("decoder", "bytelevel", _PLAIN),
    "qwen3": Tiny("decoder", "bytelevel", _LLAMA),
    "gemma": Tiny("decoder", "metaspace", dict(_LLAMA, num_key_value_heads=1)),
    "gemma2": Tiny(
        "decoder", "metaspace", dict(_LLAMA, sliding_window=4, attn_logit_softcapping=2.0, query_pre_attn_scalar=9)
    ),
    "gemma3_text": Tiny(
        "decoder",
        "metaspace",
        dict(
            _LLAMA,
            sliding_window=4,
            query_pre_attn_scalar=9,
            layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        ),
    ),
    "phi": Tiny("decoder", "bytelevel", dict(_PLAIN, partial_rotary_factor=1.0)),
    "phi3": Tiny("decoder", "metaspace", dict(_PLAIN, pad_token_id=0, sliding_window=5)),
    "gpt_oss": Tiny("decoder", "bytelevel", dict(_LLAMA, **_MOE, sliding_window=4)),
    "olmo2": Tiny("decoder", "bytelevel", _PLAIN),
    "cohere": Tiny("decoder", "bytelevel", _PLAIN),
    "cohere2": Tiny("decoder", "bytelevel", dict(_LLAMA, sliding_window=4)),
    "granite": Tiny("decoder", "bytelevel", dict(_PLAIN, attention_multiplier=0.3)),
    "smollm3": Tiny("decoder", "bytelevel", _PLAIN),
    "starcoder2": Tiny("decoder", "bytelevel", dict(_PLAIN, sliding_window=4)),
    "stablelm": Tiny("decoder", "bytelevel", dict(_PLAIN, partial_rotary_factor=1.0)),
    "deepseek_v3": Tiny(
        "decoder",
        "bytelevel",
        dict(
            _BERT,
            num_key_value_heads=HEADS,
            q_lora_rank=10,
            kv_lora_rank=8,
            qk_rope_head_dim=4,
            qk_nope_head_dim=6,
            v_head_dim=5,
            n_routed_experts=4,
            num_experts_per_tok=2,
            n_group=2,
            topk_group=1,
            moe_intermediate_size=20,
            first_k_dense_replace=1,
        ),
    ),
    "ctrl": Tiny(
        "decoder", "bytelevel", dict(n_embd=WIDTH, dff=40, n_layer=LAYERS, n_head=HEADS, n_positions=POSITIONS)
    ),
    "t5": Tiny("encoder-decoder", "metaspace", _T5, std=0.12),
    "mt5": Tiny("encoder-decoder", "metaspace", dict(_T5, feed_forward_proj="gated-gelu"), std=0.12),
    "umt5": Tiny("encoder-decoder", "metaspace", _T5, std=0.12),
    "bart": Tiny("encoder-decoder", "bytelevel", _BART),
    "marian": Tiny("encoder-decoder", "metaspace", _BART),
    "mbart": Tiny("encoder-decoder", "metaspace", _BART),
    "pegasus": Tiny("encoder-decoder", "metaspace", _BART),
    "m2m_100": Tiny("encoder-decoder", "metaspace", _BART),
    "blenderbot": Tiny("encoder-decoder", "bytelevel", _BART),
}

# Families that compute attention on their own: read through output_attentions ----------------------------------------
OUTSIDE: dict[str, Tiny] = {
    "bloom": Tiny("decoder", "bytelevel", dict(hidden_size=WIDTH, n_layer=LAYERS, n_head=HEADS)),
    "gpt_neo": Tiny(
        "decoder",
        "bytelevel",
        dict(
            hidden_size=WIDTH,
            num_layers=LAYERS,
            num_heads=HEADS,
            intermediate_size=40,
            window_size=4,
            attention_types=[[["global", "local", "global"], 1]],
            max_position_embeddings=POSITIONS,
        ),
    ),
    "gptj": Tiny("decoder", "bytelevel", dict(_GPT, rotary_dim=4)),
    "codegen": Tiny("decoder", "bytelevel", dict(_GPT, rotary_dim=4)),
    "falcon": Tiny(
        "decoder",
        "bytelevel",
        dict(hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS, max_position_embeddings=POSITIONS),
    ),
    "falcon-alibi": Tiny(
        "decoder",
        "bytelevel",
        dict(
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            alibi=True,
            multi_query=False,
            parallel_attn=False,
        ),
        "falcon",
    ),
    "mpt": Tiny("decoder", "bytelevel", dict(d_model=WIDTH, n_layers=LAYERS, n_heads=HEADS, max_seq_len=POSITIONS)),
    "openai-gpt": Tiny("decoder", "wordpiece", _GPT),
    "xglm": Tiny(
        "decoder",
        "metaspace",
        dict(d_model=WIDTH, num_layers=LAYERS, attention_heads=HEADS, ffn_dim=40, max_position_embeddings=POSITIONS),
    ),
    "deberta": Tiny("encoder", "bytelevel", _DEBERTA),
    "deberta-v2": Tiny(
        "encoder", "metaspace", dict(_DEBERTA, share_att_key=True, norm_rel_ebd="layer_norm", conv_kernel_size=3)
    ),
    "xlnet": Tiny(
        "encoder", "metaspace", dict(d_model=WIDTH, n_layer=LAYERS, n_head=HEADS, d_inner=40), head=AutoModelForCausalLM
    ),
    "mpnet": Tiny(
        "encoder", "wordpiece", dict(_BERT, relative_attention_num_buckets=32)
    ),  # 32 is written in its forward
    "roformer": Tiny("encoder", "wordpiece", _BERT),
    "rembert": Tiny("encoder", "metaspace", dict(_BERT, input_embedding_size=16, output_embedding_size=20)),
    "megatron-bert": Tiny("encoder", "wordpiece", _BERT),
    "flaubert": Tiny(
        "encoder", "metaspace", dict(emb_dim=WIDTH, n_layers=LAYERS, n_heads=HEADS, max_position_embeddings=POSITIONS)
    ),
    "fsmt": Tiny(
        "encoder-decoder",
        "metaspace",
        dict(
            d_model=WIDTH,
            encoder_layers=LAYERS,
            decoder_layers=2,
            encoder_attention_heads=HEADS,
            decoder_attention_heads=2,
            encoder_ffn_dim=40,
            decoder_ffn_dim=44,
            langs=["en", "pt"],
            src_vocab_size=131,
            tgt_vocab_size=131,
        ),
    ),
}

# Families that the seam reaches, but where something differs from eager mode (see test_verify.py) ---------------------
SPECIAL: dict[str, Tiny] = {
    "nllb-moe": Tiny(
        "encoder-decoder", "metaspace", dict(_BART, decoder_attention_heads=HEADS, num_experts=2, expert_capacity=64)
    ),
    "phi3-longrope": Tiny(
        "decoder",
        "metaspace",
        dict(
            _PLAIN,
            original_max_position_embeddings=24,
            rope_parameters=dict(
                rope_type="longrope",
                rope_theta=10000.0,
                factor=4.0,
                original_max_position_embeddings=24,
                short_factor=[1.0, 1.1, 1.2],
                long_factor=[2.0, 4.0, 8.0],
            ),
        ),
        "phi3",
    ),
    "convbert": Tiny(
        "encoder", "wordpiece", dict(_BERT, embedding_size=WIDTH, head_ratio=2, conv_kernel_size=3, num_groups=1)
    ),
    "inkling_text": Tiny(
        "decoder",
        "bytelevel",
        dict(
            _LLAMA,
            swa_num_attention_heads=HEADS,
            swa_num_key_value_heads=KEY_HEADS,
            swa_head_dim=HEAD_DIM,
            sliding_window_size=4,
            d_rel=4,
            rel_extent=16,
            unpadded_vocab_size=None,
            moe_intermediate_size=20,
            n_routed_experts=4,
            num_experts_per_tok=2,
            n_shared_experts=1,
            layer_types=["hybrid_sliding", "hybrid", "hybrid_sliding"],
            mlp_layer_types=["dense", "sparse", "sparse"],
        ),
    ),
    "granite_swa": Tiny("decoder", "bytelevel", dict(_PLAIN, sliding_window=4, attention_multiplier=0.3)),
    "bert-decoder": Tiny("encoder", "wordpiece", dict(_BERT, is_decoder=True), "bert"),
    "ibert": Tiny("encoder", "bytelevel", _BERT),  # its table of words is quantised
    "t5-deeper-decoder": Tiny(
        "encoder-decoder", "metaspace", dict(_T5, num_layers=2, num_decoder_layers=LAYERS), "t5", std=0.12
    ),
    "afmoe": Tiny("decoder", "bytelevel", dict(_LLAMA, **_MOE)),
}

# Families some of whose layers have no attention, or whose layers have something beside it --------------------------
_MAMBA2 = dict(mamba_n_heads=4, mamba_d_head=12, mamba_d_state=4, mamba_n_groups=1, mamba_chunk_size=8)
_LINEAR = dict(linear_num_key_heads=2, linear_num_value_heads=4, linear_key_head_dim=8, linear_value_head_dim=8)
HYBRID: dict[str, Tiny] = {
    "jamba": Tiny(
        "decoder",
        "metaspace",
        dict(_PLAIN, **_MOE, attn_layer_period=3, attn_layer_offset=1, mamba_d_state=4, use_mamba_kernels=False),
    ),
    "bamba": Tiny("decoder", "bytelevel", dict(_PLAIN, num_hidden_layers=4, attn_layer_indices=[1, 3], **_MAMBA2)),
    "granitemoehybrid": Tiny(
        "decoder",
        "bytelevel",
        dict(
            _PLAIN,
            **_MAMBA2,
            num_local_experts=2,
            num_experts_per_tok=1,
            shared_intermediate_size=20,
            layer_types=["linear_attention", "linear_attention", "full_attention"],
            attention_multiplier=0.3,
        ),
    ),
    "minimax": Tiny(
        "decoder",
        "bytelevel",
        dict(
            _LLAMA,
            num_local_experts=2,
            num_experts_per_tok=1,
            layer_types=["linear_attention", "full_attention", "linear_attention"],
        ),
    ),
    "lfm2": Tiny(
        "decoder",
        "bytelevel",
        dict(
            _PLAIN,
            num_hidden_layers=4,
            layer_types=["conv", "full_attention", "conv", "full_attention"],
            block_multiple_of=8,
        ),
    ),
    "qwen3_next": Tiny(
        "decoder",
        "bytelevel",
        dict(
            _LLAMA,
            **_MOE,
            shared_expert_intermediate_size=20,
            **_LINEAR,
            layer_types=["linear_attention", "full_attention", "linear_attention"],
        ),
    ),
    "recurrent_gemma": Tiny("decoder", "metaspace", dict(_LLAMA, lru_width=28, attention_window_size=4)),
    "falcon_h1": Tiny(
        "decoder",
        "bytelevel",
        dict(_LLAMA, mamba_d_ssm=24, mamba_n_heads=4, mamba_d_head=6, mamba_d_state=4, mamba_n_groups=1),
    ),
    "nemotron_h": Tiny(
        "decoder",
        "bytelevel",
        dict(
            hidden_size=28,
            layers_block_type=["mamba", "mlp", "full_attention", "mamba"],
            num_attention_heads=HEADS,
            num_key_value_heads=KEY_HEADS,
            head_dim=HEAD_DIM,
            intermediate_size=40,
            mamba_num_heads=4,
            mamba_head_dim=14,
            ssm_state_size=4,
            n_groups=1,
            chunk_size=8,
            max_position_embeddings=POSITIONS,
        ),
    ),
    "zamba": Tiny(
        "decoder",
        "bytelevel",
        dict(
            _BERT,
            num_hidden_layers=4,
            num_key_value_heads=HEADS,
            mamba_d_state=4,
            layers_block_type=["mamba", "hybrid", "mamba", "hybrid"],
        ),
        std=0.1,
    ),
    "olmo_hybrid": Tiny(
        "decoder",
        "bytelevel",
        dict(_PLAIN, **_LINEAR, layer_types=["linear_attention", "full_attention", "linear_attention"]),
    ),
    "gemma3n_text": Tiny(
        "decoder",
        "metaspace",
        dict(
            _LLAMA,
            sliding_window=4,
            num_kv_shared_layers=1,
            layer_types=["full_attention", "sliding_attention", "full_attention"],
            hidden_size_per_layer_input=8,
            vocab_size_per_layer_input=125,
            activation_sparsity_pattern=[0.0, 0.0, 0.0],
            laurel_rank=4,
            altup_num_inputs=2,
        ),
    ),
}

# Families that report their maps in a form of their own (core/attention/reported_forms.py) ---------------------------
FORMS: dict[str, Tiny] = {
    "squeezebert": Tiny(
        "encoder",
        "wordpiece",
        dict(
            _BERT,
            embedding_size=WIDTH,
            **{f"{n}_groups": 2 for n in ("q", "k", "v", "intermediate", "output")},
            post_attention_groups=1,
        ),
    ),
    "longformer": Tiny("encoder", "bytelevel", dict(_BERT, attention_window=4)),
    "nystromformer": Tiny(
        "encoder",
        "metaspace",
        dict(_BERT, num_landmarks=64, segment_means_seq_len=64, conv_kernel_size=3, inv_coeff_init_option=False),
    ),
    "led": Tiny(
        "encoder-decoder",
        "bytelevel",
        dict(
            {key: value for key, value in _BART.items() if key != "max_position_embeddings"},
            attention_window=4,
            max_encoder_position_embeddings=POSITIONS,
            max_decoder_position_embeddings=POSITIONS,
        ),
    ),
    "longt5": Tiny("encoder-decoder", "metaspace", dict(_T5, local_radius=3, encoder_attention_type="local"), std=0.12),
    "longt5-summaries": Tiny(
        "encoder-decoder",
        "metaspace",
        dict(_T5, local_radius=3, encoder_attention_type="transient-global", global_block_size=4),
        "longt5",
        std=0.12,
    ),
}

# Whatever cannot be shown truthfully: no attention, cells that are not token pairs, not a text model
# -
REFUSED: dict[str, Tiny] = {
    "mamba": Tiny("decoder", "bytelevel", dict(hidden_size=WIDTH, num_hidden_layers=LAYERS, state_size=4)),
    "rwkv": Tiny(
        "decoder", "bytelevel", dict(hidden_size=WIDTH, num_hidden_layers=LAYERS, attention_hidden_size=WIDTH)
    ),
    "falcon_mamba": Tiny("decoder", "bytelevel", dict(hidden_size=WIDTH, num_hidden_layers=LAYERS, state_size=4)),
    "fnet": Tiny(
        "encoder",
        "metaspace",
        dict(hidden_size=WIDTH, num_hidden_layers=LAYERS, intermediate_size=40, max_position_embeddings=POSITIONS),
    ),
    "big_bird": Tiny("encoder", "metaspace", dict(_BERT, block_size=4, num_random_blocks=1)),
    "nystromformer-landmarks": Tiny(
        "encoder", "metaspace", dict(_BERT, num_landmarks=4, segment_means_seq_len=8), "nystromformer"
    ),
    "yoso": Tiny("encoder", "metaspace", _BERT),
    "reformer": Tiny(
        "decoder",
        "metaspace",
        dict(
            hidden_size=WIDTH,
            num_attention_heads=HEADS,
            attention_head_size=HEAD_DIM,
            attn_layers=["local", "lsh", "local"],
            axial_pos_shape=[8, 12],
            axial_pos_embds_dim=[8, 16],
            is_decoder=True,
            max_position_embeddings=POSITIONS,
        ),
    ),
    "prophetnet": Tiny(
        "encoder-decoder",
        "wordpiece",
        dict(
            hidden_size=WIDTH,
            num_encoder_layers=LAYERS,
            num_decoder_layers=2,
            num_encoder_attention_heads=HEADS,
            num_decoder_attention_heads=2,
            encoder_ffn_dim=40,
            decoder_ffn_dim=44,
            max_position_embeddings=POSITIONS,
            ngram=2,
        ),
    ),
    "diffllama": Tiny("decoder", "metaspace", _LLAMA),
    "vit": Tiny("vision", "wordpiece", dict(_BERT, image_size=16, patch_size=8)),
    "clip": Tiny(
        "vision",
        "bytelevel",
        dict(text_config=dict(_BERT), vision_config=dict(_BERT, image_size=16, patch_size=8), projection_dim=10),
    ),
}

ALL: dict[str, Tiny] = {**SEAM, **OUTSIDE, **SPECIAL, **HYBRID, **FORMS, **REFUSED}
_HEADS = {
    "encoder": AutoModelForMaskedLM,
    "decoder": AutoModelForCausalLM,
    "encoder-decoder": AutoModelForSeq2SeqLM,
    "vision": AutoModel,
}
_ROOT = tempfile.TemporaryDirectory(prefix="mirante-tiny-")
atexit.register(_ROOT.cleanup)


@cache
def folder(name: str) -> str:
    """Folder with config.json, model.safetensors and tokenizer.json of ``name``; built on first use, removed at
    exit.
    """
    tiny, where = ALL[name], Path(_ROOT.name, name)
    tokenizer = tokenizer_for(tiny)
    model = build(name, len(tokenizer))
    model.save_pretrained(where, safe_serialization=True)
    tokenizer.save_pretrained(where)
    return str(where)


def build(name: str, entries: int) -> torch.nn.Module:
    """The random model itself, in eval mode; its output vocabulary is 5 wider than the tokenizer's, as real ones often
    are.
    """
    tiny = ALL[name]
    config = AutoConfig.for_model(tiny.model_type or name, **tiny.config)
    settings = dict(vocab_size=entries + 5, pad_token_id=0, bos_token_id=1, eos_token_id=2)
    if tiny.kind == "encoder-decoder":
        settings.update(decoder_start_token_id=2, is_encoder_decoder=True)
    if "src_vocab_size" in tiny.config:
        settings.update(src_vocab_size=entries + 5, tgt_vocab_size=entries + 5)
    if tiny.kind != "vision":
        for key, value in settings.items():
            setattr(config, key, value)
    config = type(config).from_dict(config.to_dict())
    torch.manual_seed(1 + sum(map(ord, name)))
    model = (tiny.head or _HEADS[tiny.kind]).from_config(config).eval()
    _widen(model, tiny.std)
    return model


@torch.no_grad()
def _widen(model: torch.nn.Module, std: float) -> None:
    """Replace the library's std 0.02 weights (nearly uniform attention) by wide ones; norms stay near their own
    centre.
    """
    for key, weight in model.named_parameters():
        if not weight.is_floating_point():
            continue
        if weight.ndim > 1:
            weight.normal_(0, 0.5 if "emb" in key or "wte" in key or "shared" in key else std)
        elif key.endswith("weight"):  # a norm
            weight.add_(0.1 * torch.randn_like(weight))
        else:
            weight.normal_(0, 0.3)
    model.tie_weights()


# Tokenizers ---------------------------------------------------------------------------------------------------------
@cache
def _trained(style: str) -> str:
    """A trained tokenizer as JSON; ids 0–4 are pad, bos/cls, eos/sep, unknown and mask."""
    specials = list(SPECIALS[style])
    if style == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
        trainer = trainers.WordPieceTrainer(vocab_size=110, special_tokens=specials, show_progress=False)
    elif style == "bytelevel":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer, tokenizer.decoder = (
            pre_tokenizers.ByteLevel(add_prefix_space=False),
            decoders.ByteLevel(),
        )
        trainer = trainers.BpeTrainer(
            vocab_size=300,
            special_tokens=specials,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    else:
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=120, special_tokens=specials, unk_token="<unk>", show_progress=False
        )
    tokenizer.train_from_iterator(CORPUS * 3, trainer)
    return tokenizer.to_str()


SPECIALS = {
    "wordpiece": ("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"),
    "bytelevel": ("<pad>", "<s>", "</s>", "<unk>", "<mask>"),
    "metaspace": ("<pad>", "<s>", "</s>", "<unk>", "<mask>"),
}
_TEMPLATES = {"encoder": "{1} $A {2}", "decoder": "{1} $A", "encoder-decoder": "$A {2}", "vision": "{1} $A {2}"}


def tokenizer_for(tiny: Tiny) -> PreTrainedTokenizerFast:
    """The tokenizer of a family: bos/eos around an encoder's sentence, bos before a decoder's, eos after a
    translator's.
    """
    names = SPECIALS[tiny.style]
    inner = Tokenizer.from_str(_trained(tiny.style))
    inner.post_processor = processors.TemplateProcessing(
        single=_TEMPLATES[tiny.kind].format(*names),
        special_tokens=[(names[1], 1), (names[2], 2)],
    )
    pad, first, last, unknown, mask = names
    roles = dict(pad_token=pad, unk_token=unknown, mask_token=mask)
    roles |= (
        dict(cls_token=first, sep_token=last) if tiny.style == "wordpiece" else dict(bos_token=first, eos_token=last)
    )
    return PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=POSITIONS, **roles)
