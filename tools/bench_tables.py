"""The tables of results in docs/coreference.md, written from benchmarks/results/coref-*.json: ``python -m
tools.bench_tables``.

A table of results is one model under one probe, a row per container condition; what a model cannot be asked is a dash.
Two smaller ones: choices by which noun training banned, and what is asked of other sentences (translator, Winograd).
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
BANNED_START, BANNED_END = "<!-- banned nouns: python -m tools.bench_tables -->", "<!-- end of banned nouns -->"
HEADS_START, HEADS_END = "<!-- heads: python -m tools.bench_tables -->", "<!-- end of heads -->"
OTHERS_START, OTHERS_END = "<!-- others: python -m tools.bench_tables -->", "<!-- end of others -->"
MODELS = {"encoder": "mirante-encoder-pt", "decoder": "mirante-decoder-pt", "twin": "the random twin of the encoder"}
SHORT = {"encoder": "encoder", "decoder": "decoder", "twin": "random twin of the encoder"}
PROBE_NAMES = {
    "cross": "the row that writes the pronoun",
    "adjective": "the visible pronoun",
    "overt": "the hidden noun",
}
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
    text = between(text, BANNED_START, BANNED_END, banned_nouns())
    text = between(text, HEADS_START, HEADS_END, heads())
    return between(between(text, START, END, tables()), OTHERS_START, OTHERS_END, others())


def banned_nouns() -> str:
    """Right sentences by which noun training banned, and pairs whose preference moves, by how many it banned."""
    lines = [
        "| | the right noun | its rival | both | neither | pairs: one | both | neither |",
        f"|{'---|' * 8}",
    ]
    for row in _document("preferences")["rows"]["banned"]:
        cells = [row["choice"][name] for name in ("right", "rival", "both", "neither")]
        cells += [row["contrast"][name] for name in ("one", "both", "neither")]
        lines.append(f"| {SHORT[row['model']]}, {row['conditions']} | {' | '.join(_counted(cell) for cell in cells)} |")
    return "\n".join(lines)


def heads() -> str:
    """Three heads of the encoder: right sentences, and the weight on the true noun and on the other one."""
    rows = [row for row in _document("preferences")["rows"]["heads"] if row["model"] == "encoder"]
    places = dict.fromkeys((row["layer"], row["head"]) for row in rows)
    lines = [
        f"| | {' | '.join(f'L{layer + 1}·{head + 1}' for layer, head in places)} |",
        f"|{'---|' * (len(places) + 1)}",
    ]
    for condition in dict.fromkeys(row["condition"] for row in rows):
        cells = [
            f"{_share(row['right'])}; {row['true_noun']['value']:.2f}, {row['other_noun']['value']:.2f}"
            for row in rows
            if row["condition"] == condition
        ]
        lines.append(f"| {condition} | {' | '.join(cells)} |")
    return "\n".join(lines)


def others() -> str:
    """The translator on the sentences that it was trained to read, the encoder on the Winograd set."""
    columns = {"look": "best head, held out", "choice": "choice", "contrast": "within pairs"}
    lines = [f"| | pairs | {' | '.join(columns.values())} | best of all heads by luck |", f"|{'---|' * 6}"]
    for source, name in {"translator": "mirante-translator", "winograd": "mirante-encoder-pt"}.items():
        for row in _document(source)["rows"]["table"]:
            cells = " | ".join(_cell(row, key) for key in columns)
            asked = f"{name}, {row['condition']}, {PROBE_NAMES[row['probe']]}"
            lines.append(f"| {asked} | {row['pairs']} | {cells} | {row['luck']:.2f} |")
    return "\n".join(lines)


def _document(name: str) -> dict[str, Any]:
    return json.loads((RESULTS / f"coref-{name}.json").read_text(encoding="utf-8"))


def _counted(number: dict[str, Any]) -> str:
    """A share with its interval and n."""
    if number["value"] is None:
        return "—"
    interval = "" if number["low"] is None else f"{number['low']:.2f}–{number['high']:.2f}, "
    return f"{number['value']:.2f} ({interval}n = {number['n']})"


def _share(number: dict[str, Any]) -> str:
    """A share with its interval."""
    return f"{number['value']:.2f} ({number['low']:.2f}–{number['high']:.2f})"


def _rows(model: str, probe: str) -> list[dict[str, Any]]:
    rows = [
        row for row in _document(model)["rows"]["table"] if row["probe"] == probe and row["condition"] in CONTAINERS
    ]
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
