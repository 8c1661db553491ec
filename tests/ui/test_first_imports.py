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
known = {*first.PACKAGES, *first.FRAME, *first.FIRST}  # these come before the walk through all of ours
assert {name: made.count(name) for name in made if made.count(name) > 1 and name not in known} == {}
import sys
from transformers import AutoConfig, AutoModelForMaskedLM, AutoTokenizer
assert {"torch", "core.vision.models", "ui.pages.bench.heads", "ui.serving.cache"} <= sys.modules.keys()
assert "core.cli.analyses" not in sys.modules
print(len(made))
"""
    assert int(python(code)) > 200


def test_the_frame_needs_none_of_the_large_libraries() -> None:
    """The bar on top is drawn, its links and its devices too, before torch is there."""
    code = """
import sys
import asgi
from ui.serving.first_imports import import_frame
import_frame()
from streamlit.testing.v1 import AppTest
import ui.serving.first_imports as first
def stop(slug):
    import streamlit as st
    st.stop()
first.await_imports = stop
app = AppTest.from_file("app.py", default_timeout=60)
app.run()
assert not app.exception and app.text_area(key="sentence") and app.selectbox(key="model").options, app.main
print(*({"torch", "transformers", "scipy", "huggingface_hub"} & sys.modules.keys()))
"""
    assert python(code).split() == []


@pytest.mark.slow
def test_the_server_answers_at_once_and_prepares_itself_meanwhile() -> None:
    code = """
import asyncio, sys, time
import asgi
from ui.serving import cache
from ui.serving.first_imports import everything_imported
async def start():
    begun = time.perf_counter()
    async with asgi.app._user_lifespan(asgi.app):
        assert "core.models.loading" not in sys.modules, "it answers before"
        while not everything_imported():
            assert time.perf_counter() - begun < 120
            await asyncio.sleep(0.1)
        assert {"torch", "transformers.models.auto.configuration_auto", "ui.pages.bench.heads"} <= sys.modules.keys()
        assert len(cache._models) == 1, "the default model"
asyncio.run(start())
print("started")
"""
    assert "started" in python(code)


@pytest.mark.slow
def test_a_server_that_ends_while_it_imports_ends_soon_and_quietly() -> None:
    code = """
import asyncio, threading
import asgi
async def start():
    async with asgi.app._user_lifespan(asgi.app):
        await asyncio.sleep(0.3)
asyncio.run(start())
from ui.serving.first_imports import everything_imported
[thread.join(60) for thread in threading.enumerate() if thread.name == "head-start"]
assert not everything_imported()
print("ended")
"""
    assert "ended" in python(code)


@pytest.mark.slow
def test_pages_that_begin_early_import_nothing_that_others_import_meanwhile() -> None:
    """plotly and ours have no circles; pandas is imported with the frame."""
    code = """
import sys
import ui.serving.first_imports as first
from ui.serving import cache
from ui.serving.head_start import DEFAULT_DEVICE, DEFAULT_MODEL, DEFAULT_SENTENCE, Chosen
first.import_first()
cache.load_early(Chosen(DEFAULT_MODEL, DEFAULT_DEVICE, DEFAULT_SENTENCE, "en"))
from streamlit.testing.v1 import AppTest
CIRCULAR = {"torch", "transformers", "scipy", "pyarrow", "huggingface_hub", "tokenizers", "sqlalchemy"}
before = set(sys.modules)
for slug in first.EARLY:
    app = AppTest.from_file(ROOT + "/app.py", default_timeout=120)
    app.run()
    if slug != "inicio":
        app.switch_page(f"pages/{slug}.py").run()
    assert not app.error, (slug, app.error[0].value)
assert not first.everything_imported(), "the pages have not waited for the rest"
print(*(name for name in sys.modules if name not in before and name.partition(".")[0] in CIRCULAR))
"""
    assert python(f"ROOT = {str(ROOT)!r}\n{code}").split() == []


@pytest.mark.slow
def test_what_pages_import_later_has_no_circles_or_comes_under_the_lock_of_loading() -> None:
    """Two visits may import at once what is left; plotly's many small files, which import nothing back, may be left."""
    code = """
import sys
from ui.serving.first_imports import OF_LESSONS, import_everything
import_everything()
from core.models.locks import LOADING
from streamlit.testing.v1 import AppTest
from ui.shell.page_registry import REGISTRY
CIRCULAR = {"torch", "transformers", "scipy", "pandas", "pyarrow", "huggingface_hub", "tokenizers", "core", "ui"}
locked, alone = [], []
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in CIRCULAR and not OF_LESSONS.fullmatch(name):
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
