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
        "Better than random orders in both measures (a method that orders by luck passes either in 2.5 %)": _offered,
        "Of these, better also than the nearest words first (no model), sentence by sentence": _beyond,
        **{
            f"{measure.capitalize()} beyond random, points: nearest words first (no model)": (
                lambda name, measure=measure: _points(study(name, "faithfulness")["nearest"][f"{measure}_gain"])
            )
            for measure in ("comprehensiveness", "sufficiency")
        },
        **{
            f"{measure.capitalize()} beyond random, points: {method}": (
                lambda name, measure=measure, method=method: _gain(name, measure, method)
            )
            for measure, methods in {
                "comprehensiveness": ("raw", "gradient", "knockout"),
                "sufficiency": ("raw", "gradient", "knockout"),
            }.items()
            for method in methods
        },
        **{
            f"Spearman of the orders: {first} and {second} (a description)": (
                lambda name, first=first, second=second: _agreement(name, first, second)
            )
            for first, second in (("raw", "gradient"), ("raw", "knockout"), ("gradient", "knockout"))
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
    rows = _witnesses(name)
    reached = [row["method"] for row in rows if row["offered"]]
    return f"{len(reached)} of {len(rows)}: {', '.join(reached)}"


def _beyond(name: str) -> str:
    return ", ".join(row["method"] for row in _witnesses(name) if row["offered"] and row["beyond_nearest"]) or "none"


def _witnesses(name: str) -> list[dict[str, Any]]:
    """The methods and the knockout, but none that is another one under a second name."""
    return [row for row in study(name, "faithfulness")["rows"] if "same_as" not in row]


def _agreement(name: str, first: str, second: str) -> str:
    agreement = study(name, "faithfulness")["agreement"]
    i, j = (agreement["names"].index(method) for method in (first, second))
    value, low, high = (f"{agreement[key][i][j]:.2f}" for key in ("spearman", "low", "high"))
    between = " to " if agreement["low"][i][j] < 0 else "–"
    return f"{value} ({low}{between}{high}, n = {agreement['n']})".replace("-", "−")


def _gain(name: str, measure: str, method: str) -> str:
    row = next(row for row in study(name, "faithfulness")["rows"] if row["method"] == method)
    return _points(row[f"{measure}_gain"])


def _points(number: Number) -> str:
    value, low, high = (f"{100 * number[key]:.1f}" for key in ("value", "low", "high"))
    between = " to " if number["low"] < 0 else "–"
    return f"{value} ({low}{between}{high}, n = {number['n']})".replace("-", "−")


def _said(number: Number, places: int = 2) -> str:
    return f"{number['value']:.{places}f} ({number['low']:.{places}f}–{number['high']:.{places}f}, n = {number['n']})"


if __name__ == "__main__":
    rewrite(DOCUMENT, updated)
