"""A person's own pairs: a table to type into, or a CSV in the same columns, checked at every change.

The pairs are kept in the link while they fit. The rules are core's (core.coreference.pair_rows); here they are
shown at the cell that breaks them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.coreference.items import Item
from core.coreference.pair_examples import EXAMPLE
from core.coreference.pair_files import pack_rows, read_csv, to_csv_text, unpack_rows
from core.coreference.pair_rows import MAX_ROWS, PAIR_COLUMNS, Fault, read_rows
from core.errors import BadInput, MiranteError

from ...explorer.upload_field import upload_field
from ...serving.read_files import read_in_turn
from ...shell.locale import error_text, language, plain, t, tn
from ...shell.state import fits_link
from ...shell.tables import offer_csv

_START_ROWS, _CURRENT_ROWS, _EDITOR_KEY, _VERSION, _PAIRS, _UPLOAD = (
    "_own_pairs",
    "_own_now",
    "own_editor",
    "_own_version",
    "pairs",
    "own_file",
)
_CSV_BYTES = 2**20
_MAX_FAULTS = 20  # faults shown at once
_Cells = dict[str, str]


def edit_pairs() -> tuple[Item, ...]:
    """The sound pairs of the table, as items."""
    st.markdown(
        t(
            "Two sentences that differ, the word that is asked about, and the nouns it may go with. The "
            "first rows are examples: change them, add rows, or send a CSV."
        )
    )
    _upload()
    rows = _table()
    items, faults = read_rows(rows)
    _faults(faults)
    _keep(rows)
    st.caption(
        tn("{n} sound pair.", "{n} sound pairs.", len(items) // 2)
        + " "
        + t("An interval needs at least four; a conclusion, many more.")
    )
    return items


def _headings() -> dict[str, str]:
    """The columns as they are shown."""
    return {
        "sentence_a": t("Sentence A"),
        "sentence_b": t("Sentence B"),
        "probe_a": t("Word asked, A"),
        "probe_b": t("Word asked, B"),
        "candidates": t("Nouns, with ; between"),
        "gold_a": t("Right noun, A"),
        "gold_b": t("Right noun, B"),
        "question_a": t("Question, A (optional)"),
        "question_b": t("Question, B (optional)"),
    }


def _table() -> list[_Cells]:
    """The editor; what it shows first is what was there before, so that nothing jumps while one types."""
    names, key = _headings(), f"{_EDITOR_KEY}_{language()}_{st.session_state.get(_VERSION, 0)}"
    if key not in st.session_state and _CURRENT_ROWS in st.session_state:
        # the editor is new on this page or in this language: it goes on with what was typed
        st.session_state[_START_ROWS] = st.session_state[_CURRENT_ROWS]
    _check_edits(key)
    frame = pd.DataFrame(_start(), columns=list(PAIR_COLUMNS)).fillna("")
    widths = {"sentence_a": 320, "sentence_b": 320, "question_a": 260, "question_b": 260, "candidates": 150}
    config = {
        column: st.column_config.TextColumn(
            names[column],
            width=widths.get(column, 110),
            max_chars=500,
            default="",
            help=t("“{example}”, for instance", example=EXAMPLE[0].get(column, "")),
        )
        for column in PAIR_COLUMNS
    }
    edited = st.data_editor(frame, key=key, num_rows="dynamic", hide_index=True, column_config=config)
    return [
        {column: "" if pd.isna(value := row[column]) else str(value) for column in PAIR_COLUMNS}
        for row in edited.to_dict("records")
    ]


def _check_edits(key: str) -> None:
    """A browser may send any number of rows: more than are read never reach the editor, which adds them one by one."""
    edits = st.session_state.get(key) or {}
    if sum(len(edits.get(name, ())) for name in ("added_rows", "edited_rows", "deleted_rows")) > 2 * MAX_ROWS:
        _replace(st.session_state.get(_CURRENT_ROWS, list(EXAMPLE)))
        raise BadInput("The table was sent more than {limit} changed rows. Send them as a CSV.", limit=2 * MAX_ROWS)


def _start() -> list[_Cells]:
    """Rows that the editor begins with: of this session, else of the link, else the examples."""
    if _START_ROWS not in st.session_state:
        st.session_state[_START_ROWS] = list(EXAMPLE)
        if packed := st.query_params.get(_PAIRS):
            try:
                st.session_state[_START_ROWS] = list(unpack_rows(packed))
            except MiranteError as error:
                st.warning(plain(error_text(error)))
    return st.session_state[_START_ROWS]


def _replace(rows: Sequence[_Cells]) -> None:
    """Other rows in the table: a fresh editor, since Streamlit keeps the edits of the old one."""
    st.session_state[_START_ROWS] = st.session_state[_CURRENT_ROWS] = [dict(row) for row in rows]
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _faults(faults: Sequence[Fault]) -> None:
    """Each at its row and column; a word that stands twice offers its places."""
    names = _headings()
    for index, fault in enumerate(faults[:_MAX_FAULTS]):
        st.error(
            t(
                "Row {row}, “{column}”: {problem}",
                row=fault.row + 1,
                column=names.get(fault.column, fault.column),
                problem=plain(error_text(fault.message)),
            )
        )
        if fault.occurrences:
            with st.container(horizontal=True):
                for choice in fault.occurrences[:_MAX_FAULTS]:
                    st.button(plain(choice), key=f"own_choice_{index}_{choice}", on_click=_choose, args=(fault, choice))
    if len(faults) > _MAX_FAULTS:
        st.caption(t("And {n} more.", n=len(faults) - _MAX_FAULTS))


def _choose(fault: Fault, choice: str) -> None:
    """Callback: the clicked occurrence goes into the cell."""
    rows = st.session_state[_CURRENT_ROWS]
    cell = rows[fault.row][fault.column]
    word = choice.rpartition("#")[0]
    parts = (
        [choice if part.strip() == word else part.strip() for part in cell.split(";")]
        if fault.column == "candidates"
        else [choice]
    )
    rows[fault.row][fault.column] = "; ".join(parts)
    _replace(rows)


def _keep(rows: Sequence[_Cells]) -> None:
    """Into the link while they fit; always as a file."""
    st.session_state[_CURRENT_ROWS] = [dict(row) for row in rows]
    changed = [row for row in rows if any(row.values())]
    packed = "" if changed == list(EXAMPLE) else _packed(changed)
    if packed == "":
        st.query_params.pop(_PAIRS, None)
    elif packed is not None:
        st.query_params[_PAIRS] = packed
    else:
        st.query_params.pop(_PAIRS, None)
        st.caption(t("These pairs are too long for a link: download them as a file to keep them."))
    offer_csv(t("Download my pairs (CSV)"), to_csv_text(changed), "mirante-pairs.csv")


def _packed(rows: Sequence[_Cells]) -> str | None:
    """The rows for a link; None where they are too long for one."""
    try:
        text = pack_rows(rows)
    except MiranteError:
        return None
    return text if fits_link(text) else None


def _upload() -> None:
    """A CSV replaces the table once; a refused one leaves it as it was."""
    with st.popover(t("Send a CSV")):
        sent = upload_field(
            t("CSV with these columns"),
            types=("csv", "tsv", "txt"),
            most_bytes=_CSV_BYTES,
            key=_UPLOAD,
            help=", ".join(PAIR_COLUMNS),
        )
    if sent is None or st.session_state.get("_own_sent") == sent.file_id:
        return
    st.session_state["_own_sent"] = sent.file_id
    try:
        data = sent.getvalue()
        _replace(read_in_turn("pairs", data, lambda: read_csv(data)))
    except MiranteError as error:
        st.error(plain(error_text(error)))
