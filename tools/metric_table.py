"""The table of numbers in docs/maths.md, written from core/metrics: ``python -m tools.metric_table``.

It stands between two comments; everything else of the page is written by hand (the table of methods excepted)."""

from __future__ import annotations

from pathlib import Path

from core.metrics.registry import metric_cards

from .doc_tables import between, rewrite

ROOT = Path(__file__).resolve().parents[1]
START, END = "<!-- numbers: python -m tools.metric_table -->", "<!-- end of numbers -->"


def table() -> str:
    """One row per card."""
    rows = [
        f"| {card.name} (`{card.key}`) | {card.definition} | {card.formula} | {card.unit} | "
        f"{card.null or card.without_null} | {card.source} | `core {card.program}` |"
        for card in metric_cards().values()
    ]
    return "\n".join(
        ["| Number | What it is | Formula | Unit | Null | Source | Made by |", "|---|---|---|---|---|---|---|", *rows]
    )


def updated(text: str) -> str:
    """The page with the table of today between its two comments."""
    return between(text, START, END, table())


if __name__ == "__main__":
    rewrite(ROOT / "docs" / "maths.md", updated)
