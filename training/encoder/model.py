"""mirante-encoder-pt: its name, where it lives, its shape.

The recipe trains the network that is built here, the export builds it again.
"""

from __future__ import annotations

from transformers import ModernBertConfig, ModernBertForMaskedLM

from core.assets import ROOT

NAME = "mirante-encoder-pt"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "encoder"


def config(
    entries: int, *, layers: int = 4, heads: int = 8, width: int = 256, positions: int = 512
) -> ModernBertConfig:
    """A small ModernBERT: rotary positions, norms before each part, gated feed-forward, every layer sees the whole
    text. No dropout: in a few passes over the text it cannot over-fit, and noise only slows it."""
    return ModernBertConfig(
        vocab_size=entries,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=2 * width,
        max_position_embeddings=positions,
        global_attn_every_n_layers=1,
        global_rope_theta=10_000.0,
        pad_token_id=0,
        cls_token_id=2,
        sep_token_id=3,
        bos_token_id=2,
        eos_token_id=3,
        tie_word_embeddings=True,
    )


def build(entries: int, **shape: int) -> ModernBertForMaskedLM:
    """The model before training; ``shape``: as config takes it."""
    return ModernBertForMaskedLM(config(entries, **shape))
