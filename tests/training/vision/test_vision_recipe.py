"""The recipe of mirante-vision: what a batch is, that it learns and resumes, what is measured; the shipped folder and
its card.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForImageClassification

from core.models.sources import shipped_names
from core.vision.models import as_read, load_vision, prepared
from core.vision.scenes import CELLS, SIZE, draw
from training.common import bundle, train
from training.vision import (
    card as vision_card,
    evaluate,
    export as vision_export,
    model as vision,
    recipe as vision_recipe,
)

here = pytest.mark.skipif(vision.NAME not in shipped_names(), reason="the vision model is not in this tree")
SMALL = {"layers": 2, "heads": 2, "width": 32}


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def test_a_batch_holds_pictures_answers_and_covered_patches_under_every_turn() -> None:
    scene = draw(11, split="train")
    made = vision_recipe.batch([scene], turns=range(8), weight=0.5)
    assert made.pixels.shape == (8, 3, SIZE, SIZE) and made.size() == 8 * vision.POSITIONS and made.weight == 0.5
    for turn in range(8):
        shown = made.pixels[turn].permute(1, 2, 0).numpy()
        np.testing.assert_allclose((shown + 1) * 127.5, vision_recipe.turned(scene.pixels, turn), atol=1e-3)
        patch = int(made.covered[turn].argmax())
        row, column = divmod(patch, SIZE // vision.PATCH)
        assert (
            abs(row - int(made.cells[turn]) // CELLS * 2 - 0.5) <= 1
            and abs(column - int(made.cells[turn]) % CELLS * 2 - 0.5) <= 1
        )
    assert len({one.numpy().tobytes() for one in made.pixels}) == 8
    whole = np.arange(12).reshape(3, 4)
    assert (
        vision_recipe.turned(whole, 1).tolist() == np.rot90(whole).tolist()
        and vision_recipe.turned(whole, 4).tolist() == whole[:, ::-1].tolist()
    )


def test_the_second_question_fades_and_the_pictures_do_not_come_twice() -> None:
    spent = iter((0.0, 0.25, 0.5, 0.9))
    passes = vision_recipe.one_pass(0, vision_recipe.PLAN, lambda: next(spent), pictures=8)
    batches = [next(passes) for _ in range(4)]
    assert [one.weight for one in batches] == [1.0, 0.5, 0.0, 0.0]
    assert len({one.numpy().tobytes() for made in batches for one in made.pixels}) == 32


def test_sines_tell_every_patch_apart() -> None:
    found = vision.sines(8, 96)
    assert found.shape == (64, 96) and float(torch.cdist(found, found).fill_diagonal_(9).min()) > 0.5
    assert torch.allclose(found[8, :48], found[15, :48]) and torch.allclose(found[1, 48:], found[57, 48:])


def test_it_learns_stops_and_goes_on_with_new_pictures(tmp_path: Path) -> None:
    plan = train.Plan(steps=6, rate=2e-3, muon=True, seed=1, report_every=1, save_minutes=0.0)
    monkey = {"pictures": 8, **SMALL}
    vision_recipe.probe.__defaults__ = (16,)
    first = vision_recipe.run(tmp_path, plan, **monkey)
    assert first.step == 6 and first.tokens == 6 * 8 * vision.POSITIONS and (tmp_path / "checkpoint.pt").exists()
    again = vision_recipe.run(tmp_path, train.Plan(**{**plan.__dict__, "steps": 8}), **monkey)
    assert again.step == 8 and len(again.curve) == 8


def test_a_guess_by_one_trait_is_right_as_often_as_there_are_things_that_have_it() -> None:
    found = evaluate.scenes("red", 40)
    assert evaluate.guess(found, lambda thing: thing.shape == "circle")["value"] == 1
    expected = np.mean([1 / len(scene.things) for scene in found])
    assert evaluate.guess(found, lambda thing: thing.colour == "red")["value"] == pytest.approx(
        expected, abs=0.03
    )  # two may share a cell
    answers = np.array([scene.cell for scene in found])
    assert evaluate.accuracy(found, answers)["value"] == 1 and evaluate.near(found, answers)["n"] == 0
    beside = np.array([cell + 1 if cell % CELLS < CELLS - 1 else cell - 1 for cell in answers])
    assert evaluate.near(found, beside)["value"] == 1 and evaluate.accuracy(found, beside)["value"] == 0


def test_an_exported_folder_is_the_trained_model_to_half_precision(tmp_path: Path) -> None:
    torch.manual_seed(2)
    model = vision.build(**SMALL).eval()
    vision_export.save(model, tmp_path)
    found = load_vision(str(tmp_path), "cpu")
    assert found.cells == CELLS and not found.assumed and found.parameters == model.num_parameters()
    pixels = draw(5).pixels
    values = prepared(found, pixels)
    assert np.array_equal(as_read(found, values), pixels) and torch.allclose(
        values, vision_recipe.prepared(pixels.transpose(2, 0, 1))[None], atol=1e-6
    )
    with torch.inference_mode():
        assert torch.allclose(found.model(pixel_values=values).logits, model(pixel_values=values).logits, atol=5e-3)


@here
class TestShipped:
    def test_it_loads_with_the_plain_class_is_small_and_the_card_is_its_document(self) -> None:
        model, info = AutoModelForImageClassification.from_pretrained(
            vision.ASSETS, output_loading_info=True, local_files_only=True
        )
        assert not info["missing_keys"] and model.num_parameters() == vision.build().num_parameters()
        assert (vision.ASSETS / "model.safetensors").stat().st_size < 5 * bundle.MEGABYTE
        document = json.loads((vision.ASSETS / "evaluation.json").read_text(encoding="utf-8"))
        assert document["table"] == vision_card.rows(document)
        assert (vision.ASSETS / "README.md").read_text(encoding="utf-8") == vision_card.text(document)

    def test_the_published_accuracy_is_found_again_on_a_part(self) -> None:
        document = json.loads((vision.ASSETS / "evaluation.json").read_text(encoding="utf-8"))
        found = load_vision(vision.NAME, "cpu")
        made = evaluate.scenes("mixed", 120)
        answers = evaluate.first_rows(found, [one.pixels for one in made])[1].argmax(-1)
        measured = evaluate.accuracy(made, answers)
        assert measured["low"] <= document["accuracy"]["mixed"]["value"] <= measured["high"]
        assert document["accuracy"]["all"]["value"] >= 0.97, "the goal of the recipe"
        assert document["pointing"]["own"]["low"] > 5 * document["pointing"]["even"]["high"]
        assert document["pointing"]["twin"]["value"] < 2 * document["pointing"]["even"]["value"]
