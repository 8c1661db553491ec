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
def test_a_page_imports_nothing_large_afterwards() -> None:
    """Whatever a visit still imports, two visits could import at once; the loaders do so under their lock."""
    code = """
import sys
from ui.serving.first_imports import import_everything
import_everything()
from streamlit.testing.v1 import AppTest
from ui.shell.page_registry import REGISTRY
before = set(sys.modules)
for entry in REGISTRY:
    app = AppTest.from_file("app.py", default_timeout=120)
    app.run()
    if entry is not REGISTRY[0]:
        app.switch_page(f"pages/{entry.slug}.py").run()
    assert not app.error, (entry.slug, app.error[0].value)
later = {".".join(name.split(".")[:2]) for name in set(sys.modules) - before}
print(*sorted(later))
"""
    later = set(python(code).split())
    assert later == {"transformers.models"}
