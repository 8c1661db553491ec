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
from pandas.api.types import is_float_dtype
from pandas.io.formats.style import Styler

from core.files.spreadsheet import to_csv

from .locale import t
from .numbers import exact, fixed

_MOST_STYLED = 100_000  # cells


def show_table(
    rows: pd.DataFrame | Sequence[Mapping[str, Any]],
    *,
    title: str,
    columns: Mapping[str, Any] | None = None,
    height: int | None = None,
    key: str | None = None,
    on_pick: Callable[[], None] | None = None,
    download: bool = True,
    shares: Sequence[str] = (),
    digits: int = 4,
) -> None:
    """Draw the rows, and below them a button for the file.

    title: what a screen reader says of the table; columns: Streamlit's configuration of some. on_pick: callback of a
    marked row, which needs a ``key``. download: False where the page offers a fuller file of its own. Numbers that are
    no whole ones are written in the signs of the language: ``shares`` (columns, 0 … 1) as percentages with one
    decimal, the others with ``digits`` decimals; the file has them as they are.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    picking = {} if on_pick is None else {"on_select": on_pick, "selection_mode": "single-row"}
    st.dataframe(
        _written(frame, columns or {}, shares, digits),
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


def _written(
    frame: pd.DataFrame, columns: Mapping[str, Any], shares: Sequence[str], digits: int
) -> pd.DataFrame | Styler:
    """The frame, its numbers written in the signs of the page's language; the table still sorts them as numbers.

    Streamlit's own formats write them in the signs of the browser, or with a point. A column drawn as bars, and a
    frame too large to style, stay as they are.
    """
    formats = {
        name: (lambda value: exact(value, 1)) if name in shares else (lambda value: fixed(value, digits))
        for name in frame.columns
        if is_float_dtype(frame[name]) and not _is_bar(columns.get(str(name)))
    }
    if not formats or frame.size > _MOST_STYLED:
        return frame
    return frame.style.format(formats, na_rep="—")  # type: ignore[arg-type]


def _is_bar(config: Any) -> bool:
    return isinstance(config, dict) and (config.get("type_config") or {}).get("type") == "progress"


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
