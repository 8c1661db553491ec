"""mirante-decoder-pt: its name, where it lives, its shape.

The recipe trains the network that is built here, the export builds it again.
"""

from __future__ import annotations

from transformers import LlamaConfig

from core.assets import ROOT
from training.decoder import tokenizer as decoder_tokenizer

NAME = "mirante-decoder-pt"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "decoder"


def config(
    entries: int, *, layers: int = 4, heads: int = 8, groups: int = 2, width: int = 256, inner: int = 688
) -> LlamaConfig:
    """A small Llama: rotary positions, `heads` query heads that share `groups` keys and values, embeddings tied."""
    return LlamaConfig(
        vocab_size=entries,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=groups,
        max_position_embeddings=decoder_tokenizer.POSITIONS,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
