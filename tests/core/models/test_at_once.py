"""Models loaded at the same moment: one at a time, whatever loads or builds them, and each of them whole."""

from __future__ import annotations

import ast
import json
import random
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel, PreTrainedModel

import core
from core.conv.classifier import load_classifier
from core.errors import BadFile, MiranteError
from core.models import hub_listing, hub_snapshot
from core.models.checkpoints import at_step, checkpoint_steps
from core.models.completeness import require_whole
from core.models.locks import LOADING
from core.models.sources import Source
from core.vision.models import load_vision, random_vision_twin
from tests import tiny

THREADS, ROUNDS = 4, 6
VISION = "mirante-vision"
NAMES = (
    "mirante-encoder-pt",
    "mirante-film",
    "mirante-decoder-pt",
    "mirante-translator",
    "bert",
    "gpt2",
    "t5",
    "marian",
)
ROOT = Path(__file__).resolve().parents[3]


def location(name: str) -> str:
    return name if name.startswith("mirante-") else tiny.folder(name)


def test_four_threads_load_different_models_and_each_has_its_head() -> None:
    for name in NAMES[4:]:
        tiny.folder(name)  # made once, by this thread
    together = threading.Barrier(THREADS)

    def load(name: str) -> core.LanguageModel:
        together.wait()
        return core.load(location(name), device="cpu")

    for turn in range(ROUNDS):
        names = random.Random(turn).sample(NAMES, THREADS)
        with ThreadPoolExecutor(THREADS) as pool:
            models = list(pool.map(load, names))
        assert [name for name, lm in zip(names, models, strict=True) if not lm.has_head] == [], f"round {turn}"
        for lm in models:
            require_whole(lm.model, lm.name)
    assert core.load("mirante-encoder-pt", device="cpu").has_head


def waits() -> dict[str, Callable[[], object]]:
    """Everything that loads or builds a model, with what it needs loaded before."""
    encoder, film = core.load("mirante-encoder-pt", device="cpu"), core.load("mirante-film", device="cpu")
    vision = load_vision(VISION, "cpu")
    return {
        "load": lambda: core.load("mirante-encoder-pt", device="cpu"),
        "twin": lambda: core.twin(encoder),
        "checkpoint": lambda: at_step(film, checkpoint_steps("mirante-film")[3]),
        "vision": lambda: load_vision(VISION, "cpu"),
        "vision twin": lambda: random_vision_twin(vision),
        "classifier": load_classifier,
    }


def test_whatever_builds_a_model_waits_for_the_one_that_is_being_built() -> None:
    makers = waits()
    with ThreadPoolExecutor(len(makers)) as pool:
        with LOADING:
            making = {name: pool.submit(make) for name, make in makers.items()}
            threading.Event().wait(1.5)
            early = [name for name, made in making.items() if made.done()]
        for made in making.values():
            made.result(timeout=60)
    assert early == []


def test_every_file_that_calls_the_loaders_of_the_library_holds_the_lock() -> None:
    calls = {"from_pretrained", "_from_config", "from_config", "load_state_dict"}
    for path in [*(ROOT / "core").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        locked = any(isinstance(node, ast.With) and ast.unparse(node.items[0]) == "LOADING" for node in ast.walk(tree))
        assert locked or not named & calls, f"{path.relative_to(ROOT)} loads or builds a model without LOADING"


def test_the_lock_lets_a_load_inside_a_load_through() -> None:
    with LOADING:
        assert core.load("mirante-encoder-pt", device="cpu").has_head


def test_a_download_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another model is loaded while a model of the hub is being fetched."""
    finished: list[bool] = []

    def fetch(source: Source, *_: object) -> Path:
        other = threading.Thread(target=lambda: finished.append(core.load("mirante-encoder-pt", device="cpu").has_head))
        other.start()
        other.join(30)
        raise hub_listing.not_found(source.name, "the hub does not answer")

    monkeypatch.setattr(hub_snapshot, "fetch", fetch)
    with pytest.raises(core.ModelNotFound, match="does not answer"):
        core.load("somebody/something")
    assert finished == [True]


@contextmanager
def without_ties():
    """What two loads at once leave behind: nothing is tied any more."""
    genuine = PreTrainedModel.tie_weights
    PreTrainedModel.tie_weights = lambda *_, **__: None
    try:
        yield
    finally:
        PreTrainedModel.tie_weights = genuine


@pytest.mark.parametrize("name", ["mirante-encoder-pt", "mirante-translator", "bert", "gpt2"])
def test_a_disturbed_load_is_an_error_and_never_a_model_without_its_head(name: str) -> None:
    with without_ties(), pytest.raises(MiranteError, match="not loaded whole"):
        core.load(location(name), device="cpu")


def test_a_disturbed_twin_is_an_error() -> None:
    lm = core.load("mirante-encoder-pt", device="cpu")
    with without_ties(), pytest.raises(MiranteError, match="not loaded whole"):
        core.twin(lm)


def test_a_tensor_without_numbers_is_an_error() -> None:
    lm = core.load(tiny.folder("bert"), device="cpu")
    require_whole(lm.model, "bert")
    lm.model.register_buffer("empty", torch.zeros(2, device="meta"))
    with pytest.raises(MiranteError, match="1 tensors hold no numbers, the first is “empty”"):
        require_whole(lm.model, "bert")


def test_weights_that_should_have_a_head_and_have_none_are_incomplete(tmp_path: Path) -> None:
    folder = shutil.copytree(tiny.folder("bert"), tmp_path / "bert")
    tensors = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith("cls.")}
    assert len(kept) < len(tensors)
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(BadFile, match="incomplete"):
        core.load(str(folder))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"architectures": ["BertModel"]}))
    assert not core.load(str(folder)).has_head


def test_a_picture_model_that_lost_its_classifier_is_incomplete(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "assets/models" / VISION, tmp_path / "vision")
    tensors = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith("classifier")}
    assert len(kept) < len(tensors)
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(BadFile, match="incomplete"):
        load_vision(str(folder))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"architectures": ["ViTModel"]}))
    assert load_vision(str(folder)).labels == ()


def test_a_body_alone_is_not_refused(tmp_path: Path) -> None:
    AutoModel.from_pretrained(tiny.folder("bert")).save_pretrained(tmp_path / "body")
    for file in Path(tiny.folder("bert")).glob("tokenizer*"):
        shutil.copy(file, tmp_path / "body")
    assert not core.load(str(tmp_path / "body"), device="cpu").has_head
