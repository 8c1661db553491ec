"""A person's own pairs: sound rows become items, every fault has its place, and nothing hostile comes in by file or
link.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import unicodedata
import zlib
from functools import cache

import pytest
from hypothesis import given, strategies as st

import core
from core.coreference import bench, conditions, items, pair_files, pair_rows, probes
from core.coreference.pair_examples import EXAMPLE
from core.coreference.pair_files import pack_rows, read_csv, to_csv_text, unpack_rows
from core.coreference.pair_rows import PAIR_COLUMNS, Fault, read_rows
from core.errors import BadFile, BadInput
from core.files.spreadsheet import RISKY
from tests import tiny

characters = st.characters(blacklist_categories=("Cs",), blacklist_characters="\0")
tables = st.lists(
    st.fixed_dictionaries({column: st.text(characters, max_size=12) for column in PAIR_COLUMNS}), max_size=4
).map(tuple)
mixed = st.fixed_dictionaries(
    {
        c: st.sampled_from(
            [EXAMPLE[0][c], EXAMPLE[0][c], EXAMPLE[1][c], "", "copo", "copo#2", "jarra; a", "Ela; da jarra"]
        )
        for c in PAIR_COLUMNS
    }
)
TWICE = {
    "sentence_a": "O copo caiu, e outro copo ao lado da jarra ficou inteiro.",
    "sentence_b": "O copo caiu, e outro copo ao lado da jarra ficou quebrado.",
    "probe_a": "inteiro",
    "probe_b": "quebrado",
    "candidates": "copo#1; copo#2; jarra",
    "gold_a": "copo#2",
    "gold_b": "copo#1",
}


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(name if name.startswith("mirante") else tiny.folder(name), device="cpu")


def row(**cells: str) -> dict[str, str]:
    return EXAMPLE[0] | cells


def faults(**cells: str) -> list[Fault]:
    made, found = read_rows([row(**cells)])
    assert (made == ()) == bool(found), "a row with a fault gives no item"
    return list(found)


def places(found) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in found]


def first(**cells: str) -> items.Item:
    made, found = read_rows([row(**cells)])
    assert found == ()
    return made[0]


def test_the_example_is_sound_and_the_first_is_the_classic_pair():
    made, found = read_rows(EXAMPLE)
    assert found == () and [one.id for one in made[:3]] == ["own-001-a", "own-001-b", "own-002-a"]
    a, b = made[:2]
    bundled = items.bundled_items("containers")[:2]
    for one, known in zip((a, b), bundled):
        assert (one.text, one.probe, one.gold, one.meaning, one.question) == (
            known.text,
            known.probe,
            known.gold,
            known.meaning,
            known.question,
        )
        assert [(c.text, c.span, c.gender, c.number) for c in one.candidates] == [
            (c.text, c.span, c.gender, c.number) for c in known.candidates
        ]
        assert (one.pair, one.condition, one.unseen, one.overt) == ("own-001", "own", False, None)
    assert [one.same_gender for one in made] == [False, False, True, True, True, True]
    assert made[4].question is None


@pytest.mark.parametrize("probe", ["adjective", "question"])
def test_the_example_passes_through_the_bench(probe):
    made, _ = read_rows(EXAMPLE)
    answers = bench.run_bench(loaded("mirante-encoder-pt"), made, probe, causal=probe == "question")
    found = conditions.condition_results(answers, probe)[0]
    assert (found.condition, found.pairs) == ("own", 3 if probe == "adjective" else 2)
    assert found.looks is not None and found.baselines.nearest == found.baselines.first == 0.5
    assert answers[0].right is (True if probe == "question" else None), (
        "both words are true in the place of the first: nothing competes there"
    )


def test_items_survive_the_item_file():
    made, _ = read_rows([*EXAMPLE, TWICE])
    assert items.parse_items(json.dumps({"items": items.as_rows(made)})) == made


def test_words_are_options_and_both_are_right_where_the_golds_differ():
    a = first()
    assert a.options == a.right == ("cheio", "vazia") and probes.choice(a, "adjective") is None
    a, b = read_rows([row(gold_b="copo")])[0]
    assert (a.right, b.right) == (("cheio",), ("vazia",)) and a.gold == b.gold == 1
    assert probes.choice(b, "adjective").right == {1}
    same = {
        "sentence_b": "Ela derramou água da jarra para o copo depois que ficou cheio.",
        "probe_b": "cheio",
        "question_b": "",
    }
    assert first(**same).options == ("cheio",)


# Places of words.


def test_an_occurrence_is_named_by_its_number():
    made, found = read_rows([TWICE])
    assert found == ()
    assert [one.span for one in made[0].candidates] == [(2, 6), (21, 25), (37, 42)]
    assert [one.gold for one in made] == [1, 0]
    assert [(one.gender, one.number) for one in made[0].candidates] == [("m", 1), ("", 1), ("f", 1)]


def test_a_word_that_occurs_twice_is_asked_back_with_its_choices():
    _, found = read_rows([row(), TWICE | {"candidates": "copo; jarra", "gold_a": "copo", "gold_b": "jarra"}])
    assert [(fault.row, fault.column, fault.occurrences) for fault in found] == [
        (1, "candidates", ("copo#1", "copo#2"))
    ]
    assert "“copo” occurs 2×" in str(found[0].message) and "copo#1, copo#2" in str(found[0].message)


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_probe_that_occurs_twice_is_asked_back(side):
    text = "Ela derramou, com o copo cheio, água da jarra para o balde até que ficasse cheio{}."
    cells = dict(
        sentence_a=text.format(""),
        sentence_b=text.format(" demais"),
        probe_a="cheio#2",
        probe_b="cheio#2",
        question_a="",
        question_b="",
    )
    cells |= dict(candidates="jarra; balde", gold_a="balde", gold_b="balde")
    assert first(**cells).probe == (75, 80)
    found = faults(**cells | {f"probe_{side}": "cheio"})
    assert [(fault.column, fault.occurrences) for fault in found] == [(f"probe_{side}", ("cheio#1", "cheio#2"))]


@pytest.mark.parametrize("number", ["0", "3", "999"])
def test_an_occurrence_that_is_not_there_is_asked_back(number):
    _, found = read_rows([TWICE | {"candidates": f"copo#1; copo#{number}; jarra", "gold_a": "jarra"}])
    assert [(fault.column, fault.occurrences) for fault in found] == [("candidates", ("copo#1", "copo#2"))]


def test_the_two_sentences_may_need_different_numbers():
    b = "O copo caiu, e outro copo ao lado de um copo e da jarra ficou quebrado."
    _, found = read_rows([TWICE | {"sentence_b": b, "candidates": "copo; jarra", "gold_a": "jarra", "gold_b": "jarra"}])
    assert [(fault.column, len(fault.occurrences)) for fault in found] == [("candidates", 2), ("candidates", 3)]


def test_words_inside_words_are_not_found():
    cells = dict(
        sentence_a="Ela guardou os copos, a copeira lavou o copo até que ficasse cheio, recheio.",
        question_a="",
        candidates="copeira; copo",
        gold_b="copeira",
    )
    cells |= dict(sentence_b=cells["sentence_a"].replace(" cheio", " vazia"), question_b="")
    item = first(**cells)
    assert [one.span for one in item.candidates] == [(24, 31), (40, 44)] and item.word == "cheio"
    assert places(faults(**cells | dict(candidates="cop; copo", gold_b="cop"))) == [(0, "candidates")] * 2


@pytest.mark.parametrize(
    ("column", "word"), [("probe_a", "Cheio"), ("probe_a", "cheió"), ("probe_b", "vazi"), ("probe_b", "#1")]
)
def test_capitals_accents_and_whole_words_count(column, word):
    found = faults(**{column: word})
    assert [(fault.column, fault.occurrences) for fault in found] == [(column, ())]
    assert f"“{word}” is not a whole word" in str(found[0].message)


def test_accents_may_be_written_in_two_ways():
    one = first(**{column: unicodedata.normalize("NFD", cell) for column, cell in EXAMPLE[1].items()})
    assert one.text == EXAMPLE[1]["sentence_a"] and [c.text for c in one.candidates] == ["troféu", "baú"]


def test_a_noun_missing_in_one_sentence_is_a_fault_that_quotes_it():
    b = "Ela derramou água da jarra para o balde até que ficasse vazia."
    found = faults(sentence_b=b, question_b="")
    assert places(found) == [(0, "candidates")] and b in str(found[0].message)


def test_several_words_spaces_and_the_order_of_the_text():
    cells = dict(
        sentence_a=" Ela pôs o vaso  sobre a mesa de jantar\nporque estava pesado. ",
        sentence_b="Sobre a mesa de jantar ela pôs o vaso porque estava limpa.",
        candidates=" a mesa de jantar ;o vaso; ",
        probe_a="estava pesado",
        probe_b=" limpa ",
        gold_a="o vaso ",
        gold_b="a  mesa de jantar",
        question_a="",
        question_b="",
    )
    made, found = read_rows([cells])
    assert found == () and made[0].text == "Ela pôs o vaso sobre a mesa de jantar porque estava pesado."
    assert [[c.text for c in one.candidates] for one in made] == [
        ["o vaso", "a mesa de jantar"],
        ["a mesa de jantar", "o vaso"],
    ]
    assert [one.candidates[one.gold].text for one in made] == ["o vaso", "a mesa de jantar"] and made[
        0
    ].word == "estava pesado"
    assert [c.gender for c in made[0].candidates] == ["m", "f"]


def test_three_candidates():
    text = "O gato, a gata e o cão viram o rato, e {} fugiu."
    made, found = read_rows(
        [
            row(
                sentence_a=text.format("ele"),
                sentence_b=text.format("ela"),
                probe_a="ele",
                probe_b="ela",
                candidates="gato; gata; cão",
                gold_a="cão",
                gold_b="gata",
                question_a="",
                question_b="",
            )
        ]
    )
    assert found == () and [one.gold for one in made] == [2, 1] and len(made[0].candidates) == 3
    assert conditions.baselines(made).gender == 0.75


# Gender and number.


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("o", ("m", 1)),
        ("A", ("f", 1)),
        ("uns", ("m", 2)),
        ("umas", ("f", 2)),
        ("do", ("m", 1)),
        ("nas", ("f", 2)),
        ("ao", ("m", 1)),
        ("à", ("f", 1)),
        ("às", ("f", 2)),
        ("pelos", ("m", 2)),
        ("pela", ("f", 1)),
        ("estes", ("m", 2)),
        ("aquelas", ("f", 2)),
        ("de", ("", 1)),
        ("grande", ("", 1)),
        ("deixou-a", ("", 1)),
        ("a,", ("", 1)),
        ("", ("", 1)),
    ],
)
def test_gender_and_number_come_from_the_article_alone(before, expected):
    text = f"{before} lápis e a mesa: {{}}.".strip()
    one = first(
        sentence_a=text.format("sim"),
        sentence_b=text.format("não"),
        probe_a="sim",
        probe_b="não",
        candidates="lápis; mesa",
        gold_a="mesa",
        gold_b="lápis",
        question_a="",
        question_b="",
    )
    assert (one.candidates[0].gender, one.candidates[0].number) == expected


def test_an_unknown_gender_never_helps_the_rule():
    text = "{} e {}: {{}}."
    genders = {
        ("copo", "jarra"): 0.5,
        ("o copo", "jarra"): 0.5,
        ("copo", "a jarra"): 0.5,
        ("o copo", "a jarra"): 1,
        ("o copo", "os jarra"): 1,
    }
    for (one, other), expected in genders.items():
        sentence = text.format(one, other)
        made, _ = read_rows(
            [
                row(
                    sentence_a=sentence.format("sim"),
                    sentence_b=sentence.format("não"),
                    probe_a="sim",
                    probe_b="não",
                    question_a="",
                    question_b="",
                )
            ]
        )
        assert conditions.baselines(made).gender == expected and not made[0].same_gender


# Faults of a row.


@pytest.mark.parametrize("column", pair_rows.NEEDED)
def test_an_empty_cell_is_a_fault_there(column):
    assert places(faults(**{column: "  "})) == [(0, column)]


def test_questions_may_be_missing_and_other_keys_do_no_harm():
    short = {column: EXAMPLE[0][column] for column in pair_rows.NEEDED} | {"note": "x", "question_a": None}
    made, found = read_rows([short])
    assert found == () and made[0].question is None


def test_empty_rows_are_passed_over_and_bad_rows_disturb_no_other():
    blank = dict.fromkeys(PAIR_COLUMNS, " ")
    made, found = read_rows([blank, EXAMPLE[0], {}, row(probe_b="seca"), EXAMPLE[1]])
    assert [one.pair for one in made] == ["own-002"] * 2 + ["own-005"] * 2
    assert places(found) == [(3, "probe_b")]
    assert read_rows([]) == read_rows([blank]) == ((), ())


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        (dict(sentence_b=EXAMPLE[0]["sentence_a"] + " "), "sentence_b", "are the same"),
        (dict(candidates="jarra, copo"), "candidates", "there is 1"),
        (dict(candidates=" ; "), "candidates", "there is 0"),
        (dict(candidates="jarra; copo; copo"), "candidates", "overlap"),
        (
            dict(candidates="jarra; copo; cheio", sentence_b=EXAMPLE[0]["sentence_b"] + " E cheio.", question_b=""),
            "candidates",
            "overlap",
        ),
        (dict(gold_a="balde"), "gold_a", "Write one of: jarra; copo"),
        (dict(gold_b="Copo"), "gold_b", "not one of the candidates"),
        (dict(gold_b="copo#1"), "gold_b", "not one of the candidates"),
        (
            dict(question_a="O que ficou cheio? O [MASK]."),
            "question_a",
            "must begin with “Ela derramou água da jarra para o copo”",
        ),
        (dict(question_b=EXAMPLE[0]["question_b"].replace("copo", "balde")), "question_b", "must begin with"),
        (dict(question_a=EXAMPLE[0]["sentence_a"]), "question_a", "exactly once"),
        (dict(question_b=EXAMPLE[0]["question_b"] + " A [MASK]."), "question_b", "exactly once"),
        (dict(sentence_a=EXAMPLE[0]["sentence_a"] + " [MASK]"), "sentence_a", "questions only"),
        (dict(probe_a="[MASK]"), "probe_a", "questions only"),
        (dict(sentence_a="x" * 501), "sentence_a", "501 characters; the limit is 500"),
        (dict(question_b="\ud800"), "question_b", "cannot be read"),
        (dict(probe_a="che\0io"), "probe_a", "cannot be read"),
    ],
)
def test_each_fault_is_in_its_column_and_says_what_to_do(cells, column, says):
    found = faults(**cells)
    assert places(found) == [(0, column)] and says in str(found[0].message)
    assert found[0].occurrences == ()


def test_faults_come_in_the_order_of_the_columns():
    found = faults(gold_b="balde", gold_a="balde", sentence_b=EXAMPLE[0]["sentence_a"])
    assert [fault.column for fault in found] == ["sentence_b", "gold_a", "gold_b"]


@given(st.lists(mixed, max_size=6) | tables)
def test_any_table_is_items_or_faults_of_its_own_rows(rows):
    made, found = read_rows(rows)
    assert all(items.problems(one) == [] for one in made)
    used = {int(one.pair[4:]) - 1 for one in made}
    assert used.isdisjoint(fault.row for fault in found) and len(made) == 2 * len(used)
    assert used | {fault.row for fault in found} == {
        number for number, one in enumerate(rows) if any(cell.strip() for cell in one.values())
    }
    assert all(0 <= fault.row < len(rows) and fault.column in PAIR_COLUMNS for fault in found)


# CSV.


def text_of(rows, delimiter=",", columns=PAIR_COLUMNS) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(
        [columns, *([one.get(column, "") for column in columns] for one in rows)]
    )
    return out.getvalue()


def test_the_example_comes_back_from_its_csv():
    text = to_csv_text(EXAMPLE)
    assert text.startswith("\ufeffsentence_a,sentence_b") and read_csv(text.encode()) == EXAMPLE


def as_a_spreadsheet_shows_it(cell: str) -> str:
    return "" if not cell.strip() else "'" + cell if cell.startswith(RISKY) else cell


@given(tables)
def test_tables_come_back_from_their_csv(rows):
    kept = [one for one in rows if any(cell.strip() for cell in one.values())]
    try:
        found = read_csv(to_csv_text(rows).encode())
    except BadFile as error:
        assert "control codes" in error.template
    else:
        shown = [{column: as_a_spreadsheet_shows_it(cell) for column, cell in one.items()} for one in kept]
        assert [{column: cell if cell.strip() else "" for column, cell in one.items()} for one in found] == shown


def test_formulas_are_disarmed_and_stay_so():
    found = read_csv(to_csv_text([row(question_a="=1+1", probe_a="-x")]).encode())
    assert (found[0]["question_a"], found[0]["probe_a"]) == ("'=1+1", "'-x")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_delimiter_and_encoding(delimiter, encoding):
    assert read_csv(text_of(EXAMPLE, delimiter).encode(encoding)) == EXAMPLE


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_columns_in_another_order_without_the_optional_ones(end):
    columns = ("Gold_A ", "gold_b", "CANDIDATES", "probe_a", "probe_b", "sentence_a", "sentence_b")
    lines = [
        ";".join(columns),
        *(";".join(f'"{one[column.strip().lower()]}"' for column in columns) for one in EXAMPLE),
    ]
    found = read_csv((end.join(lines) + end).encode())
    assert (
        found == tuple(one | {"question_a": "", "question_b": ""} for one in EXAMPLE)
        and tuple(found[0]) == PAIR_COLUMNS
    )


def test_empty_rows_and_cells_that_a_spreadsheet_adds_or_drops():
    head, *rows = text_of(EXAMPLE, ";").splitlines()
    short = ";".join(rows[2].split(";")[:-2])
    assert rows[2].endswith(";;")
    assert (
        read_csv("\n".join(["", head + ";;", rows[0] + ";;", ";" * 10, rows[1], short, ";;", ""]).encode()) == EXAMPLE
    )


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (PAIR_COLUMNS[:6], "gold_a"),
        ((*PAIR_COLUMNS, "extra"), "extra"),
        ((*PAIR_COLUMNS, "probe_a"), "question_b, probe_a"),
        (("frase", *PAIR_COLUMNS[1:]), "frase"),
    ],
)
def test_unknown_missing_and_doubled_columns_are_named(columns, found):
    with pytest.raises(BadFile, match=f"sentence_a, sentence_b, .*question_b may be left out.*it has: .*{found}"):
        read_csv(text_of(EXAMPLE, columns=columns).encode(), "pares.csv")


@pytest.mark.parametrize("data", [b"", b"\n \n", "Ela saiu, e ele não.\n".encode(), b";;;\n"])
def test_a_file_without_a_header_is_told_what_was_expected(data):
    with pytest.raises(BadFile, match="must name the columns"):
        read_csv(data)


def test_limits_of_a_file():
    assert len(read_csv(text_of(EXAMPLE[:1] * pair_rows.MAX_ROWS).encode())) == 500
    with pytest.raises(BadFile, match="more than 500 rows"):
        read_csv(text_of(EXAMPLE[:1] * 501).encode())
    assert read_csv(text_of([row(probe_a="é" * 500)]).encode())[0]["probe_a"] == "é" * 500
    with pytest.raises(BadFile, match="line 3: “probe_a” has 501 characters; the limit is 500"):
        read_csv(text_of([row(), row(probe_a="é" * 501)]).encode())


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ('"a" b,c', "line 2: its quotation marks"),
        ('"a,b\nc', "line 2: its quotation marks"),
        (",".join("abcdefghij"), "line 2: it has 10 columns"),
    ],
)
def test_records_that_cannot_be_trusted_are_named_by_their_line(record, says):
    with pytest.raises(BadFile, match=says):
        read_csv(f"{','.join(PAIR_COLUMNS)}\n{record}\n".encode())


def test_an_unquoted_semicolon_and_bytes_of_another_encoding_are_said():
    lines = text_of(EXAMPLE, ";").replace('"', "")
    with pytest.raises(BadFile, match="10 columns where the first row has 9"):
        read_csv(lines.encode())
    mixed = text_of(EXAMPLE).encode() + ",".join(["á"] * 9).encode() + b"\n\xe1,b\n" + "é\n".encode()
    with pytest.raises(BadFile, match="“sentence_a” holds a character that cannot be read"):
        read_csv(mixed)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"a\0b"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(BadFile):
        read_csv(data, "pares.csv")


# Links.


@given(tables)
def test_tables_come_back_from_a_link(rows):
    assert unpack_rows(pack_rows(rows)) == rows


def test_a_link_is_short_and_needs_no_escape():
    text = pack_rows(EXAMPLE)
    assert len(text) < 700 and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert unpack_rows(pack_rows([{"probe_a": "x"}])) == (dict.fromkeys(PAIR_COLUMNS, "") | {"probe_a": "x"},)


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def squeezed(value: object) -> str:
    return packed(zlib.compress(json.dumps(value).encode()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "é",
        "!!!!",
        "AAAA",
        "\ud800",
        pack_rows(EXAMPLE)[:-6],
        pack_rows(EXAMPLE)[6:],
        pack_rows(EXAMPLE) + "AAAA",
        packed(b"[]"),
        packed(zlib.compress(b"\xff\xfe")),
        packed(zlib.compress(b"[")),
        packed(zlib.compress(b"[" * 60_000)),
        packed(zlib.compress(b"9" * 60_000)),
        packed(zlib.compress(b"[]") + b"x"),
        packed(zlib.compress(b"[]")[:-1]),
        squeezed({}),
        squeezed(None),
        squeezed("abc"),
        squeezed([1]),
        squeezed([{}]),
        squeezed([["x"] * 8]),
        squeezed([["x"] * 10]),
        squeezed([["x"] * 8 + [1]]),
        squeezed([["x"] * 8 + [None]]),
        squeezed([["x"] * 8 + [["x"]]]),
        squeezed(["abcdefghi"]),
        squeezed([["\0"] * 9]),
        squeezed([["\ud800"] * 9]),
        squeezed([[""] * 9] * 501),
    ],
)
def test_what_is_no_link_is_refused(text):
    with pytest.raises(BadInput, match="cannot be read"):
        unpack_rows(text)


def test_a_bomb_is_not_unpacked(monkeypatch):
    made = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self):
            self.stream = real()

        def decompress(self, data, limit):
            made.append(len(found := self.stream.decompress(data, limit)))
            return found

        def __getattr__(self, name):
            return getattr(self.stream, name)

    bomb = packed(zlib.compress(b"[" + b" " * 50_000_000 + b"]", 9))
    monkeypatch.setattr(pair_files.zlib, "decompressobj", Watched)
    with pytest.raises(BadInput, match="cannot be read"):
        unpack_rows(bomb)
    assert made == [pair_files.LINK_BYTES + 1] and len(bomb) < 100_000


def test_the_limit_of_a_link_is_the_same_on_both_sides():
    room = pair_files.LINK_BYTES - len(json.dumps([[""] * 9], separators=(",", ":")))
    assert unpack_rows(pack_rows([{"probe_a": "x" * room}]))[0]["probe_a"] == "x" * room
    for rows in ([{"probe_a": "x" * (room + 1)}], [{}] * 501):
        with pytest.raises(BadInput, match="too many for a link"):
            pack_rows(rows)
