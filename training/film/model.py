"""mirante-film: its name, where it lives, its shape, and the steps at which it is kept."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import BertConfig

from core.assets import ROOT
from training.film import texts as film_texts

NAME = "mirante-film"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "film"
FRAMES = 18


def config(entries: int) -> BertConfig:
    """3 layers × 4 heads × 96: about 0.6 M parameters, of which the vocabulary takes more than half."""
    return BertConfig(
        vocab_size=entries,
        hidden_size=96,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=192,
        max_position_embeddings=film_texts.POSITIONS,
        type_vocab_size=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=0,
        tie_word_embeddings=True,
    )


def frames(steps: int, count: int = FRAMES) -> tuple[int, ...]:
    """The steps that are kept: 0, then geometric from steps / 150 to the last, two significant digits."""
    ratio = 150 ** (1 / max(1, count - 2))
    inner = (round_off(steps / 150 * ratio**index) for index in range(count - 2))
    return tuple(sorted({0, *(step for step in inner if 0 < step < steps), steps}))


def round_off(value: float) -> int:
    """To two significant digits: 1342.7 → 1300."""
    return int(float(f"{value:.1e}"))


def keep(model: nn.Module, folder: Path, step: int) -> None:
    """Write `folder`/steps/NNNNNN.safetensors (float32, tied weights once), replaced in one move."""
    place = folder / "steps"
    place.mkdir(parents=True, exist_ok=True)
    unfinished = place / f"{step:06d}.tmp"
    save_file(tensors(model), unfinished, metadata={"format": "pt"})
    unfinished.replace(frame(folder, step))


def tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    """The state without what is tied to another tensor, as save_pretrained writes it."""
    tied = set(model.all_tied_weights_keys)
    return {name: value.detach().clone() for name, value in model.state_dict().items() if name not in tied}


def frame(folder: Path, step: int) -> Path:
    """Where the weights of one step lie."""
    return folder / "steps" / f"{step:06d}.safetensors"
