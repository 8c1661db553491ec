"""Tables on pages: one function draws them, and the file that it offers runs nothing."""

from __future__ import annotations

import csv
import io
import tomllib

import numpy as np
import pandas as pd

from tests.ui.test_pages import ROOT
from ui.shell.tables import _written, csv_of


def test_no_page_draws_a_table_past_it() -> None:
    found = [
        str(path.relative_to(ROOT))
        for folder in ("ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if any(call in path.read_text(encoding="utf-8") for call in (".dataframe(", "st.table(", "st.write("))
    ]
    assert found == ["ui/shell/tables.py"]


def test_the_download_of_the_framework_is_off() -> None:
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        assert tomllib.load(file)["client"]["disableDataExport"] is True


def test_cells_and_names_of_columns_are_disarmed_and_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"=a": ["=1+1", "@b", None], "n": [-1.5, np.nan, 2.0]})
    rows = list(csv.reader(io.StringIO(csv_of(frame).decode("utf-8-sig"))))
    assert rows == [["'=a", "n"], ["'=1+1", "-1.5"], ["'@b", ""], ["", "2.0"]]


def test_numbers_are_written_in_the_signs_of_the_language_and_sort_as_numbers() -> None:
    frame = pd.DataFrame({"share": [0.2083, 1.0, np.nan], "nats": [-0.6329, 4.7, 0.0], "n": [3, 4, 5], "w": ["a"] * 3})
    shown = _written(frame, {}, ["share"], 2)
    cells = [
        [cell["display_value"] for cell in row if cell["type"] == "td"] for row in shown._translate(True, True)["body"]
    ]
    assert cells == [["20,8\u00a0%", "−0,63", "3", "a"], ["100,0\u00a0%", "4,70", "4", "a"], ["—", "0,00", "5", "a"]]
    assert shown.data is frame, "the table sorts the numbers, not what is written"


def test_no_page_writes_numbers_of_a_table_by_the_browsers_or_the_programs_signs() -> None:
    by_hand = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "ui").rglob("*.py")
        if "NumberColumn(format" in path.read_text(encoding="utf-8")
    ]
    assert by_hand == []


def test_every_chart_names_its_tools_in_the_language_of_the_page() -> None:
    """The options of a chart are `charts.config()`; CONFIG alone leaves Plotly's English words."""
    by_hand = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "ui").rglob("*.py")
        if "config=CONFIG" in path.read_text(encoding="utf-8")
    ]
    assert by_hand == []
