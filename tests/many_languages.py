"""Tiny translators of many languages, saved to a folder with their own tokenizer classes: NLLB, mBART-50, M2M100.

lm = core.load(many_languages.folder("nllb"))
"""

from __future__ import annotations

import atexit
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from transformers import (
    M2M100Config,
    M2M100ForConditionalGeneration,
    M2M100Tokenizer,
    MBart50Tokenizer,
    MBartConfig,
    MBartForConditionalGeneration,
    NllbTokenizer,
)
from transformers.models.mbart50.tokenization_mbart50 import FAIRSEQ_LANGUAGE_CODES as MBART_CODES
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES as NLLB_CODES

from tests.tiny import CORPUS

FAMILIES = {"nllb": ("por_Latn", "fra_Latn"), "mbart50": ("pt_XX", "fr_XX"), "m2m100": ("pt", "fr")}
"""Family → Portuguese and French in its own spelling."""
_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
_ROOT = tempfile.TemporaryDirectory(prefix="mirante-languages-")
atexit.register(_ROOT.cleanup)


@cache
def folder(family: str) -> str:
    """Folder of the family's tiny model, built on first use, removed at exit."""
    where = Path(_ROOT.name, family)
    where.mkdir()
    tokenizer = {"nllb": _nllb, "mbart50": _mbart50, "m2m100": _m2m100}[family](where)
    tokenizer.save_pretrained(where)
    entries = max(len(tokenizer), *getattr(tokenizer, "lang_code_to_id", {"": 0}).values()) + 9
    settings: dict[str, Any] = dict(
        vocab_size=entries,
        d_model=24,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=40,
        decoder_ffn_dim=40,
        max_position_embeddings=96,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_eos_token_id=None,
    )
    torch.manual_seed(3)
    if family == "mbart50":
        model: torch.nn.Module = MBartForConditionalGeneration(MBartConfig(**settings))
    else:
        model = M2M100ForConditionalGeneration(M2M100Config(**settings))
    for weight in model.parameters():
        torch.nn.init.normal_(weight, 0, 0.3) if weight.ndim > 1 else None
    model.tie_weights()
    model.eval().save_pretrained(where)
    return str(where)


def _letters() -> list[str]:
    return sorted(set("".join(CORPUS)) - {" "})


def _nllb(where: Path) -> NllbTokenizer:
    entries = [*_SPECIALS, "▁", *_letters(), *NLLB_CODES]
    return NllbTokenizer(vocab={entry: index for index, entry in enumerate(entries)}, merges=[], model_max_length=96)


def _mbart50(where: Path) -> MBart50Tokenizer:
    entries = [*_SPECIALS, "▁", *_letters(), *MBART_CODES, "<mask>"]
    return MBart50Tokenizer(vocab=[(entry, -float(index)) for index, entry in enumerate(entries)], model_max_length=96)


def _m2m100(where: Path) -> M2M100Tokenizer:
    corpus = where / "corpus.txt"
    corpus.write_text("\n".join(CORPUS), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.Train(
        input=str(corpus), model_prefix=str(where / "spm"), vocab_size=70, minloglevel=2, character_coverage=1.0
    )
    corpus.unlink()
    spm = sentencepiece.SentencePieceProcessor(str(where / "spm.model"))
    pieces = [spm.IdToPiece(index) for index in range(3, spm.GetPieceSize())]
    (where / "v.json").write_text(json.dumps({piece: i for i, piece in enumerate([*_SPECIALS, *pieces])}))
    return M2M100Tokenizer(str(where / "v.json"), str(where / "spm.model"), model_max_length=96)
