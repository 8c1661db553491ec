"""Pickled weights become safetensors, bit for bit; a pickle that asks for more than tensors gets nothing."""

from __future__ import annotations

import json
import os
import pickle
import struct
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from core.errors import BadFile, TooLong
from core.fetching.conversion import convert, pickled_files


def bits(tensor: torch.Tensor) -> bytes:
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def written(folder: Path, value: object, name: str = "pytorch_model.bin", **options) -> Path:
    torch.save(value, folder / name, **options)
    return folder / name


@pytest.mark.parametrize("zipped", [True, False], ids=["of 2020 and later", "of 2019"])
def test_every_bit_is_kept(in_process, tmp_path, zipped):
    base = torch.randn(7, 5)
    state = {
        "weight": torch.nn.Parameter(base),
        "the same": base,
        "a part": base[2:4],
        "turned": base.T,
        "half": torch.tensor([1.0, float("nan"), -0.0, float("inf")], dtype=torch.float16),
        "brain": torch.randn(3).to(torch.bfloat16),
        "places": torch.arange(6).reshape(1, 6),
        "mask": torch.tensor([True, False]),
        "none": torch.zeros(0, 3),
        "number": torch.tensor(3.5),
    }
    convert([written(tmp_path, state, _use_new_zipfile_serialization=zipped)], tmp_path, "somebody/model")
    safe = load_file(tmp_path / "model.safetensors")
    assert safe.keys() == state.keys()
    for name, tensor in state.items():
        assert safe[name].dtype == tensor.dtype and safe[name].shape == tensor.shape
        assert bits(safe[name]) == bits(tensor), name


def test_shards_become_shards_with_an_index(in_process, tmp_path):
    shards = [{"a": torch.randn(3), "b": torch.randn(2)}, {"c": torch.randn(4)}]
    names = [f"pytorch_model-0000{i + 1}-of-00002.bin" for i in range(2)]
    for name, shard in zip(names, shards, strict=True):
        written(tmp_path, shard, name)
    where = {key: name for name, shard in zip(names, shards, strict=True) for key in shard}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": where}))
    files = convert(pickled_files(tmp_path, "x"), tmp_path, "x")
    index = json.loads((tmp_path / files[-1]).read_text())
    assert files[-1] == "model.safetensors.index.json" and index["metadata"]["total_size"] == 36
    for shard in shards:
        for key, tensor in shard.items():
            assert bits(load_file(tmp_path / index["weight_map"][key])[key]) == bits(tensor)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ({"a": "../../outside.bin"}, "not a file of pickled weights"),
        ({"a": "/etc/passwd"}, "not a file of pickled weights"),
        ({"a": "pytorch_model-00001-of-00001.bin"}, "not there"),
        ({f"{i}": f"pytorch_model-{i:05d}-of-01000.bin" for i in range(1000)}, "at most"),
        ([], "in which file"),
        ({"a": 3}, "in which file"),
    ],
)
def test_an_index_that_leads_elsewhere_is_refused(tmp_path, where, reason):
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": where}))
    with pytest.raises(BadFile, match=reason):
        pickled_files(tmp_path, "x")


@pytest.mark.parametrize(
    ("value", "error", "reason"),
    [
        ([torch.zeros(2)], BadFile, "no table of tensors"),
        ({}, BadFile, "no table of tensors"),
        ({1: torch.zeros(2)}, BadFile, "no table of tensors"),
        ({"a": torch.zeros(2), "epoch": 3}, BadFile, "“epoch” is not a plain tensor"),
        ({"a": {"b": torch.zeros(2)}}, BadFile, "“a” is not a plain tensor"),
        ({"a": torch.zeros(3, 3).to_sparse()}, BadFile, "“a” is not a plain tensor"),
        ({"a": torch.zeros(1).expand(10_000_000)}, TooLong, "40 MB of numbers"),
    ],
)
def test_what_is_no_table_of_tensors_is_refused(in_process, tmp_path, value, error, reason):
    file = written(tmp_path, value)
    with pytest.raises(error, match=reason):
        convert([file], tmp_path, "somebody/model")
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_tensor_in_two_files_is_refused(in_process, tmp_path):
    files = [written(tmp_path, {"a": torch.zeros(2)}, name) for name in ("pytorch_model-1.bin", "pytorch_model-2.bin")]
    with pytest.raises(BadFile, match="“a” stands in several files"):
        convert(files, tmp_path, "x")


class Canary:
    """Writes a file when it is unpickled by pickle."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def test_a_pickle_that_wants_to_run_code_is_refused_and_nothing_ran(tmp_path):
    canary = tmp_path / "canary"
    file = tmp_path / "pytorch_model.bin"
    torch.save({"a": torch.zeros(2), "b": Canary(canary)}, file)
    with pytest.raises(BadFile, match=r"asks for “\w+\.system” to be run .* Nothing was run"):
        convert([file], tmp_path, "somebody/model")
    assert not canary.exists() and not list(tmp_path.glob("*.safetensors*"))
    pickle.loads(pickle.dumps(Canary(canary)))  # the canary sings where a pickle is opened as pickles are
    assert canary.exists()


@pytest.mark.parametrize("value", [Canary(Path("/nowhere")), {"a": Canary(Path("/nowhere"))}])
@pytest.mark.parametrize("plain", [True, False])
def test_code_in_any_place_of_a_pickle_is_refused(in_process, tmp_path, value, plain):
    file = tmp_path / "pytorch_model.bin"
    if plain:
        file.write_bytes(pickle.dumps(value))
    else:
        torch.save(value, file)
    with pytest.raises(BadFile):
        convert([file], tmp_path, "x")


def test_a_bomb_ends_its_own_process_and_nothing_else(tmp_path):
    """0.5 MB that unpack to 500 MB."""
    size = 500_000_000
    original = written(tmp_path, {"a": torch.zeros(1_000_000, dtype=torch.uint8)}, "small.bin")
    bomb = tmp_path / "pytorch_model.bin"
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for entry in source.namelist():
            data = source.read(entry)
            if not entry.endswith("data/0"):
                out.writestr(entry, data.replace(struct.pack("<i", 1_000_000), struct.pack("<i", size)))
                continue
            with out.open(entry, "w") as opened:
                for _ in range(size // len(data)):
                    opened.write(data)
    with pytest.raises(TooLong, match="more than its size explains"):
        convert([bomb], tmp_path, "somebody/model")
    assert not list(tmp_path.glob("*.safetensors*"))


@pytest.mark.parametrize("data", [b"", b"\x80", b"not a pickle", b"PK\x03\x04" + bytes(100), os.urandom(5000)])
def test_what_is_no_pickle_is_refused(in_process, tmp_path, data):
    file = tmp_path / "pytorch_model.bin"
    file.write_bytes(data)
    with pytest.raises(BadFile, match="cannot be read"):
        convert([file], tmp_path, "x")
