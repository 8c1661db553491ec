"""Loading: what is refused and how it says so; nothing that comes with a model is ever run."""

import json
import pickle
import shutil
import subprocess
import sys

import pytest
import torch

import core
from core.errors import BadFile, BadInput, MiranteError, ModelNotFound, UnsupportedModel
from core.models import devices, sources
from tests import tiny


@pytest.fixture
def copied(tmp_path):
    """A private copy of the tiny BERT that a test may damage."""
    return shutil.copytree(tiny.folder("bert"), tmp_path / "bert")


def test_loads_float32_on_the_best_device(copied):
    lm = core.load(str(copied))
    assert lm.kind == "encoder" and lm.dtype == torch.float32 and lm.has_head and lm.max_positions == 96
    assert lm.parameters == sum(p.numel() for p in lm.model.parameters()) and not lm.model.training


class Canary:
    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


def test_a_pickle_is_never_opened(copied, tmp_path):
    canary = tmp_path / "canary"
    (copied / "model.safetensors").unlink()
    (copied / "pytorch_model.bin").write_bytes(pickle.dumps(Canary(canary)))
    with pytest.raises(BadFile, match="only pickled weights"):
        core.load(str(copied))
    assert not canary.exists()


def test_remote_code_is_never_run(copied, tmp_path):
    canary = tmp_path / "canary"
    (copied / "evil.py").write_text(f"open({str(canary)!r}, 'w')\n")
    config = json.loads((copied / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.EvilConfig", "AutoModelForMaskedLM": "evil.Evil"}}
    (copied / "config.json").write_text(json.dumps(config))
    with pytest.raises(UnsupportedModel, match="code"):
        core.load(str(copied))
    assert not canary.exists()


def test_a_known_type_with_auto_map_uses_the_library_s_class(copied, tmp_path):
    canary = tmp_path / "canary"
    (copied / "evil.py").write_text(f"open({str(canary)!r}, 'w')\n")
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModelForMaskedLM": "evil.Evil"}}))
    assert type(core.load(str(copied)).model).__module__.startswith("transformers.")
    assert not canary.exists()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.json", b"{"),
        ("config.json", b"[]"),
        ("config.json", b'{"model_type": "nothing-like-it"}'),
        ("model.safetensors", b"not weights"),
        ("tokenizer.json", b"{}"),
    ],
)
def test_broken_files_are_named(copied, file, content):
    (copied / file).write_bytes(content)
    with pytest.raises(MiranteError) as error:
        core.load(str(copied))
    assert "bert" in str(error.value) or "nothing-like-it" in str(error.value)


def test_missing_weights_are_not_made_up(copied):
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 5}))
    with pytest.raises(BadFile, match="incomplete"):
        core.load(str(copied))


def test_a_checkpoint_without_head_has_no_logits(tmp_path):
    from transformers import AutoModel, AutoTokenizer

    AutoModel.from_pretrained(tiny.folder("bert")).save_pretrained(tmp_path / "headless")
    AutoTokenizer.from_pretrained(tiny.folder("bert")).save_pretrained(tmp_path / "headless")
    lm = core.load(str(tmp_path / "headless"))
    assert not lm.has_head and core.capture(lm, "o copo").logits is None


@pytest.mark.parametrize("name", ["vit", "clip", "mamba", "fnet"])
def test_what_cannot_be_shown_is_refused_with_its_reason(name):
    with pytest.raises(UnsupportedModel) as error:
        core.load(str(tiny.folder(name)))
    assert name.split("-")[0] in str(error.value) and len(str(error.value)) > 40


def test_an_unknown_name_says_what_was_tried(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelNotFound, match="Tried: the bundled models, a local folder"):
        core.load("nobody/nothing-here")


@pytest.mark.parametrize("name", ["", "   ", "a\0b", "a\nb"])
def test_impossible_names(name):
    with pytest.raises(BadInput):
        sources.locate(name)


def test_folders_only_below_the_root(tmp_path):
    root, outside = tmp_path / "models", tmp_path / "secret"
    (root / "mine").mkdir(parents=True)
    outside.mkdir()
    (root / "link").symlink_to(outside)
    assert sources.locate("mine", root).origin == "folder"
    for name in ("../secret", str(outside), "link", "mine/../../secret"):
        with pytest.raises(MiranteError):
            sources.locate(name, root)


def test_devices():
    assert devices.available()[-1] == "cpu"
    assert devices.choose_device("cpu").type == "cpu"
    with pytest.raises(BadInput, match="asked for"):
        devices.choose_device("tpu")
    with pytest.raises(BadInput, match="only for a GPU"):
        devices.dtype_for(torch.device("cpu"), "float16")


def test_importing_core_is_light():
    """The command line's --help must not wait for torch."""
    code = "import core, sys; assert 'torch' not in sys.modules and 'transformers' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
