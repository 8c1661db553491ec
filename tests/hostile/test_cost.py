"""No file costs more than a second or fifty megabytes, read or refused, and none ends in an error that is not ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import pictures, texts
from tests.hostile.meter import MEGABYTES, SECONDS

CORPUS: dict[str, Callable[[], dict]] = {
    "lists": texts.lists,
    "treebanks": texts.treebanks,
    "pairs": texts.pairs,
    "schemas": texts.schemas,
    "items": texts.items,
    "links": texts.links,
    "pictures": pictures.pictures,
}
LONG = {"pictures"}
"""Readers whose files take long to make."""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the highest memory is read from /proc")
@pytest.mark.parametrize(
    "reader", [pytest.param(reader, marks=pytest.mark.slow) if reader in LONG else reader for reader in CORPUS]
)
def test_every_hostile_file_is_cheap(reader: str, tmp_path: Path) -> None:
    corpus = CORPUS[reader]()
    for number, (name, made) in enumerate(corpus.items()):
        ending, data = made if isinstance(made, tuple) else ("x", made)
        place = tmp_path / f"{number:03} {name} {ending}"
        place.write_bytes(data.encode() if isinstance(data, str) else data)
    command = [sys.executable, "-m", "tests.hostile.meter", reader, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr[-2000:]
    costs = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(costs) == len(corpus)
    assert [one for one in costs if one["outcome"].startswith("!")] == []
    assert [one for one in costs if one["seconds"] >= SECONDS or one["mb"] >= MEGABYTES] == []
