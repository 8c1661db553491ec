"""mirante-vision: its name, where it lives, its shape, and the mix of pictures that it learns from."""

from __future__ import annotations

import torch
from torch import nn
from transformers import ViTConfig, ViTForImageClassification

from core.assets import ROOT
from core.vision.scenes import CELLS, SIZE, Clutter

NAME = "mirante-vision"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "vision"
PATCH = 8  # pixels, each side
POSITIONS = (SIZE // PATCH) ** 2 + 1  # patches and [CLS]
LABELLED = 2  # layers below the question about patches
MEAN = STD = 0.5  # pixels 0 … 1 become −1 … 1


class Pupil(nn.Module):
    """The model and, while it learns, one more output: a number per patch. Only ``vit`` is shipped."""

    def __init__(self, **shape: int) -> None:
        super().__init__()
        self.vit = build(**shape)
        self.patch = nn.Linear(self.vit.config.hidden_size, 1)

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(picture, 3, row, column) → logits of cells (picture, cell) and of patches (picture, patch)."""
        found = self.vit(pixel_values=pixels, output_hidden_states=True)
        return found.logits, self.patch(found.hidden_states[LABELLED][:, 1:])[..., 0]


def config(*, layers: int = 4, heads: int = 4, width: int = 96) -> ViTConfig:
    """A small ViT; no dropout: no picture is read twice, so there is nothing to learn by heart."""
    return ViTConfig(
        image_size=SIZE,
        patch_size=PATCH,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=2 * width,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        id2label=dict(enumerate(names())),
        label2id={name: cell for cell, name in enumerate(names())},
    )


def names() -> list[str]:
    """Cells as "row,column" from 1, row by row."""
    return [f"{row},{column}" for row in range(1, CELLS + 1) for column in range(1, CELLS + 1)]


def build(**shape: int) -> ViTForImageClassification:
    """The model before training; ``shape``: as config takes it. Its learned positions begin as sines of row and column:
    from the library's tiny random ones, [CLS] found no way out of chance within 250 steps."""
    model = ViTForImageClassification(config(**shape))
    width, side = model.config.hidden_size, SIZE // PATCH
    with torch.no_grad():
        model.vit.embeddings.position_embeddings[0, 1:] = 0.4 * sines(side, width)
    return model


def sines(side: int, width: int) -> torch.Tensor:
    """(patch, width): sines and cosines of the row in one half of the dimensions, of the column in the other."""
    pace = 100.0 ** -(torch.arange(width // 4) / (width // 4))
    turns = torch.arange(side)[:, None] * pace  # (place, width / 4)
    axis = torch.cat([turns.sin(), turns.cos()], dim=1)
    rows, columns = axis[:, None].expand(side, side, -1), axis[None].expand(side, side, -1)
    return torch.cat([rows, columns], dim=-1).flatten(0, 1)  # (row, column, width) → (patch, width)


MIX: dict[Clutter, float] = {"mixed": 0.7, "red": 0.15, "circles": 0.15}
"""Share of each kind of picture in training."""


PICTURES = 64  # of a batch
COPIES = 4  # of each drawn picture, turned or mirrored
