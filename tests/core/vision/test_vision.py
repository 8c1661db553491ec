"""Vision transformers through the seam: exact on every family, named positions, honest refusals; rollout; where [CLS]
points.
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
from transformers.utils import logging

import core
from core.analyses.rollout import mean_heads, rollout, uniform
from core.attention.edits import Ablation
from core.models.mixing import Mixing
from core.vision import captures, models, scenes
from core.vision.captures import capture_picture, first_rows
from core.vision.models import as_read, load_vision, prepared, random_vision_twin
from core.vision.picture_packet import MAX_MAP_BYTES, pack_picture
from core.vision.pointing import covered, points
from core.vision.verify import verify_vision

logging.disable_progress_bar()
BODY = {
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "image_size": [30, 36],
    "patch_size": 6,
    "initializer_range": 0.18,
}
WHOLE = {**BODY, "intermediate_size": 20}
FAMILIES = {  # how to build it, names before the patches, answers
    "vit": (lambda: library.ViTForImageClassification(library.ViTConfig(**WHOLE, num_labels=5)), ("[CLS]",), 5),
    "dino": (lambda: library.ViTModel(library.ViTConfig(**WHOLE), add_pooling_layer=False), ("[CLS]",), 0),
    "deit": (
        lambda: library.DeiTForImageClassificationWithTeacher(library.DeiTConfig(**WHOLE, num_labels=5)),
        ("[CLS]", "[DIST]"),
        5,
    ),
    "dinov2": (lambda: library.Dinov2Model(library.Dinov2Config(**{**BODY, "image_size": 30})), ("[CLS]",), 0),
    "dinov2_registers": (
        lambda: library.Dinov2WithRegistersModel(
            library.Dinov2WithRegistersConfig(**{**BODY, "image_size": 30}, num_register_tokens=3)
        ),
        ("[CLS]", "[REG1]", "[REG2]", "[REG3]"),
        0,
    ),
    "dinov3": (
        lambda: library.DINOv3ViTModel(
            library.DINOv3ViTConfig(**{**WHOLE, "hidden_size": 32, "image_size": 30}, num_register_tokens=2)
        ),
        ("[CLS]", "[REG1]", "[REG2]"),
        0,
    ),
    "clip": (lambda: library.CLIPVisionModel(library.CLIPVisionConfig(**{**WHOLE, "image_size": 30})), ("[CLS]",), 0),
    "aimv2": (  # a token of its own pools the patches afterwards and stands before none
        lambda: library.Aimv2VisionModel(library.Aimv2VisionConfig(**{**WHOLE, "image_size": 30})),
        (),
        0,
    ),
}
OUTSIDE = {
    "data2vec": lambda: library.Data2VecVisionForImageClassification(
        library.Data2VecVisionConfig(**{**WHOLE, "image_size": 30}, num_labels=5)
    ),
    "data2vec-bias": lambda: library.Data2VecVisionModel(
        library.Data2VecVisionConfig(**{**WHOLE, "image_size": 30}, use_relative_position_bias=True)
    ),
}
"""Families that compute attention in their own way: read through output_attentions, as texts are."""


class NeighbouringPatches(torch.nn.Module):
    """A patch gives a part of itself to the next, as overlapping patches would."""

    def forward(self, states):
        return states + 0.1 * states.roll(1, dims=1)


PHOTO = np.random.default_rng(5).integers(0, 256, (50, 41, 3)).astype(np.uint8)


@pytest.fixture(scope="session")
def families(tmp_path_factory):
    """Folder of a tiny random model of each family, made once."""

    @cache
    def made(name: str) -> str:
        folder = tmp_path_factory.mktemp(name)
        torch.manual_seed(3)
        FAMILIES[name][0]().save_pretrained(folder)
        return str(folder)

    return made


@pytest.fixture(scope="session")
def shipped():
    return load_vision("mirante-vision", "cpu")


@pytest.mark.parametrize("name", FAMILIES)
def test_captured_is_eager_and_every_position_has_a_name(families, name: str) -> None:
    vision = load_vision(families(name), "cpu")
    seen = capture_picture(vision, PHOTO)
    values = prepared(vision, PHOTO)
    vision.model.set_attn_implementation("eager")
    with torch.inference_mode():
        output = vision.model(pixel_values=values, output_attentions=True)
    vision.model.set_attn_implementation("mirante")
    rows, columns = seen.grid
    n = len(FAMILIES[name][1]) + rows * columns
    assert vision.prefix == FAMILIES[name][1] and (seen.trace.layers(), seen.trace.heads(), len(vision.labels)) == (
        3,
        4,
        FAMILIES[name][2],
    )
    assert (rows, columns) == (5, 6 if name in ("vit", "dino", "deit") else 5)
    for layer in range(3):
        mine = seen.trace.layer_attention(layer)
        assert mine.shape == (4, n, n) and float(np.abs(mine - output.attentions[layer][0].numpy()).max()) <= 1e-6
        np.testing.assert_allclose(mine.sum(-1), 1, atol=1e-5)
        assert float(np.abs(mine - 1 / n).max()) > 0.01, "a test model whose attention is even proves nothing"
    assert seen.trace.tokens.pieces[len(vision.prefix) :] == tuple(
        f"{r},{c}" for r in range(1, rows + 1) for c in range(1, columns + 1)
    )
    assert seen.trace.tokens.special == tuple(i < len(vision.prefix) for i in range(n))
    if vision.labels:
        np.testing.assert_allclose(seen.logits, output.logits[0].numpy(), atol=1e-5)
        assert seen.probabilities.sum() == pytest.approx(1)
    else:
        assert seen.logits is None and seen.probabilities is None


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_family_outside_the_seam_is_shown_by_its_own_maps(tmp_path: Path, name: str) -> None:
    torch.manual_seed(3)
    model = OUTSIDE[name]().eval()
    with torch.no_grad():  # the library begins relative positions at zero
        for key, weight in model.named_parameters():
            if "relative_position_bias" in key:
                weight.normal_()
    model.save_pretrained(tmp_path)
    vision = load_vision(str(tmp_path), "cpu")
    seen = capture_picture(vision, PHOTO)
    plain = type(model).from_pretrained(tmp_path, attn_implementation="eager").eval()
    with torch.inference_mode():
        output = plain(pixel_values=prepared(vision, PHOTO), output_attentions=True)
    assert vision.layout.adapter == "outside" and vision.layout.mixing == Mixing("none")
    for layer in range(3):
        mine = seen.trace.layer_attention(layer)
        assert mine.shape == (4, 26, 26) and np.abs(mine - output.attentions[layer][0].numpy()).max() <= 1e-6
        assert np.abs(mine - 1 / 26).max() > 0.01
    if name == "data2vec":
        scores = seen.trace.query(1, 2).astype(np.float64) @ seen.trace.key(1, 2).T * 6**-0.5
        weights = np.exp(scores - scores.max(1, keepdims=True))
        np.testing.assert_allclose(seen.trace.attention(1, 2), weights / weights.sum(1, keepdims=True), atol=1e-5)
        np.testing.assert_allclose(seen.logits, output.logits[0].numpy(), atol=1e-5)
    rows, _ = first_rows(vision, [PHOTO, PHOTO[::-1].copy()])
    np.testing.assert_allclose(rows[0], np.stack([seen.trace.layer_attention(i)[:, 0] for i in range(3)]), atol=1e-6)
    with pytest.raises(core.UnsupportedModel, match="knocked out"):
        capture_picture(vision, PHOTO, edits=[Ablation(0, 0)])
    assert "random" in random_vision_twin(vision).name


def test_patches_that_mix_outside_attention_are_said(families) -> None:
    vision = load_vision(families("vit"), "cpu")
    assert vision.layout.mixing == Mixing("none") and vision.layout.caution is None
    path = next(path for path, module in vision.model.named_modules() if path.endswith("layernorm_after"))
    vision.model.set_submodule(path, torch.nn.Sequential(vision.model.get_submodule(path), NeighbouringPatches()))
    values = prepared(vision, PHOTO)
    layout = verify_vision(vision.model, values, 1, through_seam=True)
    assert layout is not None and layout.mixing == Mixing("some", ("NeighbouringPatches",))


def test_many_pictures_at_once_give_the_rows_of_each_alone(families) -> None:
    vision = load_vision(families("deit"), "cpu")
    pictures = [PHOTO, PHOTO[::-1].copy(), PHOTO[:, ::-1].copy()]
    rows, logits = first_rows(vision, pictures)
    assert rows.shape == (3, 3, 4, 32) and logits.shape == (3, 5)
    for i, one in enumerate(pictures):
        seen = capture_picture(vision, one)
        np.testing.assert_allclose(
            rows[i], np.stack([seen.trace.layer_attention(layer)[:, 0] for layer in range(3)]), atol=1e-6
        )
        np.testing.assert_allclose(logits[i], seen.logits, atol=1e-5)


def test_a_twin_is_the_same_for_the_same_seed_and_leaves_the_model_alone(families) -> None:
    vision = load_vision(families("vit"), "cpu")
    before = capture_picture(vision, PHOTO).logits
    one, again, other = (
        capture_picture(random_vision_twin(vision, seed), PHOTO).trace.attention(1, 2) for seed in (4, 4, 5)
    )
    assert np.array_equal(one, again) and not np.allclose(one, other)
    assert (
        np.array_equal(before, capture_picture(vision, PHOTO).logits)
        and "random, seed 4" in random_vision_twin(vision, 4).name
    )


REFUSED = {
    "swin": (
        lambda: library.SwinModel(
            library.SwinConfig(image_size=32, patch_size=4, embed_dim=8, depths=[1, 1], num_heads=[2, 2], window_size=4)
        ),
        "it is a pyramid",
    ),
    "levit": (
        lambda: library.LevitModel(
            library.LevitConfig(
                image_size=64,
                hidden_sizes=[8, 8, 8],
                num_attention_heads=[2, 2, 2],
                depths=[1, 1, 1],
                key_dim=[4, 4, 4],
            )
        ),
        "it is a pyramid",
    ),
    "swin2sr": (
        lambda: library.Swin2SRModel(
            library.Swin2SRConfig(image_size=16, embed_dim=8, depths=[1, 1], num_heads=[2, 2], window_size=4)
        ),
        "windows that lie elsewhere",
    ),
    "film": (
        lambda: library.VideoMAEModel(library.VideoMAEConfig(**{**WHOLE, "image_size": 30}, num_frames=2)),
        "it reads films",
    ),
    "text and picture": (
        lambda: library.ViltModel(library.ViltConfig(**{**WHOLE, "image_size": 30}, vocab_size=20)),
        "reads a text beside the picture",
    ),
    "two pictures": (
        lambda: library.SegGptModel(library.SegGptConfig(**{**WHOLE, "image_size": [36, 36]})),
        "also asks for prompt_pixel_values, prompt_masks",
    ),
    "mae": (
        lambda: library.ViTMAEModel(library.ViTMAEConfig(**{**WHOLE, "image_size": 30})),
        "rows and columns are not patches",
    ),
    "bert": (
        lambda: library.BertModel(
            library.BertConfig(hidden_size=24, num_hidden_layers=1, num_attention_heads=2, intermediate_size=20)
        ),
        "not a vision transformer",
    ),
    "convnext": (
        lambda: library.ConvNextModel(library.ConvNextConfig(hidden_sizes=[8, 8, 8, 8], depths=[1, 1, 1, 1])),
        "not a vision transformer",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_map_of_patches_is_refused(tmp_path: Path, name: str) -> None:
    REFUSED[name][0]().save_pretrained(tmp_path)
    with pytest.raises(core.UnsupportedModel, match=REFUSED[name][1]):
        load_vision(str(tmp_path))


def test_bad_folders_say_what_is_wrong(tmp_path: Path, families) -> None:
    with pytest.raises(core.ModelNotFound, match="nobody/nothing"):
        load_vision("nobody/nothing")
    with pytest.raises(core.BadFile, match="configuration"):
        load_vision(str(tmp_path))
    with pytest.raises(core.BadInput, match="outside the models folder"):
        load_vision("/etc", root=tmp_path)
    model = library.ViTModel(library.ViTConfig(**WHOLE))
    model.config.save_pretrained(tmp_path)
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(core.BadFile, match="only pickled weights"):
        load_vision(str(tmp_path))
    with pytest.raises(core.UnsupportedModel, match="not a vision transformer"):
        load_vision("mirante-encoder-pt")
    with pytest.raises(core.MiranteError):
        core.load("mirante-vision")


def test_missing_weights_are_not_made_up(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    library.ViTForImageClassification(library.ViTConfig(**WHOLE)).save_pretrained(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    del weights["vit.embeddings.position_embeddings"]
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(core.BadFile, match="position_embeddings"):
        load_vision(str(tmp_path))


def test_the_models_own_way_of_preparing_is_used_and_undone(tmp_path: Path, families) -> None:
    assert load_vision(families("vit"), "cpu").assumed
    FAMILIES["vit"][0]().save_pretrained(tmp_path)
    how = {
        "image_processor_type": "ViTImageProcessor",
        "do_resize": True,
        "size": {"height": 30, "width": 36},
        "image_mean": [0.4, 0.5, 0.6],
        "image_std": [0.2, 0.3, 0.25],
    }
    (tmp_path / "preprocessor_config.json").write_text(__import__("json").dumps(how))
    vision = load_vision(str(tmp_path), "cpu")
    plain = np.full((30, 36, 3), (10, 120, 250), np.uint8)
    values = prepared(vision, plain)
    np.testing.assert_allclose(
        values[0, :, 0, 0].numpy(),
        [(10 / 255 - 0.4) / 0.2, (120 / 255 - 0.5) / 0.3, (250 / 255 - 0.6) / 0.25],
        atol=1e-5,
    )
    assert not vision.assumed and np.array_equal(as_read(vision, values), plain)


def test_rollout_is_the_text_analysis_on_patches(families) -> None:
    seen = capture_picture(load_vision(families("vit"), "cpu"), PHOTO)
    own, even = seen.rollout
    maps = mean_heads(seen.trace)
    np.testing.assert_allclose(own, rollout(maps)[-1], atol=1e-7)
    np.testing.assert_allclose(own.sum(-1), 1, atol=1e-6)
    assert own.base is None and even.base is None and own.dtype == even.dtype == np.float32, (
        "a view would keep every layer"
    )
    n = maps.shape[-1]
    kept = 0.5**3  # even attention keeps half of itself in every layer
    np.testing.assert_allclose(even, kept * np.eye(n) + (1 - kept) / n, atol=1e-7)
    assert np.array_equal(uniform(maps), np.full_like(maps, 1 / n, dtype=np.float64))


def test_more_positions_than_are_read_are_refused(families, monkeypatch) -> None:
    monkeypatch.setattr(captures, "MAX_PATCH_POSITIONS", 20)
    with pytest.raises(core.TooLong, match="31 positions"):
        capture_picture(load_vision(families("vit"), "cpu"), PHOTO)


def test_the_circle_covers_the_patches_it_is_drawn_on(shipped) -> None:
    for seed in range(6):
        scene = scenes.draw(seed)
        exact = scenes.on_patches(scene.target, 8).ravel()
        clear = np.abs(exact - 0.125) > 0.01
        assert np.array_equal(covered(shipped, scene)[clear], (exact >= 0.125)[clear])


def test_points_by_hand(shipped, monkeypatch) -> None:
    drawn = [scenes.draw(seed, split="test") for seed in range(4)]
    rows = np.zeros((4, 1, 2, 65), np.float32)
    for i, scene in enumerate(drawn):
        rows[i, 0, 1, 1 + np.flatnonzero(covered(shipped, scene))] = 0.1
        rows[i, 0, 0, 0] = 1.0
    logits = np.eye(16)[[drawn[0].cell, (drawn[1].cell + 1) % 16, drawn[2].cell, drawn[3].cell]]
    monkeypatch.setattr("core.vision.pointing.first_rows", lambda vision, pictures: (rows, logits))
    found = points(shipped, drawn)
    sizes = np.array([covered(shipped, scene).sum() for scene in drawn])
    np.testing.assert_allclose(found.heads[:, 0], np.stack([np.zeros(4), 0.1 * sizes], axis=1), atol=1e-6)
    np.testing.assert_allclose(found.even, sizes / 65)
    assert (
        found.best == (0, 1)
        and found.of(0, 1).n == 2
        and found.of(0, 1).value == pytest.approx(0.1 * sizes[1::2].mean())
    )
    assert found.accuracy.value == 0.75 and found.right.tolist() == [True, False, True, True]


def test_a_model_without_a_first_token_has_nothing_that_points(tmp_path: Path) -> None:
    library.SiglipVisionModel(library.SiglipVisionConfig(**{**WHOLE, "image_size": 30})).save_pretrained(tmp_path)
    vision = load_vision(str(tmp_path), "cpu")
    assert vision.prefix == () and len(capture_picture(vision, PHOTO).trace.tokens) == 25
    with pytest.raises(core.UnsupportedModel, match="no .CLS. position"):
        points(vision, [scenes.draw(1)])


def test_the_packet_holds_the_maps_to_16_bits(families, monkeypatch) -> None:
    import json
    import struct

    seen = capture_picture(load_vision(families("dinov2_registers"), "cpu"), PHOTO)

    def read(packet: bytes) -> tuple[dict, np.ndarray, np.ndarray]:
        (size,) = struct.unpack_from("<I", packet)
        header, body = json.loads(packet[4 : 4 + size]), packet[4 + size :]
        shape, at = header["blocks"]["maps"]["shape"], header["blocks"]["maps"]["at"]
        planes = np.frombuffer(body[at:], np.uint8).reshape(2, -1).astype(int)
        return header, np.frombuffer(body[:at], np.uint8), (planes[0] * 256 + planes[1]).reshape(shape) / 65535

    header, picture, maps = read(pack_picture(seen, 1, 0, question="", texts={}, options={}))
    assert (
        header["prefix"] == ["[CLS]", "[REG1]", "[REG2]", "[REG3]"]
        and header["rows"] is None
        and np.array_equal(picture, seen.picture.ravel())
    )
    np.testing.assert_allclose(maps[:4], seen.trace.layer_attention(1), atol=1e-5)
    np.testing.assert_allclose(maps[4:], np.stack(seen.rollout), atol=1e-5)
    monkeypatch.setattr("core.vision.picture_packet.MAX_MAP_BYTES", 1000)
    header, _, few = read(pack_picture(seen, 1, 20, question="", texts={}, options={}))
    assert header["rows"] == [0, 1, 2, 3, 20] and np.array_equal(few, maps[:, header["rows"]]) and MAX_MAP_BYTES > 1000
    with pytest.raises(core.BadInput, match="no position 999"):
        pack_picture(seen, 1, 999, question="", texts={}, options={})


def test_the_shipped_model_answers_and_points(shipped) -> None:
    drawn = [scenes.draw(seed, split="test") for seed in range(5000, 5100)]
    found, null = points(shipped, drawn), points(random_vision_twin(shipped), drawn)
    assert (
        shipped.cells == 4
        and shipped.prefix == ("[CLS]",)
        and not shipped.assumed
        and models.VisionModel is type(shipped)
    )
    assert found.accuracy.value >= 0.93 and null.accuracy.value < 0.25
    assert found.of(*found.best).low > 5 * found.null.high and null.of(*null.best).value < 2 * found.null.value


def test_a_silent_head_is_its_columns_of_the_output_matrix_set_to_zero(shipped) -> None:
    from core.attention.edits import Ablation

    pixels = scenes.draw(4, split="test").pixels
    edited = capture_picture(shipped, pixels, edits=[Ablation(layer=2, head=1)])
    by_hand = random_vision_twin(shipped).model  # a copy of the same shape
    by_hand.load_state_dict(shipped.model.state_dict())
    by_hand.vit.layers[2].attention.o_proj.weight[:, 24:48] = 0
    with torch.inference_mode():
        np.testing.assert_allclose(
            edited.logits, by_hand(pixel_values=prepared(shipped, pixels)).logits[0].numpy(), atol=1e-5
        )
    assert np.array_equal(capture_picture(shipped, pixels).logits, capture_picture(shipped, pixels, edits=[]).logits)


def test_what_may_not_be_looked_at_has_no_weight_and_the_answer_falls(shipped) -> None:
    from core.vision.causes import most_looked_at, patch_cuts, patch_effects

    scene = scenes.draw(9, split="test")
    seen = capture_picture(shipped, scene.pixels)
    hit = np.flatnonzero(covered(shipped, scene)).tolist()
    cut = capture_picture(shipped, scene.pixels, edits=[patch_cuts(seen, 2, 2, hit)["nobody"]])
    keys = [1 + patch for patch in hit]
    rest = np.setdiff1d(np.arange(65), keys)
    for layer in range(4):
        maps = cut.trace.layer_attention(layer)
        assert maps[:, rest][:, :, keys].max() == 0 and np.allclose(maps.sum(-1), 1, atol=1e-5)
    found = patch_effects(shipped, scene.pixels, seen, 2, 2, hit, scene.cell)
    assert tuple(found.cut) == ("head", "one", "layer", "all", "nobody") and set(found.null) == set(found.cut) - {
        "head"
    }
    assert found.plain == pytest.approx(seen.probabilities[scene.cell])
    others = []
    for seed in range(6):
        scene = scenes.draw(seed, split="test")
        others.append(
            patch_effects(
                shipped,
                scene.pixels,
                capture_picture(shipped, scene.pixels),
                2,
                2,
                np.flatnonzero(covered(shipped, scene)).tolist(),
                scene.cell,
            )
        )
    assert np.mean([one.cut["all"] for one in others]) < 0.5 < 0.9 < np.mean([one.null["all"] for one in others])
    assert tuple(patch_effects(shipped, scene.pixels, seen, 2, None, hit).cut) == ("layer", "all", "nobody")
    row = seen.trace.attention(2, 2)[0, 1:]
    assert most_looked_at(seen, 2, 2) == sorted(np.argsort(-row)[:4].tolist())
    assert most_looked_at(seen, 2, None) == sorted(np.argsort(-seen.rollout[0][0, 1:])[:4].tolist())


def test_long_studies_tell_their_progress(shipped, monkeypatch) -> None:
    from core.vision.causes import patch_effects

    monkeypatch.setattr("core.vision.pointing.PICTURES_PER_BATCH", 2)
    told: list[tuple[int, int]] = []
    drawn = [scenes.draw(seed, split="test") for seed in range(5)]
    found = points(shipped, drawn, progress=lambda *parts: told.append(parts))
    assert told == [(2, 5), (4, 5), (5, 5)] and len(found.heads) == len(found.even) == len(found.right) == 5
    told.clear()
    patch_effects(
        shipped,
        drawn[0].pixels,
        capture_picture(shipped, drawn[0].pixels),
        2,
        2,
        [5],
        progress=lambda *parts: told.append(parts),
    )
    assert told == [(done, 25) for done in range(1, 26)]


def test_a_broken_preparation_is_an_error_and_a_missing_one_is_assumed(families, tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(families("vit"), tmp_path / "vit")
    assert load_vision(str(folder), "cpu").assumed
    (folder / "preprocessor_config.json").write_text("{ not json")
    with pytest.raises(core.BadFile, match="preprocessor_config.json"):
        load_vision(str(folder), "cpu")
