"""The tables of results in docs/coreference.md, written from benchmarks/results/coref-*.json: ``python -m
tools.bench_tables``.

A table is one model under one probe, a row per container condition; what a model cannot be asked is a dash.
"""

from __future__ import annotations

import json
from typing import Any

from core.assets import ROOT
from core.coreference.items import CONTAINERS

from .doc_tables import between, rewrite

DOCUMENT = ROOT / "docs" / "coreference.md"
RESULTS = ROOT / "benchmarks" / "results"
START, END = "<!-- results: python -m tools.bench_tables -->", "<!-- end of results -->"
MODELS = {"encoder": "mirante-encoder-pt", "decoder": "mirante-decoder-pt", "twin": "the random twin of the encoder"}
PROBES = {"question": "the question", "adjective": "the visible adjective"}
COLUMNS = {
    "choice": "choice",
    "contrast": "within pairs",
    "same_answer": "same answer in both",
    "look": "best head, held out",
    "look_moves": "its look moves",
    "knockout": "edge cut",
    "apart": "apart",
}


def tables() -> str:
    """All tables, in Markdown."""
    return "\n\n".join(
        f"**{name}, {said}**\n\n{_table(_rows(model, probe))}"
        for model, name in MODELS.items()
        for probe, said in PROBES.items()
    )


def updated(text: str) -> str:
    """The document with its tables made anew."""
    return between(text, START, END, tables())


def _rows(model: str, probe: str) -> list[dict[str, Any]]:
    document = json.loads((RESULTS / f"coref-{model}.json").read_text(encoding="utf-8"))
    rows = [row for row in document["rows"]["table"] if row["probe"] == probe and row["condition"] in CONTAINERS]
    return sorted(rows, key=lambda row: CONTAINERS.index(row["condition"]))


def _table(rows: list[dict[str, Any]]) -> str:
    shown = {key: title for key, title in COLUMNS.items() if any(row.get(key) is not None for row in rows)}
    lines = [f"| | {' | '.join(shown.values())} |", f"|{'---|' * (len(shown) + 1)}"]
    return "\n".join(
        lines + [f"| {row['condition']} | {' | '.join(_cell(row, key) for key in shown)} |" for row in rows]
    )


def _cell(row: dict[str, Any], key: str) -> str:
    if row.get(key) is None:
        return "—"
    head = f"L{row['layer'] + 1}·{row['head'] + 1}: " if key == "look" else ""
    size = f", by {row['look_shift']:.2g}" if key == "look_moves" and row.get("look_shift") is not None else ""
    if row[f"{key}_low"] is None:
        return f"{head}{row[key]:.2f}{size}"
    return f"{head}{row[key]:.2f} ({row[f'{key}_low']:.2f}–{row[f'{key}_high']:.2f}){size}"


if __name__ == "__main__":
    rewrite(DOCUMENT, updated)
