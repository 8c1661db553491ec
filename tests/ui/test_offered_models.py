"""What the model field offers beside the bundled models: those of the models folder, and some of the hub."""

from __future__ import annotations

import shutil
import time

import pytest

from core.assets import ROOT
from core.models.sources import bundled_names, local_names
from core.models.suggestions import SUGGESTIONS
from core.vision.shipped import visions
from tests import tiny
from tests.hub import serving
from tests.ui.test_pages import open_page
from ui.serving import hub_reach
from ui.top_bar.pickers import offered_models

TEXT = [suggestion.name for suggestion in SUGGESTIONS if suggestion.kind != "vision"]
PICTURES = [suggestion.name for suggestion in SUGGESTIONS if suggestion.kind == "vision"]


@pytest.fixture
def forgotten(monkeypatch):
    """As when the server has imported everything: the hub was not asked yet."""
    monkeypatch.setattr(hub_reach, "everything_imported", lambda: True)
    monkeypatch.setattr(hub_reach, "_asked_at", float("-inf"))
    monkeypatch.setattr(hub_reach, "_answers", False)


def test_without_the_hub_nothing_of_it_is_offered(forgotten):
    for _ in range(3):
        assert set(offered_models()) <= {*bundled_names(), *local_names()}
        time.sleep(0.05)


def test_nobody_asks_the_hub_while_the_server_still_imports_what_asks_it(forgotten, monkeypatch):
    monkeypatch.setattr(hub_reach, "everything_imported", lambda: False)
    assert not hub_reach.hub_in_reach() and hub_reach._asked_at == float("-inf")


def test_where_the_hub_answers_its_models_are_offered_below_the_bundled_ones(forgotten, tmp_path):
    with serving({}, tmp_path):
        started = time.perf_counter()
        hub_reach.hub_in_reach()
        assert time.perf_counter() - started < 1, "nobody waits for the answer"
        end = time.monotonic() + 20
        while not hub_reach.hub_in_reach() and time.monotonic() < end:
            time.sleep(0.02)
        names = offered_models()
        assert names[0] == "mirante-encoder-pt" and list(names[-len(TEXT) :]) == TEXT
        assert list(offered_models("vision")[-len(PICTURES) :]) == PICTURES


def test_models_of_the_folder_are_offered_where_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("MIRANTE_MODELS", str(tmp_path))
    shutil.copytree(tiny.folder("bert"), tmp_path / "somebody" / "text")
    shutil.copytree(tiny.folder("vit"), tmp_path / "eyes")
    shutil.copytree(tiny.folder("bert"), tmp_path / ".fetching" / "half")
    (tmp_path / "empty").mkdir()
    shutil.copytree(tiny.folder("bert"), tmp_path / "pickled", ignore=shutil.ignore_patterns("*.safetensors"))
    assert local_names() == ("eyes", "somebody/text")
    assert "somebody/text" in offered_models() and "eyes" not in offered_models()
    assert offered_models("vision")[: len(visions()) + 1] == (*visions(), "eyes")
    monkeypatch.setenv("MIRANTE_MODELS", str(tmp_path / "nowhere"))
    assert local_names() == ()


def test_the_page_of_models_names_them_with_what_they_take():
    app = open_page("modelos.py", lang="pt")
    assert not app.exception and not app.error
    table = app.dataframe[-1].value
    assert list(table.iloc[:, 0]) == [suggestion.name for suggestion in SUGGESTIONS]
    assert table.iloc[0, 3] == "109,0" and table.iloc[0, 4] == "436" and table.iloc[0, 5] == "MIT"
    documented = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    for suggestion in SUGGESTIONS:
        assert f"| `{suggestion.name}` | {suggestion.kind} |" in documented
    captions = " ".join(caption.value for caption in app.caption)
    assert "python -m core fetch neuralmind/bert-base-portuguese-cased" in captions
    assert "não alcança o hub agora" in captions
