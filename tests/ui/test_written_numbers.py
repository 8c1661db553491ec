"""Numbers that a person reads are written by one rule, and nothing goes around it."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from core.figures.theme import Look, finish
from core.files.spreadsheet import SUMMARY_COLUMNS
from core.written_numbers import written, written_share
from tests.ui.test_pages import ROOT
from ui.shell import tables

READ = [path for room in ("core/figures", "ui", "pages") for path in sorted((ROOT / room).rglob("*.py"))]
NEVER_NEGATIVE = {  # what Plotly may write itself: it takes our decimal sign, but a hyphen for a minus
    "candidates.py": "shares",
    "curves.py": "millions of tokens, and losses",
    "lens.py": "shares",
    "probabilities.py": "shares",
    "shares.py": "shares",
    "shelf.py": "milliseconds",
}


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [
        (0.25, 2, False, "0,25"),
        (-0.25, 1, False, "−0,2"),
        (-0.001, 2, True, "0,00"),
        (1.5, 0, True, "+2"),
        (float("-inf"), 2, False, "−∞"),
        (float("nan"), 2, False, "–"),
    ],
)
def test_the_rule(value: float, digits: int, signed: bool, text: str) -> None:
    assert written(value, digits, ",", signed=signed) == text
    assert written(value, digits, ".", signed=signed) == text.replace(",", ".")


def test_a_percentage_keeps_its_space_where_the_language_has_one() -> None:
    assert written_share(0.1234, 1, ",") == "12,3\u00a0%"
    assert written_share(-0.1234, 1, ".", signed=True) == "−12.3%"


def test_plotly_writes_with_the_same_signs() -> None:
    import plotly.graph_objects as go

    for decimal, separators in ((",", ",."), (".", ".,")):
        assert finish(go.Figure(), Look(decimal=decimal), height=100).layout.separators == separators


def _lines(pattern: str) -> dict[str, list[str]]:
    """{file: what of it the pattern matches}."""
    lines: dict[str, list[str]] = {}
    for path in READ:
        if matches := re.findall(pattern, path.read_text(encoding="utf-8")):
            lines.setdefault(path.name, []).extend(matches)
    return lines


def test_no_page_and_no_figure_writes_a_number_by_hand() -> None:
    assert _lines(r'\.replace\("\.", [^")]*(?:decimal|sign)|\.replace\("-", "−"\)') == {}
    assert _lines(r"(?<!\{)\{[^{}]*:[+,]?\.\d[fg]\}(?!\})[^\n]*percent") == {}, "Look.share, or numbers.exact"


def test_plotly_writes_no_percentage_and_nothing_below_zero() -> None:
    assert _lines(r"%\{+[^{}]*:[^{}]*%\}") == {}, "its percentages have no space, and its minus is a hyphen"
    assert _lines(r"%\{+\w+(?:\[\d\])?:\.\df\}").keys() == NEVER_NEGATIVE.keys()


def test_no_table_has_a_format_of_the_framework() -> None:
    found = _lines(r'ProgressColumn\(|NumberColumn\([^)]*format|format="(?:percent|localized|compact|plain|%)')
    assert found.keys() == {"tables.py"}, "share_bar, or nothing: show_table writes the numbers"


def test_bars_of_a_table_are_per_cents_and_its_file_has_the_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "decimal_sign", lambda: ",")
    config = {"share": tables.share_bar(width=90)}
    drawn = config["share"]["type_config"]
    assert (drawn["format"], drawn["max_value"]) == ("%.0f\u00a0%%", 100)
    frame = pd.DataFrame({"share": [0.25, 1.0], "n": [16000, 3]})
    shown = tables._written(frame, config, (), 2)
    assert list(shown.data["share"]) == [25.0, 100.0] and list(frame["share"]) == [0.25, 1.0]
    assert "0.25" in tables.csv_of(frame).decode()


def test_whole_numbers_keep_their_thousands_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "thousands", lambda value: f"{value:,}".replace(",", "."))
    body = tables._written(pd.DataFrame({"n": [16000, 3]}), {}, (), 2)._translate(True, True)["body"]
    assert [cell["display_value"] for row in body for cell in row if cell["type"] == "td"] == ["16.000", "3"]


def test_a_file_that_counts_from_0_says_so_in_its_header() -> None:
    """The bench's rows count from 0, as Python does; every other file of a page counts from 1, as its screen does."""
    from core.coreference.bench import ItemAnswer
    from core.coreference.conditions import condition_results
    from core.coreference.items import bundled_items
    from core.coreference.report import rows

    answers = [ItemAnswer(item, None, None, None) for item in bundled_items("families")[:4]]
    columns = rows(condition_results(answers, "overt"))[0]
    assert {"layer_from_0", "head_from_0"} <= columns.keys() and not {"layer", "head"} & columns.keys()
    written_here = [path for path in READ if "to_csv(" in path.read_text(encoding="utf-8")]
    assert {path.name for path in written_here} == {"tables.py", "summaries.py", "results.py"}, "say how it counts"


def test_the_table_of_sentences_counts_from_1() -> None:
    from core.views.head_metrics import SentenceSummary
    from ui.pages.my_sentences.summaries import _cells

    place = SUMMARY_COLUMNS.index("layer")
    summary = SentenceSummary.__new__(SentenceSummary)
    for name, value in {"layer": 0, "head": 7, "focus": 0.5, "tokens": 3, "words": 3, "unknown": 0}.items():
        object.__setattr__(summary, name, value)
    assert _cells(1, "Oi.", summary)[place : place + 2] == (1, 8)
