"""A hub id: what the hub says of its files is looked at before any is fetched (a hub of our own, on this machine)."""

from __future__ import annotations

import pytest
from huggingface_hub import constants

import core
from tests.hostile_models import HOSTILE, copied_model
from tests.hub import COMMIT, serving


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """(folder of the repository, the hub, a function that loads from it)."""
    folder = copied_model(tmp_path / "repository")
    with serving({"somebody/model": folder}, tmp_path / "cache") as server:

        def load(name: str = "somebody/model", offline: bool = False) -> tuple[str, list[str]]:
            """What loading says, and the files that were fetched for it."""
            monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
            server.sent.clear()
            try:
                lm = core.load(name, root=tmp_path)
                said = f"loaded {lm.name} {lm.revision}"
            except core.MiranteError as error:
                said = f"{type(error).__name__} {error}"
            return said, [file for file, _ in server.sent]

        yield folder, server, load


def test_a_hub_id_is_fetched_once_and_read_without_a_connection(hub):
    _, _, load = hub
    said, fetched = load()
    assert said.startswith(f"loaded somebody/model {COMMIT}") and "model.safetensors" in fetched
    assert load(offline=True) == (said, [])


def test_too_much_is_refused_before_anything_is_fetched(hub):
    _, server, load = hub
    server.claimed["model.safetensors"] = 140_000_000_000
    said, fetched = load()
    assert said.startswith("TooLong") and "140000 MB" in said and fetched == []


@pytest.mark.parametrize(
    "name", ["config: a million layers", "config: nested deeply", "tokenizer: a letter that becomes a million"]
)
def test_weights_come_after_the_small_files_were_checked(hub, name):
    folder, _, load = hub
    HOSTILE[name](folder)
    said, fetched = load()
    assert said.startswith("BadFile") and "somebody/model" in said
    assert "config.json" in fetched and "model.safetensors" not in fetched


def test_what_is_not_there_says_what_was_tried(hub):
    _, _, load = hub
    said, fetched = load("nobody/nothing")
    assert said.startswith("ModelNotFound") and "Tried: the bundled models" in said and fetched == []


def test_pickled_weights_are_not_fetched_and_the_command_that_converts_them_is_named(hub):
    folder, _, load = hub
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    said, fetched = load()
    assert said.startswith("BadFile") and said.endswith("python -m core fetch somebody/model")
    assert fetched == []


@pytest.mark.parametrize(
    ("file", "framework"), [("tf_model.h5", "TensorFlow"), ("flax_model.msgpack", "Flax"), ("model.onnx", "ONNX")]
)
def test_weights_of_another_framework_are_named(hub, file, framework):
    folder, _, load = hub
    (folder / "model.safetensors").rename(folder / file)
    said, fetched = load()
    assert said.startswith("UnsupportedModel") and framework in said and file in said and fetched == []


def test_a_listing_without_end_is_not_read(hub):
    _, server, load = hub
    server.listed = [f"checkpoint-{number:07d}.txt" for number in range(60_000)]  # more values than are counted
    assert load() == (load()[0], []) and "values" in load()[0]
    server.listed, server.padding = [], 20_000_000
    said, fetched = load()
    assert said.startswith("BadFile") and "16 MB" in said and fetched == []


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (403, {"X-Error-Code": "GatedRepo"}, "accepted its terms"),
        (401, {}, "HF_TOKEN"),
        (401, {"X-Error-Message": "Invalid credentials in Authorization header"}, "does not accept the token"),
        (403, {"X-Error-Message": "Access to this resource is disabled."}, "has closed"),
        (404, {"X-Error-Code": "RevisionNotFound"}, "no revision"),
        (404, {"X-Error-Code": "RepoNotFound"}, "Check the spelling"),
    ],
)
def test_why_the_hub_does_not_open_a_repository(hub, status, headers, words, monkeypatch):
    _, server, load = hub
    if "token" in words:
        monkeypatch.setenv("HF_TOKEN", "hf_old")
    server.status["somebody/model"] = (status, headers)
    said, fetched = load()
    assert said.startswith("ModelNotFound") and words in said and fetched == []
