"""Tables on pages: one function draws them, and the file that it offers runs nothing."""

from __future__ import annotations

import csv
import io
import tomllib

import numpy as np
import pandas as pd

from tests.ui.test_pages import ROOT
from ui.shell.tables import csv_of


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
