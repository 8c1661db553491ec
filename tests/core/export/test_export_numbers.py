"""CSV and JSON: what is read back is what was computed, whatever the labels are."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import numpy as np
import pandas
import pytest
from hypothesis import given, settings, strategies as some

import core
from core.errors import BadFile, BadInput
from core.export import csv_text, json_text, record
from core.export.files import file_bytes
from core.export.numbers import CSV_COLUMNS, comment, csv_table
from core.views.view import Side, View, view
from tests import tiny
from tests.core.files.public_reports import Report, reports

HOSTILE = [
    "<s>",
    "=1+1",
    "@SUM(A1)",
    "+5",
    "-",
    "a\nb",
    "a\r\nb",
    'say "hi"',
    "שלום",
    "👨‍👩‍👧",
    "\\textbf{x}",
    "a,b;c|d",
    "",
    "'x'",
    "  ",
    "NA",
]
WHEN = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def labelled(labels: list[str], seed: int = 0, heads: int = 2) -> View:
    """A view over random maps with these labels on both sides."""
    maps = np.random.default_rng(seed).random((heads, len(labels), len(labels)), dtype=np.float32)
    side = Side(
        tuple(labels),
        tuple(label == "<s>" for label in labels),
        (False,) * len(labels),
        tuple(range(3, 3 + len(labels))),
    )
    return View(
        query=side,
        key=side,
        layers=1,
        heads=heads,
        kind="self",
        renormalised=False,
        _full=lambda layer, head: np.pad(maps[head], (3, 0)),
    )


def rows_of(text: str) -> list[list[str]]:
    """Every record of the CSV after its comment."""
    return list(csv.reader(io.StringIO(text.partition("\r\n")[2], newline="")))


def unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load(str(tiny.folder("bert"))), tiny.SENTENCE)


def test_csv_has_every_weight_of_the_trace_exactly(trace):
    shown = view(trace, words=False)
    header, *rows = rows_of(csv_text(shown, [(1, 2)], record(trace, shown, [(1, 2)])))
    assert header == list(CSV_COLUMNS)
    found = np.array([row[4] for row in rows], dtype=np.float32).reshape(len(shown.query), -1)
    np.testing.assert_array_equal(found, trace.attention(1, 2))
    assert [unguarded(row[3]) for row in rows[: len(shown.key)]] == list(trace.tokens.pieces)
    assert [int(row[0]) for row in rows[:: len(shown.key)]] == list(range(len(shown.query)))


def test_pandas_reads_it_after_one_line(trace):
    shown = view(trace, specials=False)
    text = csv_text(shown, [(0, 1)], record(trace, shown, [(0, 1)]))
    table = pandas.read_csv(io.StringIO(text), skiprows=1, keep_default_na=False)
    assert list(table.columns) == list(CSV_COLUMNS)
    np.testing.assert_array_equal(table.weight.to_numpy(np.float32), shown.head(0, 1).ravel())
    assert tuple(table.key_index[: len(shown.key)]) == shown.key.positions  # hidden tokens leave their number out


def test_hostile_labels_and_sentences_stay_where_they_are(trace):
    shown = labelled(HOSTILE)
    said = record(trace) | {"sentence": 'a,=1+1;-2|@x "quoted\nline" a\tb \\" =', "link": "=cmd"}
    text = csv_text(shown, [(0, 0)], said)
    header, *rows = rows_of(text)
    assert [unguarded(row[3]) for row in rows[: len(HOSTILE)]] == HOSTILE
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in (row[1], row[3]))
    assert json.loads(text.partition("\r\n")[0][2:])["sentence"] == said["sentence"]
    table = pandas.read_csv(io.StringIO(text), skiprows=1, keep_default_na=False)
    assert len(table) == len(HOSTILE) ** 2


@given(some.text(max_size=40))
def test_no_reader_finds_a_formula_or_an_open_quote_in_the_comment(text: str):
    line = comment({"sentence": text, "pieces": [text], "n": 1})
    assert json.loads(line) == {"sentence": text, "pieces": [text], "n": 1}
    assert "\n" not in line and "\r" not in line and line.count('"') % 2 == 0
    for separator in ",;|\t":
        for cell in next(csv.reader([f"# {line}"], delimiter=separator)):
            assert not cell.strip().startswith(("=", "+", "-", "@")), cell


labels = some.lists(
    some.text(alphabet=some.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(labels, some.integers(0, 2**32 - 1))
def test_any_labels_and_weights_come_back_from_csv_and_json(names: list[str], seed: int):
    shown, said = labelled(names, seed), {"sentence": "".join(names)}
    wanted = np.mean([shown.head(0, 0), shown.head(0, 1)], axis=0, dtype=np.float32)
    _, *rows = rows_of(csv_text(shown, [(0, 0), (0, 1)], said))
    np.testing.assert_array_equal(np.array([row[4] for row in rows], np.float32).reshape(wanted.shape), wanted)
    assert [row[3] for row in rows[: len(names)]] == [
        "'" + name if name[:1] in tuple("=+-@\t\r") and name else name for name in names
    ]
    document = json.loads(json_text(shown, [(0, 0), (0, 1)], said))
    np.testing.assert_array_equal(np.array(document["weights"], np.float32), wanted)
    assert document["key"]["labels"] == names and document["provenance"] == said


WORDS = [
    *("NA", "N/A", "null", "None", "nan", "NaN", "-", "+", "=", "@", "1e5", "007", "True", "", " ", "  a", "a ", "1.5"),
    *("inf", "-inf", "<NA>", "#N/A", "n/a", "'", "''", "'-", "''=", "'=1", '"', '""', "a,b", "a;b", "a\nb", "a\r\nb"),
    *("a\rb", "\r", "\n", "\t", "\ta", "#", "# a", "1_000", "0x1F", "2024-01-01", "\ufeff", "é", "␣NA", "[CLS]", "−"),
]


def read_as_it_says(data: bytes, tmp_path) -> tuple[pandas.DataFrame, list[tuple]]:
    """The table by the call that stands in the first line of a file, and by our own reader."""
    file = tmp_path / "a.csv"
    file.write_bytes(data)
    first = data.decode("utf-8-sig").partition("\r\n")[0]
    table = eval(json.loads(first.removeprefix("# "))["read_with"], {"pandas": pandas, "file": file, "str": str})
    return table, csv_table(data.decode("utf-8"))[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("csv")


@settings(max_examples=50, deadline=None)
@given(
    some.lists(
        some.sampled_from(WORDS)
        | some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_any_labels_come_back_as_the_file_says_it_is_read(folder, names: list[str]):
    data = file_bytes("csv", labelled(names), [(0, 0)], {"sentence": " ".join(names)})
    table, rows = read_as_it_says(data, folder)
    pairs = [(query, key) for query in names for key in names]
    assert list(zip(table["query"].tolist(), table["key"].tolist(), strict=True)) == pairs
    assert [(row[1], row[3]) for row in rows] == pairs
    np.testing.assert_array_equal(table["weight"].to_numpy(np.float32), np.array([row[4] for row in rows], np.float32))
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row[1:4:2])


def test_each_word_of_the_list_comes_back_alone(tmp_path):
    for word in WORDS:
        table, rows = read_as_it_says(file_bytes("csv", labelled([word]), [(0, 0)], {}), tmp_path)
        assert table["query"].tolist() == [word] == [rows[0][1]]


@pytest.mark.parametrize("report", reports("exported-csv-does-not-read-back"))
def test_reported_sentences_come_back(report: Report, tmp_path):
    trace = core.capture(core.load("mirante-encoder-pt"), report.given["sentence"])
    shown = view(trace)
    data = file_bytes("csv", shown, [(0, 0)], record(trace, shown, [(0, 0)]))
    table, _ = read_as_it_says(data, tmp_path)
    labels = table["key"].tolist()[: len(shown.key)]
    assert labels == list(shown.key.labels) == report.expected.get("key labels", labels)
    assert not table.isna().any().any() and ("-" in labels) == ("a hyphen" in " ".join(report.expected))
    assert "apostrophe" in json.loads(data.decode("utf-8-sig").partition("\r\n")[0][2:])["labels"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "# {}\nquery\n1\n", "# {}\na,b,c,d,e\n1,x,1,y,0.5\n", '# {}\n"'])
def test_another_file_is_no_table_of_ours(text: str):
    with pytest.raises(BadFile, match="no CSV file that Mirante wrote"):
        csv_table(text)


def test_json_says_labels_flags_places_and_hidden_mass(trace):
    shown = view(trace, words=False, specials=False)
    found = json.loads(
        json_text(shown, [(1, 2)], record(trace, shown, [(1, 2)], now=WHEN, link="https://example.org/?layer=2"))
    )
    np.testing.assert_array_equal(np.array(found["weights"], np.float32), shown.head(1, 2))
    np.testing.assert_array_equal(np.array(found["hidden"], np.float32), shown.hidden(1, 2))
    assert found["query"] == {
        "labels": list(shown.query.labels),
        "special": [False] * len(shown.query),
        "positions": list(shown.query.positions),
    }
    options = found["provenance"]["options"]
    assert (
        options["heads"] == [{"layer": 2, "head": 3}]
        and options["special_tokens"] == "hidden"
        and options["unit"] == "pieces"
    )
    assert (
        found["provenance"]["link"] == "https://example.org/?layer=2"
        and found["provenance"]["date"] == "2026-11-21T10:30:00+00:00"
    )


def test_refusals(trace):
    shown = view(trace)
    for heads in ([], [(99, 0)], [(0, 99)]):
        for write in (csv_text, json_text):
            with pytest.raises(BadInput):
                write(shown, heads, record(trace))
