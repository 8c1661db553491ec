"""First imports: everything once, before anybody is answered; afterwards no page imports anything large."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def python(code: str) -> str:
    """What ``code`` prints in a fresh process."""
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr[-3000:]
    return finished.stdout


@pytest.mark.slow
def test_threads_that_come_together_import_everything_once() -> None:
    code = """
import threading
from concurrent.futures import ThreadPoolExecutor
import ui.serving.first_imports as first
made, genuine = [], first.import_module
def counted(name):
    made.append(name)
    return genuine(name)
first.import_module = counted
def wait(_):
    first.import_everything()
    return len(made)
with ThreadPoolExecutor(8) as pool:
    seen = list(pool.map(wait, range(8)))
assert seen == 8 * [len(made)], "nobody goes on before all of it is there"
assert {name: made.count(name) for name in made if made.count(name) > 1 and name not in first.PACKAGES} == {}
import sys
from transformers import AutoConfig, AutoModelForMaskedLM, AutoTokenizer
assert {"torch", "core.vision.models", "ui.pages.bench.heads", "ui.serving.cache"} <= sys.modules.keys()
assert "core.cli.analyses" not in sys.modules
print(len(made))
"""
    assert int(python(code)) > 200


@pytest.mark.slow
def test_the_server_imports_before_it_answers() -> None:
    code = """
import asyncio, sys
import asgi
assert "transformers" not in sys.modules, "the application itself is imported quickly"
async def start():
    async with asgi.app._user_lifespan(asgi.app):
        assert {"torch", "transformers.models.auto.configuration_auto", "ui.pages.bench.heads"} <= sys.modules.keys()
asyncio.run(start())
print("started")
"""
    assert "started" in python(code)


@pytest.mark.slow
def test_what_pages_import_later_has_no_circles_or_comes_under_the_lock_of_loading() -> None:
    """Two visits may import at once what is left; plotly's many small files, which import nothing back, may be left."""
    code = """
import sys
from ui.serving.first_imports import import_everything
import_everything()
from core.models.locks import LOADING
from streamlit.testing.v1 import AppTest
from ui.shell.page_registry import REGISTRY
CIRCULAR = {"torch", "transformers", "scipy", "pandas", "pyarrow", "huggingface_hub", "tokenizers", "core", "ui"}
locked, alone = [], []
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in CIRCULAR:
            (locked if LOADING._is_owned() else alone).append(name)
sys.meta_path.insert(0, Watch())
for entry in REGISTRY:
    app = AppTest.from_file(ROOT + "/app.py", default_timeout=120)
    app.run()
    if entry is not REGISTRY[0]:
        app.switch_page(f"pages/{entry.slug}.py").run()
    assert not app.error, (entry.slug, app.error[0].value)
assert any(name.startswith("transformers.models.marian") for name in locked), "the watch sees nothing"
print(*alone)
"""
    assert python(f"ROOT = {str(ROOT)!r}\n{code}").split() == []


def test_lessons_are_imported_when_one_is_opened() -> None:
    """pydantic and ruamel.yaml cost a third of a second, and most visits open no lesson."""
    from ui.serving.first_imports import _modules

    assert [name for name in _modules() if name.startswith(("core.classroom", "ui.pages.start_here"))] == []
