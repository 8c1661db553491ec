"""NPZ and safetensors hold the same arrays, and those of the trace."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from safetensors import safe_open

import core
from core.attention.edits import Knockout
from core.export import arrays, npz_bytes, safetensors_bytes, save
from tests import tiny


@pytest.fixture(scope="module", params=["llama", "t5"])
def trace(request):
    return core.capture(
        core.load(str(tiny.folder(request.param))), tiny.SENTENCE, tiny.TARGET if request.param == "t5" else None
    )


def test_both_formats_hold_every_array(trace, tmp_path):
    wanted = arrays(trace)
    with (
        np.load(io.BytesIO(npz_bytes(trace))) as packed,
        safe_open(save(trace, tmp_path / "x.safetensors"), "np") as opened,
    ):
        said = opened.metadata()
        assert set(packed.files) == set(wanted) == set(opened.keys()) | set(said) - {"format"}
        assert undated(packed["meta"]) == undated(wanted.pop("meta"))
        for name, values in wanted.items():
            np.testing.assert_array_equal(packed[name], values, err_msg=name)
            if values.dtype.kind != "U":
                np.testing.assert_array_equal(opened.get_tensor(name), values, err_msg=name)


def undated(meta: np.ndarray) -> dict:
    """The record of a file without its date: a second may pass between two files."""
    return {name: value for name, value in json.loads(meta.item()).items() if name != "date"}


def test_tensors_are_those_of_the_trace(trace, tmp_path):
    kind = trace.kinds[-1]
    prefix = "" if len(trace.kinds) == 1 else f"{kind}_"
    with safe_open(save(trace, tmp_path / "x.safetensors"), "np") as opened:
        for head in range(trace.heads(kind)):
            np.testing.assert_array_equal(
                opened.get_tensor(f"{prefix}attention_1")[head], trace.attention(1, head, kind)
            )
            for name in ("query", "key", "value"):
                np.testing.assert_array_equal(
                    opened.get_tensor(f"{prefix}{name}_1")[head], getattr(trace, name)(1, head, kind)
                )


def test_labels_and_provenance_travel_as_json(tmp_path):
    text = "“=1+1” <s> \\ שלום 👍"
    trace = core.capture(core.load(str(tiny.folder("llama"))), text)
    path = tmp_path / "x.safetensors"
    path.write_bytes(safetensors_bytes(trace))
    with safe_open(path, "np") as opened:
        said = opened.metadata()
    assert (
        tuple(json.loads(said["pieces"])) == trace.tokens.pieces
        and tuple(json.loads(said["words"])) == trace.tokens.words
    )
    meta = json.loads(said["meta"])
    assert (
        meta["sentence"] == text
        and meta["versions"]["torch"]
        and meta["tokenizer_hash"] == trace.provenance.tokenizer_hash
    )


def test_what_was_done_to_a_run_is_said():
    trace = core.capture(
        core.load(str(tiny.folder("bert"))),
        "o copo cheio",
        edits=[Knockout(layer=1, head=2, queries=(1,), keys=(2, 3))],
    )
    meta = json.loads(str(arrays(trace)["meta"]))
    assert meta["options"]["edits"] == [
        {"edit": "knockout", "layer": 2, "head": 3, "kind": None, "queries": [1], "keys": [2, 3]}
    ]
