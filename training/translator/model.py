"""mirante-translator: its name, where it lives, its shape."""

from __future__ import annotations

from transformers import MarianConfig

from core.assets import ROOT
from training.translator import tokenizer as translator_tokenizer

NAME = "mirante-translator"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "translator"
DROPOUT = 0.1  # it sees every pair several times
PROBED = 256  # dev pairs of each language that the probe reads


def config(entries: int, *, layers: int = 3, heads: int = 4, width: int = 256) -> MarianConfig:
    """A small Marian: as many encoder as decoder layers, sinusoidal positions, a matrix of embeddings per side (English
    *no* is not Portuguese *no*).
    """
    return MarianConfig(
        vocab_size=entries,
        max_position_embeddings=translator_tokenizer.POSITIONS,
        d_model=width,
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        activation_function="relu",
        dropout=DROPOUT,
        scale_embedding=True,
        share_encoder_decoder_embeddings=False,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
        forced_eos_token_id=None,
    )
