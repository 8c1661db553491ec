"""SAM's encoder of pictures: windows brought back to patches, equal to an attention computed by hand; too large ones.

Its attention: softmax over the places of one window (or of the whole picture) of q·k/√d + q·R_row + q·R_column. Windows
that reach beyond the picture have places there, whose keys are the bias alone: they take a share and are no patch.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import pytest
import torch
import transformers as library

import core
from core.attention.edits import Ablation
from core.models.catalog import kind_at
from core.models.mixing import Mixing
from core.vision.captures import capture_picture, first_rows
from core.vision.models import VisionModel, check_vision_family, load_vision, prepared, random_vision_twin

LAYERS, HEADS, WIDTH, PATCH = 3, 4, 24, 6
BEYOND = "places beyond the picture’s edge"
WINDOWS = {"fits": (24, 2), "beyond": (30, 2), "wider": (30, 4), "larger than the picture": (18, 4), "none": (24, 0)}
"""Side of the picture, and of a window in patches; the layer in the middle is one of all patches."""
PHOTO = np.random.default_rng(5).integers(0, 256, (50, 41, 3)).astype(np.uint8)


def settings(name: str) -> dict:
    side, window = WINDOWS[name]
    return dict(
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        image_size=side,
        patch_size=PATCH,
        window_size=window,
        global_attn_indexes=[1],
        output_channels=8,
        mlp_dim=20,
        initializer_range=0.2,
    )


def random(model: torch.nn.Module) -> torch.nn.Module:
    """The library begins positions and biases at zero."""
    torch.manual_seed(3)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "pos" in name or name.endswith("qkv.bias"):
                weight.normal_(std=0.5)
    return model.eval()


@pytest.fixture(scope="module")
def sam(tmp_path_factory):
    """A tiny SAM of each size, made once."""

    @cache
    def made(name: str) -> VisionModel:
        folder = tmp_path_factory.mktemp("sam")
        torch.manual_seed(1)
        random(library.SamVisionModel(library.SamVisionConfig(**settings(name)))).save_pretrained(folder)
        return load_vision(str(folder), "cpu")

    return made


def by_hand(layer: torch.nn.Module, states: torch.Tensor, window: int) -> np.ndarray:
    """(head, patch, patch) of normed states (row, column, width), in float64; patches row by row."""
    rows, columns, _ = states.shape
    side = window or rows
    down, across = -(-rows // side) * side, -(-columns // side) * side
    padded = torch.zeros(down, across, WIDTH, dtype=torch.float64)
    padded[:rows, :columns] = states.double()
    own = layer.attn.double()
    q, k, _ = own.qkv(padded).reshape(down * across, 3, HEADS, -1).permute(1, 2, 0, 3)
    row, column = torch.arange(down * across) // across, torch.arange(down * across) % across
    scores = q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5
    for table, at in ((own.rel_pos_h, row), (own.rel_pos_w, column)):
        distance = at[:, None] % side - at[None] % side + side - 1
        scores = scores + torch.einsum("hqd,qkd->hqk", q, table[distance])
    together = (row[:, None] // side == row[None] // side) & (column[:, None] // side == column[None] // side)
    weights = scores.masked_fill(~together, float("-inf")).softmax(-1)
    real = (row < rows) & (column < columns)
    return weights[:, real][:, :, real].detach().numpy()


@pytest.mark.parametrize("name", WINDOWS)
def test_every_head_equals_the_attention_computed_by_hand(sam, name: str) -> None:
    vision, (side, window) = sam(name), WINDOWS[name]
    run = capture_picture(vision, PHOTO)
    plain = library.SamVisionModel.from_pretrained(vision.name, attn_implementation="eager").eval()
    normed: list[torch.Tensor] = []
    for layer in plain.vision_encoder.layers:
        layer.layer_norm1.register_forward_hook(lambda _, given, made: normed.append(made[0]))
    with torch.inference_mode():
        plain(pixel_values=prepared(vision, PHOTO))
        expected = [
            by_hand(layer, states, 0 if i == 1 else window)
            for i, (layer, states) in enumerate(zip(plain.vision_encoder.layers, normed, strict=True))
        ]
    n = (side // PATCH) ** 2
    assert vision.layout.adapter == "outside" and run.grid == (side // PATCH, side // PATCH)
    for layer, maps in enumerate(expected):
        mine = run.trace.layer_attention(layer)
        assert mine.shape == (HEADS, n, n) and np.abs(mine - maps).max() <= 1e-6, layer
        assert np.abs(mine - 1 / n).max() > 0.01, "a test model whose attention is even proves nothing"
    reaches = bool(window and (side // PATCH) % window)
    assert vision.layout.mixing == Mixing("none", (), BEYOND if reaches else "")
    shares = run.trace.layer_attention(0).sum(-1)
    assert ((shares < 0.99).any() and shares.max() <= 1 + 1e-6) if reaches else np.allclose(shares, 1, atol=1e-6)
    np.testing.assert_allclose(run.trace.layer_attention(1).sum(-1), 1, atol=1e-6)
    assert reaches == (vision.layout.caution is not None) == (BEYOND in str(run.trace.provenance.as_dict()))


def test_what_else_a_page_asks_of_it(sam) -> None:
    vision = sam("beyond")
    run = capture_picture(vision, PHOTO)
    rows, answers = first_rows(vision, [PHOTO])
    np.testing.assert_array_equal(rows[0], np.stack([run.trace.layer_attention(i)[:, 0] for i in range(LAYERS)]))
    assert answers is None and np.allclose(run.rollout[0].sum(-1), 1, atol=1e-5)
    with pytest.raises(core.UnsupportedModel, match="knocked out"):
        capture_picture(vision, PHOTO, edits=[Ablation(0, 0)])
    with pytest.raises(core.UnsupportedModel, match="its own way"):
        run.trace.query(0, 0)
    assert "random" in random_vision_twin(vision).name


@pytest.mark.parametrize("part", ["Sam", "SamHQ"])
def test_a_whole_sam_is_shown_by_its_encoder(tmp_path: Path, part: str) -> None:
    """The folders that people have hold the drawing of masks too."""
    more = dict(
        prompt_encoder_config=dict(hidden_size=8, image_size=24, patch_size=PATCH),
        mask_decoder_config=dict(hidden_size=8, mlp_dim=8, num_attention_heads=2, iou_head_hidden_dim=8),
    )
    if part == "SamHQ":
        more["mask_decoder_config"]["vit_dim"] = WIDTH
    config = getattr(library, f"{part}Config")(vision_config=settings("fits"), **more)
    whole = random(getattr(library, f"{part}Model")(config))
    whole.save_pretrained(tmp_path)
    library.SamImageProcessorPil(size={"longest_edge": 24}, pad_size={"height": 24, "width": 24}).save_pretrained(
        tmp_path
    )
    assert kind_at(tmp_path) == "vision"
    vision = load_vision(str(tmp_path), "cpu")
    run = capture_picture(vision, PHOTO)
    assert run.grid == (4, 4) and run.trace.layers() == LAYERS and not vision.assumed
    ours, theirs = vision.model.state_dict(), whole.vision_encoder.state_dict()
    assert all(torch.equal(ours[f"vision_encoder.{name}"], tensor) for name, tensor in theirs.items())
    assert np.abs(run.trace.layer_attention(1) - 1 / 16).max() > 0.01


def test_one_of_many_patches_is_refused_with_the_memory_it_needs(tmp_path: Path, monkeypatch, sam) -> None:
    """4,096 patches in 12 layers of 12 heads: 12 GB, said before any weights are there."""
    library.SamConfig().save_pretrained(tmp_path)
    with pytest.raises(core.errors.TooLong, match=r"4096 positions.*all 12 layers at once.*12079 MB.*2048 MB"):
        check_vision_family(core.models.sources.locate(str(tmp_path)))
    folder = sam("fits").name
    monkeypatch.setenv("MIRANTE_MEMORY_MB", "0")
    with pytest.raises(core.errors.TooLong, match="16 positions"):
        load_vision(folder)
