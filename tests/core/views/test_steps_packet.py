"""The packet of the steps: what goes in comes out, only what is known travels, and its name is that of its content."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from core.views.steps_packet import pack_steps
from tests.core.analyses.test_steps import Case, case


def packed(one: Case, **options: object) -> bytes:
    query, key = one.trace.sides(one.steps.kind)
    return pack_steps(
        one.steps, query, key, heads=4, texts={"percent": "{n} %"}, missing={"residual": "porque não"}, options=options
    )


def unpacked(packet: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    (size,) = struct.unpack_from("<I", packet)
    header = json.loads(packet[4 : 4 + size])
    blocks = {
        name: np.frombuffer(packet, "<f4", int(np.prod(block["shape"])), 4 + size + block["at"]).reshape(block["shape"])
        for name, block in header["blocks"].items()
    }
    return header, blocks


@pytest.mark.parametrize(
    ("name", "kind"), [("bert", "self"), ("gemma2", "self"), ("gpt_oss", "self"), ("gpt_neox", "self"), ("t5", "cross")]
)
def test_what_goes_in_comes_out(name, kind):
    one = case(name, kind)
    header, blocks = unpacked(packed(one, step=3))
    for field in ("q", "keys", "values", "scores", "weights", "input", "concat", "parts", "written"):
        np.testing.assert_array_equal(blocks[field], getattr(one.steps, field))
    np.testing.assert_array_equal(blocks["after"], one.steps.residual.after)
    assert header["options"] == {"step": 3} and header["scaling"] == one.steps.scaling
    assert len(header["columns"]["labels"]) == len(one.steps.weights) and header["missing"] == {
        "residual": "porque não"
    }
    assert ("beside" in blocks) == (name == "gpt_neox") and ("bias" in blocks) == (one.steps.bias is not None)


def test_blocks_start_at_multiples_of_four():
    header, _ = unpacked(packed(case("bert")))
    size = struct.unpack_from("<I", packed(case("bert")))[0]
    assert size % 4 == 0 and all(block["at"] % 4 == 0 for block in header["blocks"].values())


def test_the_name_follows_the_content_and_not_the_options():
    names = [
        unpacked(packet)[0]["name"]
        for packet in (packed(case("bert"), step=1), packed(case("bert"), step=2), packed(case("roberta"), step=1))
    ]
    assert names[0] == names[1] != names[2]
