"""The numbers of an analysis as one JSON file that says what it comes from: model, sentence, question, options, date.

Made when it is asked for. Layers and heads in the arrays count from 0, as on the command line. Not here: the maps of
Explore (exports.py), the rows of a table (ui/shell/tables.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core import export
from core.axes import Kind

from ..shell.locale import t
from ..shell.modes import link
from .question import Place, Posed


def offer_numbers(posed: Place, kind: Kind, name: str, numbers: Mapping[str, Any], **options: Any) -> None:
    """A button for the file. name: of the analysis, for the file's name; numbers: arrays and what they count; options:
    how they were made.
    """
    record = {
        **export.record(posed.trace, link=link() or None),
        "counted_from": {"layer": 0, "head": 0, "position": 0},
        "analysis": name,
        "kind": kind,
        "question": _question(posed),
        "how": options,
    }
    st.download_button(
        t("Download the numbers (JSON)"),
        lambda: as_json({**record, "numbers": dict(numbers)}),
        f"mirante-{name}.json",
        "application/json",
        key=f"numbers_{name}",
        on_click="ignore",
        type="tertiary",
        help=t("Every number of this view, with the model, its revision, the sentence and the question."),
    )


def as_json(document: Mapping[str, Any]) -> str:
    """Arrays as lists; a number that is none, as of a layer without attention, as null."""
    return json.dumps(_listed(document), ensure_ascii=False, indent=1, allow_nan=False)


def _question(posed: Place) -> dict[str, Any]:
    if not isinstance(posed, Posed):
        return {"position": posed.position, "word": posed.word}
    return {
        "position": posed.position,
        "word": posed.word,
        "answer": posed.answer,
        "against": posed.against,
        "score_nats": posed.question.of(posed.trace),
    }


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _listed(member) for name, member in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_listed(member) for member in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
