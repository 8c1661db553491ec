"""The LaTeX table, read back cell by cell; nothing in a label is a command."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest

import core
from core.errors import BadInput
from core.export import latex_text, record
from core.export.latex import SPECIAL, escape
from core.views.view import view
from tests import tiny
from tests.core.export.test_export_numbers import HOSTILE, labelled

BACK = {written: mark for mark, written in SPECIAL.items()}
WRITTEN = re.compile("|".join(sorted(map(re.escape, BACK), key=len, reverse=True)) + r"|\{\}")


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load(str(tiny.folder("bert"))), tiny.SENTENCE)


def read(text: str) -> str:
    """What LaTeX prints for an escaped text."""
    return WRITTEN.sub(lambda found: BACK.get(found[0], ""), text)


def cells(table: str) -> tuple[list[str], list[str], np.ndarray]:
    """(column headings, row headings, numbers) of a written table."""
    lines = table.splitlines()
    split = [
        re.split(r"(?<!\\) & ", line.removesuffix(r" \\"))
        for line in lines[lines.index(r"\midrule") + 1 : lines.index(r"\bottomrule")]
    ]
    headings = re.split(r"(?<!\\) & ", lines[lines.index(r"\toprule") + 1].removesuffix(r" \\"))[1:]
    numbers = [[float(cell.replace(",", ".").replace("$-$", "-")) for cell in row[1:]] for row in split]
    return (
        [read(cell[len(r"\rotatebox{90}{") : -1]) for cell in headings],
        [read(row[0][1:-1]) for row in split],
        np.array(numbers),
    )


@pytest.mark.parametrize(("language", "point"), [("pt", ","), ("en", ".")])
def test_every_cell_is_the_trace_s(trace, language, point):
    shown = view(trace, words=False)
    table = latex_text(shown, [(1, 2)], record(trace, shown, [(1, 2)]), language=language, decimals=3)
    columns, rows, numbers = cells(table)
    assert tuple(columns) == tuple(rows) == trace.tokens.pieces
    np.testing.assert_allclose(numbers, trace.attention(1, 2), atol=0.0005)
    assert re.search(rf"0\{point}\d\d\d ", table) and ("camada 2, cabeça 3" in table) == (language == "pt")


def test_hostile_labels_are_printed_not_run(trace):
    names = [name for name in HOSTILE if name.strip() and "\n" not in name] + [
        "[CLS]",
        "*",
        "--",
        "^^M",
        "~a_b#c%$&{}",
        "`` ''",
    ]
    columns, rows, _ = cells(latex_text(labelled(names), [(0, 0)], record(trace)))
    assert columns == names[:6] + columns[6:] and columns == rows and columns[-6:] == names[-6:]


def test_invisible_characters_are_shown_and_lines_stay_whole():
    assert escape("a\nb\u200bc") == "a␤b⟨ZWSP⟩c"
    assert escape("--- ,, ''") == "-{}-{}- ,{}, '{}'"


def test_a_map_larger_than_a_page_is_refused(trace):
    with pytest.raises(BadInput, match="at most 24 × 24 tokens, and this map has 25 × 25"):
        latex_text(labelled(["a"] * 25), [(0, 0)], record(trace))
    assert r"\bottomrule" in latex_text(labelled(["a"] * 24), [(0, 0)], record(trace))
    with pytest.raises(BadInput, match="decimals"):
        latex_text(labelled(["a"]), [(0, 0)], record(trace), decimals=9)


@pytest.mark.skipif(not shutil.which("lualatex"), reason="no LaTeX on this machine")
def test_latex_accepts_it(trace, tmp_path):
    table = latex_text(labelled(HOSTILE[:6] + ["[CLS]"]), [(0, 0)], record(trace))
    (tmp_path / "t.tex").write_text(
        rf"\documentclass{{article}}\usepackage{{booktabs,graphicx}}\begin{{document}}{table}\end{{document}}",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
