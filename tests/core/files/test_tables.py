"""CSV and TSV: the guesses of delimiter, header and column, the person's choices, and bad records."""

import csv

import pytest

from core.errors import BadFile
from core.files.sentences import read_upload
from core.files.tables import MAX_COLUMNS, Options


def read(text, name="a.csv", **chosen):
    return read_upload(text.encode(), name, Options(**chosen))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(delimiter, end):
    rows = [["id", "frase"], ["1", "Ela encheu o copo; bebeu, e saiu."], ["2", 'Disse "sim" | e\tfoi.'], ["3", "Fim."]]
    text = "".join(delimiter.join(f'"{c}"'.replace('"sim"', '""sim""') for c in row) + end for row in rows)
    found = read(text)
    assert (found.delimiter, found.header, found.columns, found.column) == (delimiter, True, ("id", "frase"), "frase")
    assert found.sentences[0] == rows[1][1] and found.lines == (2, 3, 4)


@pytest.mark.parametrize(
    "text, sentences",
    [
        ("Ela foi, e voltou.\nEle não foi.\nEla, não; ele, sim.\n", 3),
        ("Olá, mundo\n", 1),
        ("frase\nOlá, mundo.\n", 1),
        ('"Olá, mundo."\n"Sim, sim."\n', 2),
    ],
)
def test_prose_is_one_column(text, sentences):
    found = read(text)
    assert found.delimiter is None and len(found.sentences) == sentences


@pytest.mark.parametrize(
    "text, header",
    [
        ("id;texto\n1;Ela saiu.\n", True),
        ("n,quote\n1,They left early that day\n2,We stayed at home\n", True),
        ("1;Ela saiu.\n2;Ele ficou.\n", False),
        ("Ela saiu.;positiva\nEle ficou.;negativa\n", False),
        ("oração;nota\nSaiu.;3\n", True),
        ("gato;rato\nrato;gato\n", False),
    ],
)
def test_the_header_is_guessed(text, header):
    assert read(text).header is header


def test_choices_overrule_guesses():
    text = "frase;autor\nEla saiu, cedo.;Rosa\nEle ficou.;Lima, João\n"
    assert read(text, column="autor").sentences == ("Rosa", "Lima, João")
    assert read(text, header=False).sentences[0] == "frase"
    comma = read("frase,autor\nEla saiu; cedo.,Rosa\n", delimiter=",")
    assert comma.sentences == ("Ela saiu; cedo.",)


def test_the_longest_column_is_read_when_no_name_tells():
    found = read("a;b;c\n1;Ela derramou água da jarra.;x\n2;Ele bebeu tudo de uma vez.;y\n")
    assert found.column == "b" and found.header is True


def test_names_are_never_empty_nor_twice_the_same():
    assert read("frase;frase;\nUm.;Dois.;3\n").columns == ("frase", "frase (2)", "#3")


def test_bad_records_cost_their_own_line_only():
    text = 'id;frase\n1;Boa.\n2;"Aspas "erradas" aqui"\n3;Larga;demais\n4\n5;"Duas\nlinhas."\n6;"Aberta\n7;Fim.\n'
    found = read(text)
    assert found.sentences == ("Boa.", "Duas linhas.", "Fim.") and found.lines == (2, 6, 9)
    assert [(r.line, str(r).split()[0]) for r in found.rejected] == [(3, "its"), (4, "it"), (5, "it"), (8, "its")]
    assert "3 columns where the first row has 2" in str(found.rejected[1])


def test_empty_cells_are_skipped_and_counted():
    found = read("id;frase\n1;\n2;Boa.\n3; \n")
    assert found.sentences == ("Boa.",) and "2" in str(found.notes[0]) and not found.rejected


def test_too_many_columns_and_a_bare_header_are_refused():
    with pytest.raises(BadFile, match="65 columns"):
        read(";".join(f"c{i}" for i in range(MAX_COLUMNS + 1)) + "\n" + ";".join("1" for _ in range(MAX_COLUMNS + 1)))
    with pytest.raises(BadFile, match="no row below"):
        read("id;frase\n")
    with pytest.raises(BadFile, match="no column “autor”; it has: id, frase"):
        read("id;frase\n1;Boa.\n", column="autor")


def test_a_tsv_is_split_at_tabs_even_with_more_commas():
    found = read("Um, dois.\ta, b\nTrês, quatro.\tc, d\n", "a.tsv")
    assert found.delimiter == "\t" and found.sentences == ("Um, dois.", "Três, quatro.")


def test_the_process_wide_field_limit_is_left_alone():
    before = csv.field_size_limit()
    read('id;frase\n1;"' + "a" * 19_000 + '"\n2;Boa.\n')
    assert csv.field_size_limit() == before
