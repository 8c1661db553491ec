"""A film: every frame is the model as it was, captured like any other; what does not belong is refused by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import core
from core.models import catalog, checkpoints
from core.models.sources import BUNDLED, bundled_names
from tests.tiny import SENTENCE, folder

SHIPPED = "mirante-film"
STEPS = (0, 40, 1200)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT whose frames are its weights times 0, ½ and 1; the last is in float16."""
    place = tmp_path_factory.mktemp("film") / "tiny"
    shutil.copytree(folder("bert"), place)
    weights = load_file(place / "model.safetensors")
    (place / "steps").mkdir()
    for step, factor in zip(STEPS, (0.0, 0.5, 1.0), strict=True):
        frame = {
            name: (value * factor).to(torch.float16 if step == STEPS[-1] else value.dtype)
            for name, value in weights.items()
        }
        save_file(frame, place / "steps" / f"{step:06d}.safetensors", metadata={"format": "pt"})
    (place / "steps" / "notes.safetensors").write_bytes(b"not a frame")
    return place


def test_the_steps_are_those_of_the_files_in_order(tiny: Path) -> None:
    assert checkpoints.checkpoint_steps(str(tiny)) == STEPS
    assert (
        checkpoints.checkpoint_steps(folder("llama")) == () == checkpoints.checkpoint_steps("somebody/model-on-the-hub")
    )


def test_a_frame_has_its_own_weights_and_says_its_step(tiny: Path) -> None:
    lm = core.load(str(tiny), device="cpu")
    before = [p.clone() for p in lm.model.parameters()]
    frame = checkpoints.at_step(lm, 40)
    for (name, half), whole in zip(frame.model.named_parameters(), lm.model.parameters(), strict=True):
        torch.testing.assert_close(half, 0.5 * whole, msg=name)
    assert all(torch.equal(a, b) for a, b in zip(before, lm.model.parameters(), strict=True))
    trace = core.capture(frame, SENTENCE)
    assert trace.provenance.model.endswith("(step 40)") and trace.provenance.revision != lm.revision
    assert frame.tokenizer is lm.tokenizer and {p.dtype for p in frame.model.parameters()} == {torch.float32}
    np.testing.assert_allclose(trace.layer_attention(0).sum(-1), 1, atol=1e-5)
    assert not np.allclose(trace.attention(0, 0), core.capture(lm, SENTENCE).attention(0, 0), atol=1e-6)


def test_the_last_frame_is_the_model_and_no_weights_make_even_attention(tiny: Path) -> None:
    last, lm = checkpoints.load_checkpoint(str(tiny), STEPS[-1], "cpu"), core.load(str(tiny), device="cpu")
    np.testing.assert_allclose(
        core.capture(last, SENTENCE).attention(0, 1), core.capture(lm, SENTENCE).attention(0, 1), atol=2e-3
    )
    even = core.capture(checkpoints.load_checkpoint(str(tiny), 0, "cpu"), SENTENCE).attention(0, 0)
    np.testing.assert_allclose(even, 1 / even.shape[1], atol=1e-6)


def test_what_is_not_a_frame_of_this_model_is_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(core.BadInput, match="step 41.*0, 40, 1200"):
        checkpoints.load_checkpoint(str(tiny), 41, "cpu")
    place = tmp_path / "broken"
    shutil.copytree(tiny, place)
    path = place / "steps" / "000040.safetensors"
    weights = load_file(path)
    del weights["bert.embeddings.word_embeddings.weight"]
    save_file(weights, path)
    with pytest.raises(core.BadFile, match="000040.*word_embeddings"):
        checkpoints.load_checkpoint(str(place), 40, "cpu")
    path.write_bytes(b"pickled?")
    with pytest.raises(core.BadFile, match="cannot be read"):
        checkpoints.load_checkpoint(str(place), 40, "cpu")
    with pytest.raises(core.BadFile, match="not measured"):
        checkpoints.checkpoint_measures(str(tiny))


@pytest.mark.skipif(SHIPPED not in bundled_names(), reason="the film is not in this tree")
class TestShipped:
    def test_it_fits_and_every_frame_is_measured(self) -> None:
        kept, found = checkpoints.checkpoint_steps(SHIPPED), checkpoints.checkpoint_measures(SHIPPED)
        assert kept == found.steps and kept[0] == 0 and 16 <= len(kept) <= 24
        place = BUNDLED / SHIPPED
        assert sum(path.stat().st_size for path in place.rglob("*.safetensors")) <= 25_000_000
        entry = catalog.describe(place)
        assert entry.parameters <= 1_000_000 and entry.bytes == (place / "model.safetensors").stat().st_size

    def test_the_roles_are_born_out_of_chance(self) -> None:
        roles = {role.name: role for role in checkpoints.checkpoint_measures(SHIPPED).roles}
        for name in ("previous", "next", "answer"):
            assert roles[name].scores[0] < 0.15 and roles[name].low[-1] > 0.5, name

    def test_the_answer_head_finds_the_glass_at_the_end_and_nothing_at_the_start(self) -> None:
        role = next(role for role in checkpoints.checkpoint_measures(SHIPPED).roles if role.name == "answer")
        text = "Ela derramou água da jarra para o copo até que ficasse cheio. O que ficou cheio? O [MASK]."
        weight = {}
        for step in (0, checkpoints.checkpoint_steps(SHIPPED)[-1]):
            trace = core.capture(checkpoints.load_checkpoint(SHIPPED, step, "cpu"), text)
            pieces = trace.tokens.pieces
            weight[step] = trace.attention(role.layer, role.head)[pieces.index("[MASK]"), pieces.index("copo")]
        assert weight[0] < 0.15 and max(weight.values()) > 0.5

    def test_the_folder_is_the_last_frame(self) -> None:
        last = load_file(BUNDLED / SHIPPED / "steps" / f"{checkpoints.checkpoint_steps(SHIPPED)[-1]:06d}.safetensors")
        main = load_file(BUNDLED / SHIPPED / "model.safetensors")
        assert (
            all(torch.equal(last[name], main[name]) for name in main.keys() & last.keys())
            and main.keys() <= last.keys()
        )
        assert json.loads((BUNDLED / SHIPPED / "config.json").read_text(encoding="utf-8"))["model_type"] == "bert"
