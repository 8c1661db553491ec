"""A table on a page, and the same as a file that is safe to open.

Streamlit's own download writes ``=1+1`` as it stands, which a spreadsheet program runs; it is switched off
(``client.disableDataExport`` in .streamlit/config.toml). Here the file is made when it is asked for, by the one writer
that disarms such cells (core/files/spreadsheet.py). Not here: a table that is edited (ui/pages/bench/pairs_table.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.files.spreadsheet import to_csv

from .locale import t


def show_table(
    rows: pd.DataFrame | Sequence[Mapping[str, Any]],
    *,
    title: str,
    columns: Mapping[str, Any] | None = None,
    height: int | None = None,
    key: str | None = None,
    on_pick: Callable[[], None] | None = None,
    download: bool = True,
) -> None:
    """Draw the rows, and below them a button for the file.

    title: what a screen reader says of the table; columns: Streamlit's configuration of some. on_pick: callback of a
    marked row, which needs a ``key``. download: False where the page offers a fuller file of its own.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    picking = {} if on_pick is None else {"on_select": on_pick, "selection_mode": "single-row"}
    st.dataframe(
        frame,
        hide_index=True,
        alt=title,
        column_config=columns,
        height="auto" if height is None else height,
        key=key,
        placeholder="",
        **picking,
    )
    if download:
        offer_csv(
            t("Download the table (CSV)"),
            lambda: csv_of(frame),
            "mirante-table.csv",
            key="csv_" + hashlib.blake2b((key or title).encode(), digest_size=6).hexdigest(),
            kind="tertiary",
        )


def offer_csv(
    label: str,
    data: bytes | str | Callable[[], bytes],
    name: str,
    *,
    key: str | None = None,
    kind: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """A button for a file of `core.files.spreadsheet`, which says how its words are read back."""
    st.download_button(
        label,
        data,
        name,
        "text/csv",
        key=key,
        on_click="ignore",
        type=kind,
        help=t(
            "In Python: `pandas.read_csv(file, keep_default_na=False, dtype=str)`, so that NA, null and 007 stay "
            "words. An apostrophe stands before a text that a spreadsheet would run as a formula (=, +, -, @ first)."
        ),
    )


def csv_of(frame: pd.DataFrame) -> bytes:
    """The rows of a frame without its index, as a file that a spreadsheet program runs nothing of."""
    cells = frame.astype(object).where(frame.notna(), "").itertuples(index=False, name=None)
    return to_csv([str(name) for name in frame.columns], cells)
