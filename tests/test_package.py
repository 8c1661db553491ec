"""What ``pip install .`` installs: the package mirante with its models, typed, with a command; the same code as
core/ in the tree.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from core.assets import ROOT
from core.models.sources import bundled_names
from core.version import __version__

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOTEBOOK = """
from mirante import capture, load
trace = capture(load("mirante-encoder-pt"), "O gato dorme.")
print(trace.tokens.words, trace.attention(layer=2, head=1).sum(axis=1).round(4))
print(len(trace.show(layer=2, head=1)._repr_html_()))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built with the backend that is installed, so that no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed package and nothing else of this project."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, elsewhere: Path, *arguments: str) -> str:
    """Standard output of Python with the package on its path, started outside the checkout."""
    environment = os.environ | {"PYTHONPATH": str(installed), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_module_and_what_core_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {f"mirante/{path.relative_to(ROOT / 'core').as_posix()}" for path in (ROOT / "core").rglob("*.py")}
    weights = {f"mirante/assets/models/{name}/config.json" for name in bundled_names()}
    others = {"mirante/py.typed", "mirante/assets/standalone/page.html", "mirante/assets/coreference/containers.json"}
    assert modules | weights | others <= names
    assert any(re.fullmatch(r"mirante/assets/models/mirante-encoder-pt/.*\.safetensors", name) for name in names)
    assert {name.split("/")[0] for name in names} == {"mirante", f"mirante-{__version__}.dist-info"}


def test_the_wheel_names_its_version_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        entry_points = archive.read(f"mirante-{__version__}.dist-info/entry_points.txt").decode()
        metadata = archive.read(f"mirante-{__version__}.dist-info/METADATA").decode()
    assert "mirante = mirante.__main__:main" in entry_points
    assert {"app", "cluster", "dev"} == set(re.findall(r"^Provides-Extra: (.+)$", metadata, re.MULTILINE))


def test_the_installed_package_captures_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    words, shown = (
        run(installed, tmp_path, "-c", NOTEBOOK).splitlines()[0],
        run(installed, tmp_path, "-m", "mirante", "models", "--json"),
    )
    assert "'gato'" in words
    assert [entry["name"] for entry in json.loads(shown)] == list(bundled_names())


def test_nothing_in_core_calls_itself_core(installed: Path) -> None:
    absolute = re.compile(r"^\s*(?:from|import) (?:core|ui|training)\b", re.MULTILINE)
    wrong = [
        path.name
        for path in (installed / "mirante").rglob("*.py")
        if absolute.search(_code(path.read_text(encoding="utf-8")))
    ]
    assert wrong == []


def _code(text: str) -> str:
    return re.sub(r'"""(?s:.)*?"""', "", text)


def test_the_ranges_of_the_package_hold_what_the_application_pins() -> None:
    pins = {}
    for line in (ROOT / "requirements-dev.txt").read_text().splitlines() + (
        ROOT / "requirements.txt"
    ).read_text().splitlines():
        if "==" in line:
            name, version = line.split("==")
            pins[name.replace("-", "_").lower()] = version
    extras = PROJECT["optional-dependencies"]
    ranges = [Requirement(text) for text in [*PROJECT["dependencies"], *extras["app"], *extras["dev"]]]
    missing = [str(item) for item in ranges if item.name.replace("-", "_").lower() not in pins]
    outside = [
        str(item) for item in ranges if not item.specifier.contains(pins.get(item.name.replace("-", "_").lower(), "0"))
    ]
    assert (missing, outside) == ([], [])
    unsaid = pins.keys() - {item.name.replace("-", "_").lower() for item in ranges}
    assert unsaid == set()


@pytest.mark.slow
def test_an_empty_environment_gets_everything_from_pip(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    constraint = tmp_path / "pins.txt"
    constraint.write_text((ROOT / "requirements.txt").read_text())
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-c", str(constraint), str(wheel)], check=True)
    command = tmp_path / "env" / "bin" / "mirante"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"HF_HUB_OFFLINE": "1"}
    listed = subprocess.run(
        [command, "models", "--json"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert len(json.loads(listed.stdout)) == len(bundled_names())
    subprocess.run([python, "-c", NOTEBOOK], cwd=tmp_path, env=environment, check=True)
