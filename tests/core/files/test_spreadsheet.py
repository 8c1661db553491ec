"""Formula injection: text cells are disarmed, numbers stay numbers, and the text comes back."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from core.files.sentences import read_upload
from core.files.spreadsheet import RISKY, SUMMARY_COLUMNS, guarded, spreadsheet_safe, to_csv, unguarded

cells = st.one_of(
    st.integers(),
    st.floats(allow_nan=False),
    st.none(),
    st.text(),
    st.sampled_from(RISKY).flatmap(lambda c: st.text().map(lambda t: c + t)),
)


@pytest.mark.parametrize("cell", ["=1+1", "+5", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_formulas_are_disarmed(cell):
    assert spreadsheet_safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", [-2, -0.5, 0, None, "a=1", "", "1-2", " =x", "'=x"])
def test_everything_else_is_left_alone(cell):
    assert spreadsheet_safe(cell) is cell


@given(cells)
def test_no_text_cell_starts_a_formula_and_the_text_is_recoverable(cell):
    safe = spreadsheet_safe(cell)
    if isinstance(cell, str):
        assert not safe.startswith(RISKY) and safe.removeprefix("'" if cell.startswith(RISKY) else "") == cell
    else:
        assert safe is cell


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=5))
def test_a_table_comes_back_from_its_csv(rows):
    text = to_csv(["a", "=b"], rows).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    expected = [["" if c is None else str(spreadsheet_safe(c)) for c in row] for row in [["a", "=b"], *rows]]
    assert [[c.encode("utf-8", "replace") for c in row] for row in back] == [
        [c.encode("utf-8", "replace") for c in row] for row in expected
    ]


@given(st.text() | st.text(st.sampled_from("'=+-@\t\ra")))
def test_a_guarded_text_runs_nothing_and_comes_back(text):
    assert not guarded(text).startswith(RISKY) and unguarded(guarded(text)) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "- Oi - disse ela.",
                "=a",
                "+1 ponto",
                "@ana veio",
                "'- x",
                "''=a",
                "NA",
                "null",
                "O gato, 'sim'.",
                'Disse "não".',
                "007 veio",
            ]
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_summary_that_is_sent_again_has_its_sentences(sentences):
    rows = [(n, guarded(sentence), 5, 4, 0, 1, 2, 0.5, None) for n, sentence in enumerate(sentences, 2)]
    assert list(read_upload(to_csv(SUMMARY_COLUMNS, rows), "mirante-sentences.csv").sentences) == sentences
