"""A method is one file: it is found, says what it is, and docs/maths.md shows its row."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import core.analyses.methods as folder
from core.analyses.methods import METHODS
from core.analyses.methods.definition import Need
from tools.method_table import ROOT, table, updated


def test_every_file_of_the_folder_is_a_method_and_in_order():
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__", "definition"}
    assert files == set(METHODS) and all(method.key == key for key, method in METHODS.items())
    orders = [method.order for method in METHODS.values()]
    assert orders == sorted(orders) and len(set(orders)) == len(orders)


def test_every_method_says_what_it_is():
    for method in METHODS.values():
        assert method.source and method.layer_formula and method.joint_formula and str(method.summary)
        assert method.needs and set(method.needs) <= set(get_args(Need))
        assert (method.row is None) == (method.row_seconds is None)


def test_a_method_that_reads_values_is_refused_where_none_adds_up():
    """What a method says that it needs decides which methods a model lacks (test_input_attribution: gemma2)."""
    by_size = {key for key, method in METHODS.items() if "output matrix" in method.needs}
    assert by_size == {"norm", "norm_rollout", "residual", "normed", "alti"}


def test_the_table_of_the_docs_is_current():
    text = (ROOT / "docs" / "maths.md").read_text(encoding="utf-8")
    assert updated(text) == text, "run: python -m tools.method_table"
    assert len(table().splitlines()) == len(METHODS) + 2
