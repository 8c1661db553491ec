"""``python -m core fetch`` against a hub on this machine: what it says, what it brings, what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

import core
from core.__main__ import main
from core.models.sources import local_names
from tests.hostile_models import copied_model
from tests.hub import COMMIT, Hub, serving

NAME = "somebody/model"


def pickled(folder: Path, *, shards: int = 1) -> dict[str, torch.Tensor]:
    """Make a folder's safetensors pickled weights, as repositories of 2020 have them; its tensors."""
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    names = (
        ["pytorch_model.bin"] if shards == 1 else [f"pytorch_model-{i:05d}-of-{shards:05d}.bin" for i in range(shards)]
    )
    parts = [dict(list(tensors.items())[i::shards]) for i in range(shards)]
    for name, part in zip(names, parts, strict=True):
        torch.save(part, folder / name)
    if shards > 1:
        where = {key: name for name, part in zip(names, parts, strict=True) for key in part}
        (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"metadata": {}, "weight_map": where}))
    return tensors


@dataclass
class Desk:
    """A hub, a models folder, and what the command says."""

    hub: Hub
    repository: Path
    models: Path
    capsys: pytest.CaptureFixture

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """(exit status, standard output, standard error)."""
        self.hub.sent.clear()
        status = 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["mirante", "fetch", *arguments])
            try:
                main()
            except SystemExit as end:
                status = int(end.code or 0)
        out, err = self.capsys.readouterr()
        return status, out.strip(), err

    @property
    def sent(self) -> list[str]:
        return [file for file, _ in self.hub.sent]


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    repository, models = copied_model(tmp_path / "repository"), tmp_path / "models"
    monkeypatch.setenv("MIRANTE_MODELS", str(models))
    monkeypatch.setenv("MIRANTE_LANG", "en")
    with serving({NAME: repository}, tmp_path / "cache") as hub:
        hub.facts[NAME] = {"cardData": {"license": "mit"}}
        yield Desk(hub, repository, models, capsys)


def test_a_pickled_model_comes_converted_whole_and_loads_as_the_pages_load_it(desk):
    (desk.repository / "README.md").write_text("A card.")
    (desk.repository / "run_me.py").write_text("1/0")
    original = pickled(desk.repository)
    status, out, err = desk.run(NAME, "--yes")
    folder = desk.models / NAME
    assert status == 0 and out == str(folder), err
    assert "Licence: mit" in err and "converted to safetensors" in err and COMMIT[:12] in err
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [
            "README.md",
            "config.json",
            "mirante-fetch.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json",
        ]
    )
    safe = load_file(folder / "model.safetensors")
    assert safe.keys() == original.keys()
    for key, tensor in original.items():
        assert safe[key].dtype == tensor.dtype and torch.equal(safe[key].view(torch.uint8), tensor.view(torch.uint8))
    lm = core.load(NAME, root=desk.models)  # by the id that a page's model field takes
    assert lm.name == NAME and lm.kind == "encoder" and lm.has_head and lm.layout.adapter == "seam"
    assert core.load(NAME).revision == lm.revision and local_names() == (NAME,)
    assert not any((desk.models / ".fetching").glob("somebody*/*"))
    again = desk.run(NAME, "--yes")
    assert again[0] == 0 and "is there already" in again[2] and desk.sent == []


def test_safetensors_are_not_touched_and_a_model_of_pictures_is_tried_as_one(desk, tmp_path):
    desk.hub.repositories["somebody/eyes"] = copied_model(tmp_path / "eyes", "vit")
    (desk.repository / "extra.bin").write_bytes(b"no weights")
    for name, kind in (("somebody/eyes", "a model of pictures"), (NAME, "encoder")):
        status, _, err = desk.run(name, "--yes")
        assert status == 0 and f": {kind}, 3 layers" in err, err
        stored = (desk.hub.repositories[name] / "model.safetensors").read_bytes()
        assert (desk.models / name / "model.safetensors").read_bytes() == stored
    assert "extra.bin" not in desk.sent


def test_an_interrupted_fetch_is_never_offered_and_only_the_rest_comes(desk, monkeypatch):
    size = (desk.repository / "model.safetensors").stat().st_size
    cut = size // 3

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    desk.hub.cut["model.safetensors"] = cut
    with monkeypatch.context() as patch:
        clock = SimpleNamespace(monotonic=time.monotonic, sleep=stop)  # before the next try
        patch.setattr("core.fetching.download.time", clock)
        status, _, err = desk.run(NAME, "--yes")
    assert status == 1 and "the same command goes on from there" in err
    stage = next((desk.models / ".fetching").glob("somebody--model@*/"))
    assert (stage / "model.safetensors.part").stat().st_size == cut and (stage / "config.json").is_file()
    assert not (desk.models / NAME).exists() and local_names() == ()
    for name in (f".fetching/{stage.name}", f"somebody/../.fetching/{stage.name}"):
        with pytest.raises(core.ModelNotFound):  # as if nothing lay there
            core.load(name, root=desk.models)
    status, _, err = desk.run(NAME, "--yes")
    assert status == 0, err
    assert desk.hub.sent == [("model.safetensors", size - cut)]


@pytest.mark.parametrize(
    "form", ["{}/", "https://huggingface.co/{}", "hf.co/{}/", "https://huggingface.co/{}/tree/main"]
)
def test_an_address_copied_from_a_browser_is_its_id(desk, form):
    status, out, err = desk.run(form.format(NAME), "--yes")
    assert status == 0 and Path(out) == desk.models / NAME, err


@pytest.mark.parametrize("form", ["https://huggingface.co/{}/tree/other", "https://example.org/{}", "{}@main"])
def test_another_address_is_no_id(desk, form):
    status, _, err = desk.run(form.format(NAME), "--yes")
    assert status == 1 and err.startswith("mirante: No model was found") and len(err.splitlines()) == 1


@pytest.mark.parametrize("into", ["/proc/models", "file/models", "file"])
def test_a_models_folder_that_cannot_be_written_is_one_line(desk, tmp_path, into):
    (tmp_path / "file").write_text("x")
    status, out, err = desk.run(NAME, "--yes", "--into", str(tmp_path / into))
    assert status == 1 and out == "" and err.splitlines()[-1].startswith("mirante: ") and "Traceback" not in err


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda desk: desk.hub.status.update({NAME: (403, {"X-Error-Code": "GatedRepo"})}), "accepted its terms"),
        (lambda desk: desk.hub.status.update({NAME: (401, {})}), "Check the spelling"),
        (lambda desk: desk.hub.status.update({NAME: (503, {})}), "cannot be reached"),
        (lambda desk: desk.hub.server_close(), "cannot be reached"),
        (lambda desk: (desk.repository / "model.safetensors").rename(desk.repository / "tf_model.h5"), "TensorFlow"),
        (lambda desk: (desk.repository / "model.safetensors").unlink(), "no usable *.safetensors"),
        (lambda desk: (desk.repository / "config.json").unlink(), "config.json"),
        (lambda desk: desk.hub.claimed.update({"model.safetensors": 10**12}), "limit is 4096 MB"),
        (lambda desk: desk.hub.claimed.update({"tokenizer.json": 10**10}), "at most 64.0 MB"),
        (lambda desk: (desk.models / NAME).mkdir(parents=True), "is there already"),
        (lambda desk: desk.hub.changed.add("config.json"), "digest differs"),
    ],
)
def test_one_line_says_why_not(desk, damage, words):
    damage(desk)
    status, out, err = desk.run(NAME, "--yes")
    assert status == 1 and out == "" and words in err.splitlines()[-1] and err.splitlines()[-1].startswith("mirante: ")
    assert "model.safetensors" not in desk.sent and "Traceback" not in err


def test_code_that_comes_with_a_model_is_neither_fetched_nor_run(desk, tmp_path):
    canary = tmp_path / "canary"
    (desk.repository / "evil.py").write_text(f"open({str(canary)!r}, 'w')\n")
    config = json.loads((desk.repository / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.EvilConfig", "AutoModelForMaskedLM": "evil.Evil"}}
    (desk.repository / "config.json").write_text(json.dumps(config))
    status, _, err = desk.run(NAME, "--yes")
    assert status == 1 and "needs code of its own" in err and f"“{NAME}”" in err
    assert "evil.py" not in desk.sent and "model.safetensors" not in desk.sent and not canary.exists()


def test_size_and_licence_come_before_the_question(desk, monkeypatch):
    status, out, err = desk.run(NAME)
    assert status == 1 and "To fetch: " in err and "Licence: mit" in err and "--yes" in err and desk.sent == []
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "n")
    status, _, err = desk.run(NAME)
    assert status == 1 and asked == ["Fetch it? [y/n] "] and "Nothing was fetched." in err and desk.sent == []
    monkeypatch.setenv("MIRANTE_LANG", "pt_BR.UTF-8")
    desk.hub.facts[NAME] = {}
    status, _, err = desk.run(NAME)
    assert asked[1] == "Buscar? [s/n] " and "Licença: o hub não informa nenhuma" in err and desk.sent == []


def test_a_folder_is_converted_beside_what_it_was_and_one_in_the_models_folder_where_it_is(desk, in_process):
    original = pickled(desk.repository, shards=2)
    before = sorted(path.name for path in desk.repository.iterdir())
    status, out, err = desk.run(str(desk.repository), "--yes")
    assert status == 0 and out == str(desk.models / "repository"), err
    assert sorted(path.name for path in desk.repository.iterdir()) == before
    shutil.copytree(desk.repository, desk.models / "mine")
    status, _, err = desk.run("mine", "--yes")
    assert status == 0, err
    for folder in (desk.models / "repository", desk.models / "mine"):
        index = json.loads((folder / "model.safetensors.index.json").read_text())["weight_map"]
        assert index.keys() == original.keys()
        assert all(torch.equal(load_file(folder / index[key])[key], value) for key, value in original.items())
    assert core.load("mine", root=desk.models).kind == "encoder"
    assert desk.run("mine", "--yes")[0] == 1


def test_a_link_out_of_a_folder_is_not_followed(desk, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (desk.repository / "vocab.txt").symlink_to(secret)
    status, _, err = desk.run(str(desk.repository), "--yes")
    assert status == 1 and "link to a file outside" in err and not (desk.models / "repository").exists()


@pytest.mark.slow
def test_a_client_that_is_killed_goes_on_where_it_was(desk):
    size = (desk.repository / "model.safetensors").stat().st_size
    desk.hub.slow["model.safetensors"] = 0.001
    environment = {**os.environ, "HF_ENDPOINT": desk.hub.address, "HF_HUB_OFFLINE": "0"}
    client = subprocess.Popen([sys.executable, "-m", "core", "fetch", NAME, "--yes"], env=environment)
    part = lambda: next((desk.models / ".fetching").glob("*/model.safetensors.part"), None)  # noqa: E731
    while part() is None or part().stat().st_size < 1000:
        time.sleep(0.02)
    client.kill()
    client.wait()
    kept = part().stat().st_size
    desk.hub.slow.clear()
    status, _, err = desk.run(NAME, "--yes")
    assert status == 0, err
    assert desk.hub.sent == [("model.safetensors", size - kept)]
