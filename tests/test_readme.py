"""The examples of docs/command-line.md run as they are written; the first pages say the same in both languages."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = re.findall(
    r"<!-- tested -->\n```\w*\n(.*?)```", (ROOT / "docs/command-line.md").read_text("utf-8"), re.DOTALL
)


def test_the_python_example_runs(capsys):
    names: dict = {}
    exec(EXAMPLES[0], names)
    assert "copo" in names["trace"].tokens.words
    np.testing.assert_allclose(names["attention"].sum(axis=1), 1, atol=1e-5)
    assert "copo" in capsys.readouterr().out


def test_the_commands_run(tmp_path):
    import os

    for line in EXAMPLES[1].strip().splitlines():
        command = [sys.executable, *shlex.split(line)[1:]]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert tuple(np.load(tmp_path / "trace.npz")["words"][1:-1]) == ("O", "gato", "dorme", ".")


DOCUMENTS = [("README.md", "README.pt-BR.md")] + [
    (f"docs/{name}.md", f"docs/{name}.pt-BR.md") for name in ("tour", "command-line", "shortcomings", "glossary")
]


@pytest.mark.parametrize("pair", DOCUMENTS, ids=lambda pair: pair[0])
def test_both_languages_have_the_same_pictures_headings_and_points(pair: tuple[str, str]):
    english, portuguese = ((ROOT / name).read_text(encoding="utf-8") for name in pair)
    for pattern in (r"[\w/-]+\.(?:png|webp)", r"^#+ ", r"^(?:- |\d+\. )", r"^\| \["):
        assert len(found := re.findall(pattern, english, re.MULTILINE)) == len(
            re.findall(pattern, portuguese, re.MULTILINE)
        )
        assert "png" not in pattern or found == re.findall(pattern, portuguese)


def test_commands_stand_in_both_languages():
    for name, commands in (
        ("README", ("make run", "make test", "python -m ui")),
        ("docs/command-line", ("core capture",)),
    ):
        for suffix in (".md", ".pt-BR.md"):
            text = (ROOT / f"{name}{suffix}").read_text(encoding="utf-8")
            assert all(command in text for command in commands)


@pytest.mark.parametrize("name", [name for pair in DOCUMENTS for name in pair])
def test_every_link_of_the_first_pages_leads_to_a_file(name: str):
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)[^)]*\)|(?:src|srcset)=\"([^\"]+)\"", text):
        assert (path.parent / (target[0] or target[1])).exists(), target


@pytest.mark.parametrize("name", ["README.md", "README.pt-BR.md"])
def test_the_first_screen_says_what_it_is_and_how_it_starts(name: str):
    first = (ROOT / name).read_text(encoding="utf-8").splitlines()[:25]
    assert any("make run" in line for line in first) and any("first-look" in line for line in first)
    assert all(
        (ROOT / f"docs/images/first-look-{theme}.webp").stat().st_size < 1_500_000 for theme in ("light", "dark")
    )
