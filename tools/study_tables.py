"""The table of docs/models.md about what the bundled models' heads do and which reading is faithful, written from the
studies beside their weights: ``python -m tools.study_tables``. Every share with its 95 % interval and n."""

from __future__ import annotations

import json
from typing import Any

from core.assets import ROOT

from .doc_tables import between, rewrite

DOCUMENT = ROOT / "docs" / "models.md"
START, END = "<!-- studies: python -m tools.study_tables -->", "<!-- end of studies -->"
MODELS = ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator")
Number = dict[str, Any]


def table() -> str:
    """The table, in Markdown."""
    rows = {
        "Relations with a head better than the best fixed step (whole interval above 0; 2.5 % by luck)": _counted,
        "The random twin's heads, the same way": _twin_counted,
        "Largest gain (of all these relations)": _largest,
        "det, accuracy (best fixed step)": _determiner,
        "Previous token, random words said twice (random twin)": lambda name: _role(name, "previous"),
        "Induction, random words said twice (random twin); the decoder was drilled in this: 12 % of its training "
        "sequences are such, 10 % real texts said twice": lambda name: _role(name, "induction"),
        "Better than random orders in both measures": _offered,
        **{
            f"{measure.capitalize()} beyond random, points: {method}": (
                lambda name, measure=measure, method=method: _gain(name, measure, method)
            )
            for measure, methods in {
                "comprehensiveness": ("gradient", "knockout"),
                "sufficiency": ("raw", "gradient", "knockout"),
            }.items()
            for method in methods
        },
    }
    lines = [f"| | {' | '.join(MODELS)} |", f"|{'---|' * (len(MODELS) + 1)}"]
    return "\n".join(
        lines + [f"| {title} | {' | '.join(cell(name) for name in MODELS)} |" for title, cell in rows.items()]
    )


def updated(text: str) -> str:
    """The document with its table made anew."""
    return between(text, START, END, table())


def study(name: str, kind: str) -> dict[str, Any] | None:
    """relations, roles or faithfulness of a bundled model; None where it has none."""
    path = ROOT / "assets" / "models" / name / f"{kind}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _counted(name: str) -> str:
    relations = study(name, "relations")
    if relations is None:
        return "—"
    return f"{sum(row['gain']['low'] > 0 for row in relations['rows'])} of {len(relations['rows'])}"


def _twin_counted(name: str) -> str:
    relations = study(name, "relations")
    twins = [row for row in relations["rows"] if row["twin"] is not None] if relations else []
    if not twins:
        return "—" if relations is None else "not asked"
    return f"{sum(row['twin']['low'] > row['baseline'] for row in twins)} of {len(twins)}"


def _largest(name: str) -> str:
    relations = study(name, "relations")
    if relations is None:
        return "—"
    row = max(
        (row for row in relations["rows"] if row["gain"]["low"] is not None), key=lambda row: row["gain"]["value"]
    )
    head = f"L{row['layer'] + 1}·{row['head'] + 1}"
    return f"{row['relation']}, {head}: {_said(row['accuracy'])} against {row['baseline']:.2f}"


def _determiner(name: str) -> str:
    relations = study(name, "relations")
    if relations is None:
        return "—"
    row = next(row for row in relations["rows"] if row["relation"] == "det")
    return f"{_said(row['accuracy'])} ({row['baseline']:.2f})"


def _role(name: str, role: str) -> str:
    row = next(row for row in study(name, "roles")["rows"] if row["role"] == role)
    return f"L{row['layer'] + 1}·{row['head'] + 1}: {_said(row['score'], 3)} ({row['twin']['value']:.3f})"


def _offered(name: str) -> str:
    rows = [row for row in study(name, "faithfulness")["rows"] if row["method"] != "knockout"]
    missed = [row["method"] for row in rows if not row["offered"]]
    reached = [row["method"] for row in rows if row["offered"]]
    return f"all but {', '.join(missed)}" if len(missed) == 1 else ", ".join(reached)


def _gain(name: str, measure: str, method: str) -> str:
    row = next(row for row in study(name, "faithfulness")["rows"] if row["method"] == method)
    number = row[f"{measure}_gain"]
    value, low, high = (f"{100 * number[key]:.1f}" for key in ("value", "low", "high"))
    return f"{value} ({low}–{high}, n = {number['n']})".replace("-", "−")


def _said(number: Number, places: int = 2) -> str:
    return f"{number['value']:.{places}f} ({number['low']:.{places}f}–{number['high']:.{places}f}, n = {number['n']})"


if __name__ == "__main__":
    rewrite(DOCUMENT, updated)
