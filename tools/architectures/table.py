"""docs/architectures.md, written from rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import tokenizers
import torch
import transformers

from .checks import TEXT_CHECKS, VISION_CHECKS, Outcome, Row

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architectures.md"
SIGNS = {"ok": "✓", "refused": "–", "failed": "f", "wrong": "WRONG", "crash": "CRASH", "none": ""}


def line(row: Row) -> str:
    """One line of the table."""
    shown = row.layers if row.outcomes.get("maps", Outcome("none")).status == "ok" else ""
    marks = [SIGNS[outcome.status] for outcome in row.outcomes.values()]
    adapter = "maps only" if row.adapter == "outside" else row.adapter
    return f"| {row.name} | {row.kind} | {adapter} | {shown} | {' | '.join(marks)} | {_said(row)} |"


def _said(row: Row) -> str:
    """Everything that is not plainly ok, with its reason; checks of one reason together."""
    by_reason: dict[str, list[str]] = {}
    for key, outcome in row.outcomes.items():
        if outcome.said:
            by_reason.setdefault(outcome.said, []).append(key)
    return " ".join(f"**{', '.join(keys)}**: {_cell(reason)}" for reason, keys in by_reason.items())


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def page(text: list[Row], vision: list[Row]) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Architectures: every type of the library, and what is shown of it",
            "",
            "Written by `python -m tools.architectures`; nothing here is written by hand. "
            f"transformers {transformers.__version__}, torch {torch.__version__.partition('+')[0]}, tokenizers "
            f"{tokenizers.__version__}.",
            "",
            *_about(),
            "",
            *_counts("Text", text, TEXT_CHECKS),
            *_counts("Pictures", vision, VISION_CHECKS),
            "## Texts",
            "",
            *_table(text, TEXT_CHECKS),
            "",
            "## Pictures",
            "",
            *_table(vision, VISION_CHECKS),
            "",
            "## Not built",
            "",
            "Types of which no tiny model could be made here (a library that is not installed, or sizes that hang "
            "together in a way that the command does not know). What a real model of them shows is decided when it is "
            "loaded, as always.",
            "",
            "| Type | Why |",
            "|---|---|",
            *[f"| {row.name} | {_cell(row.built)} |" for row in (*text, *vision) if row.built],
            "",
        ]
    )


def _about() -> list[str]:
    return [
        "Each type is a tiny random model (tools/architectures/tiny_types.py), saved, loaded by `core.load` or "
        "`load_vision` as anybody's model is, and run through one row of checks (tools/architectures/checks.py), in a "
        "process of its own with limits of time and memory. `✓` the law of the check holds; `–` refused, with the "
        "reason; `f` somebody else's code fails, and Mirante says where.",
        "",
        "- **maps**: loaded, captured, and every map equal to the library's eager one (1e-5). "
        "*Seam*: queries, keys, values and edits; *maps only*: a family outside the seam. Pictures are compared "
        "when they are loaded (1e-4).",
        "- **ablation**: a head made zero changes the answer. **knockout**: a closed edge weighs nothing and its row "
        "still sums to 1. **gradient**: of the model's answer by every head, finite and not zero.",
        "- **path**: the methods of Caminhos; those that a model lacks are named. **lens**: every layer through the "
        "head; the last must give the model's own logits. **patch**: one run's stream put into another gives the first "
        "one's answer.",
        "",
        "A tiny model shows whether a family can be read truthfully, not what its trained heads do.",
    ]


def _counts(title: str, rows: Iterable[Row], checks: tuple[str, ...]) -> list[str]:
    built = [row for row in rows if not row.built]
    lines = [
        f"**{title}: {len(built)} types built.**",
        "",
        "| | ok | refused | failed | wrong | crash |",
        "|---|---|---|---|---|---|",
    ]
    for check in checks:
        counts = Counter(row.outcomes.get(check, Outcome("none")).status for row in built)
        lines.append(f"| {check} | " + " | ".join(str(counts[key]) for key in list(SIGNS)[:5]) + " |")
    return [*lines, ""]


def _table(rows: Iterable[Row], checks: tuple[str, ...]) -> list[str]:
    head = f"| Type | Kind | Through | Layers × heads | {' | '.join(checks)} | Why |"
    return [head, "|" + "---|" * (len(checks) + 5), *[line(row) for row in rows if not row.built]]
