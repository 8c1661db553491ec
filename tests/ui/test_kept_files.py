"""What a page keeps of a sent file is counted as long as it is kept."""

from __future__ import annotations

import gc

import pytest

from ui.serving import kept_files
from ui.serving.kept_files import Kept, kept_bytes


def test_it_is_counted_for_its_session_until_it_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "session_of_page", lambda: "first")
    kept = [Kept("picture", 300), Kept("list", 20)]
    monkeypatch.setattr(kept_files, "session_of_page", lambda: "second")
    other = Kept("picture", 7)
    assert kept_bytes()["first"] == 320 and kept_bytes()["second"] == 7
    kept.pop()
    gc.collect()
    assert kept_bytes()["first"] == 300
    del kept, other
    gc.collect()
    assert not {"first", "second"} & set(kept_bytes())
