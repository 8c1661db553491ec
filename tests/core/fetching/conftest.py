"""What the tests of fetching share."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.fetching import conversion
from core.fetching.pickle_worker import converted, explained


@pytest.fixture
def in_process(monkeypatch):
    """The worker's work without its process, which takes two seconds to import torch; its limits are tested apart."""

    def run(file: Path, out: Path, seconds: int, most: int) -> tuple[int, dict]:
        try:
            return 0, converted(str(file), str(out), most)
        except Exception as error:
            return 0, explained(error)

    monkeypatch.setattr(conversion, "_run_worker", run)
