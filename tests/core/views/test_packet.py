"""A section of a packet: what is written can be read, and the bytes on the wire stay what the browser reads today."""

from __future__ import annotations

import hashlib

import numpy as np

from core.views.packet import Block, levels, named_section, planes, read_section, section

WEIGHTS = np.array([[0.25, 0.75, 0.0], [1.0, 0.5, 1 / 3]])
BLOCKS = {
    "exact": Block("f4", np.array([[0.5, -np.inf], [3.0, 0.0]], dtype=np.float32)),
    "heads": Block("u1", levels(WEIGHTS, 127), 127),
    "hidden": Block("u2", levels(WEIGHTS, 65535)),
}


def test_what_is_written_can_be_read() -> None:
    found = read_section(section({"text": "ç", "size": 3}, BLOCKS))
    assert (found["text"], found["size"], found["tops"]) == ("ç", 3, {"heads": 127})
    np.testing.assert_array_equal(found["exact"], BLOCKS["exact"].values)
    np.testing.assert_allclose(found["heads"], WEIGHTS, atol=0.5 / 127)
    np.testing.assert_allclose(found["hidden"], WEIGHTS, atol=0.5 / 65535)


def test_high_bytes_stand_before_low_bytes() -> None:
    assert planes(np.array([0x0102, 0xFFEE])) == bytes([0x01, 0xFF, 0x02, 0xEE])


def test_blocks_start_where_the_packet_says() -> None:
    picture, after = Block("u1", np.arange(5)), Block("u1", np.arange(2))
    close, apart = (section({}, {"picture": picture, "after": after}, align=align) for align in (1, 4))
    assert b'"at":5}' in close and close.endswith(bytes([0, 1, 2, 3, 4, 0, 1]))
    assert b'"at":8}' in apart and apart.endswith(bytes([0, 1, 2, 3, 4, 0, 0, 0, 0, 1, 0, 0]))


def test_the_bytes_stay_as_they_were() -> None:
    """The digests are those of the writers that each packet had of its own before."""
    plain = section({"pooled": False}, BLOCKS)
    named = named_section({"version": 1, "texts": {"a": "ã"}}, BLOCKS, options={"step": 3})
    assert digest(plain) == "6097fc073a393b3d" and digest(named) == "6c913193e35fb4b4"


def digest(packet: bytes) -> str:
    return hashlib.blake2b(packet, digest_size=8).hexdigest()
