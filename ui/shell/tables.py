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
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype
from pandas.io.formats.style import Styler

from core.files.spreadsheet import to_csv
from core.written_numbers import percent_sign

from .locale import t
from .numbers import decimal_sign, exact, fixed, thousands

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
    marked row, which needs a ``key``. download: False where the page offers a fuller file of its own. Numbers are
    written in the signs of the language: ``shares`` (columns, 0 … 1) as percentages with one decimal, other broken
    numbers with ``digits`` decimals, whole ones with their thousands apart; the file has them as they are.
    A column of shares that is also drawn as bars: `share_bar` in ``columns``.
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

    Streamlit's own formats write them in the signs of the browser, or with a point. A frame too large to style stays
    as it is.
    """
    bars = [name for name in frame.columns if _is_bar(columns.get(str(name)))]
    if bars:
        frame = frame.assign(**{str(name): 100 * frame[name].astype(float) for name in bars})  # as `share_bar` says
    formats: dict[Any, Callable[[Any], str]] = {}
    for name in frame.columns:
        if name in bars or is_bool_dtype(frame[name]):
            continue
        if is_float_dtype(frame[name]):
            formats[name] = (lambda value: exact(value, 1)) if name in shares else (lambda value: fixed(value, digits))
        elif is_integer_dtype(frame[name]):
            formats[name] = lambda value: thousands(int(value))
    if not formats or frame.size > _MOST_STYLED:
        return frame
    return frame.style.format(formats, na_rep="—")


def share_bar(**options: Any) -> Any:
    """A column of shares 0 … 1 drawn as bars, with whole per cents as the language writes them beside each.

    options: width, help.
    """
    sign = percent_sign(decimal_sign()).replace("%", "%%")
    return st.column_config.ProgressColumn(min_value=0, max_value=100, format=f"%.0f{sign}", **options)


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
