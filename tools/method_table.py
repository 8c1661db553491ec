"""The table of methods in docs/maths.md, written from core/analyses/methods: ``python -m tools.method_table``.

It stands between two comments; everything else of the page is written by hand."""

from __future__ import annotations

from pathlib import Path

from core.analyses.methods import METHODS

from .doc_tables import between, rewrite

ROOT = Path(__file__).resolve().parents[1]
START, END = "<!-- methods: python -m tools.method_table -->", "<!-- end of methods -->"


def table() -> str:
    """One row per method."""
    rows = [
        f"| {method.title} (`{method.key}.py`) | {method.layer_formula} | {method.joint_formula} | "
        f"{', '.join(method.needs)} | {method.source} | {method.departure} |".replace("|  |", "| |")
        for method in METHODS.values()
    ]
    return "\n".join(
        ["| Method | One layer | Through the layers | Reads | Source | Departure |", "|---|---|---|---|---|---|", *rows]
    )


def updated(text: str) -> str:
    """The page with the table of today between its two comments."""
    return between(text, START, END, table())


if __name__ == "__main__":
    rewrite(ROOT / "docs" / "maths.md", updated)
