"""The examples of the README run as they are written."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = re.findall(r"<!-- tested -->\n```\w*\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


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


def test_both_languages_have_the_same_pictures_and_commands():
    english, portuguese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.pt-BR.md"))
    pictures = r"\]\((docs/images/[^)]+)\)"
    assert re.findall(pictures, english) == re.findall(pictures, portuguese)
    for command in ("make run", "make test", "streamlit run app.py", "python -m core capture"):
        assert command in english and command in portuguese
