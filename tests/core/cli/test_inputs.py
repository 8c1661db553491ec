"""What the command line reads as text: the same as a page, whatever saved it, and one line where it cannot."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from typer.testing import CliRunner

import core
from core.__main__ import app, main
from core.cli.coreference import read_items
from core.cli.inputs import file_sentences, given_text
from core.coreference.items import ITEMS_FOLDER
from core.errors import BadFile, MiranteError
from core.files.sentences import MAX_SENTENCES, read_upload
from tests.core.files.public_reports import Report, reports

TEXTS = reports("command-line-text-files", where="python -m core profile")
STDIN = reports("trailing-newline-of-standard-input")


class Stdin:
    """Standard input that holds some bytes."""

    def __init__(self, data: bytes) -> None:
        import io

        self.buffer = io.BytesIO(data)


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> str:
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    return given_text("-")


@pytest.fixture(scope="module")
def decoder():
    return core.load("mirante-decoder-pt", device="cpu")


@pytest.mark.parametrize("report", STDIN)
def test_standard_input_is_read_as_the_text_that_was_typed(report: Report, monkeypatch, decoder):
    stdin = report.given["stdin"]
    text = typed(monkeypatch, stdin.encode())
    trace = core.capture(decoder, text)
    assert trace.tokens.ids == core.capture(decoder, stdin.rstrip("\r\n")).tokens.ids
    if "pieces" in report.expected:
        assert list(trace.tokens.pieces) == report.expected["pieces"]


def test_the_commands_read_standard_input_so(tmp_path: Path):
    out = tmp_path / "o.json"
    command = ["export", "--model", "mirante-decoder-pt", "--text", "-", "--layer", "1", "--head", "1"]
    result = CliRunner().invoke(app, [*command, "--as", "json", "--pieces", "--out", str(out)], input="O gato dorme.\n")
    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text())["key"]["labels"] == ["<s>", "␣O", "␣gato", "␣dor", "me", "."]
    result = CliRunner().invoke(
        app,
        ["capture", "--model", "mirante-decoder-pt", "--text", "-", "--out", str(tmp_path / "o.npz")],
        input="A.\r\n",
    )
    assert result.exit_code == 0 and len(np.load(tmp_path / "o.npz")["pieces"]) == 3


@settings(max_examples=40)
@given(
    st.text(st.sampled_from("aé ç\t\n\u2028\u00a0'"), min_size=1, max_size=12).filter(lambda text: text.strip()),
    st.sampled_from(["", "\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_one_line_break_at_the_end_is_the_terminals(text, end, encoding):
    with pytest.MonkeyPatch.context() as patch:
        expected = text if end else text.removesuffix("\n")
        assert typed(patch, (text + end).encode(encoding)) == expected


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "standard input is an image"),
        (b"a\0b\n", "NUL"),
        (("ação não\n" * 3).encode() + "só\n".encode("cp1252"), "line 4"),
    ],
)
def test_what_is_no_text_is_refused_in_words(data, match, monkeypatch):
    with pytest.raises(BadFile, match=match):
        typed(monkeypatch, data)


def test_an_empty_standard_input_is_a_text_that_is_missing(monkeypatch, decoder):
    with pytest.raises(MiranteError, match="There is no text"):
        core.capture(decoder, typed(monkeypatch, b"\n"))


def test_standard_input_of_windows_is_decoded(monkeypatch, capsys):
    assert typed(monkeypatch, "Não está aí.\r\n".encode("cp1252")) == "Não está aí."
    assert "guessed: cp1252" in capsys.readouterr().err


@pytest.mark.parametrize("report", TEXTS)
def test_a_file_of_sentences_gives_the_numbers_of_its_text(report: Report, tmp_path: Path):
    numbers = []
    for saved_as in ("utf-8", report.given["saved_as"]):
        file = tmp_path / "frases.txt"
        file.write_bytes(report.given["text"].encode(saved_as))
        result = CliRunner().invoke(app, ["profile", "--model", "mirante-decoder-pt", "--texts", str(file)])
        assert result.exit_code == 0, result.output
        numbers.append(json.loads(result.stdout))
    assert numbers[0] == numbers[1] and numbers[0]["left_out"] == 0
    if "eligible_rows.previous" in report.expected:
        assert numbers[0]["eligible_rows"]["previous"] == report.expected["eligible_rows.previous"]


@settings(max_examples=30)
@given(
    st.lists(
        st.text(st.sampled_from("Aéãç º\u2028\u0085\u00a0x'"), min_size=1, max_size=9), min_size=1, max_size=5
    ).filter(lambda lines: all(line.strip() and "é" in line for line in lines)),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_lines_end_where_a_page_ends_them(tmp_path_factory, lines, end, encoding, closed):
    file = tmp_path_factory.mktemp("frases") / "frases.txt"
    data = (end.join(lines) + (end if closed else "")).encode(encoding)
    file.write_bytes(data)
    sentences = file_sentences(file)
    assert sentences == list(read_upload(data, "frases.txt").sentences) and len(sentences) == len(lines)
    assert "".join("".join(sentences).split()) == "".join("".join(lines).split())


def test_a_long_text_is_read_to_its_end_as_the_page_reads_a_short_one(tmp_path: Path, capsys):
    lines = [f"Frase nu\u0301mero {n}." for n in range(2 * MAX_SENTENCES)] + ["...", "", "fim"]
    file = tmp_path / "frases"
    file.write_text("\n".join(lines), encoding="utf-8")
    sentences = file_sentences(file)
    assert len(sentences) == 2 * MAX_SENTENCES + 1 and sentences[0] == "Frase número 0." and sentences[-1] == "fim"
    assert f"frases, line {2 * MAX_SENTENCES + 1}: it has no letter" in capsys.readouterr().err


def test_a_chat_and_subtitles_are_read_as_what_they_are(tmp_path: Path):
    file = tmp_path / "filme.srt"
    file.write_text(
        "1\n00:00:01,000 --> 00:00:02,000\nO gato dorme.\n\n2\n00:00:03,000 --> 00:00:04,000\nA gata come.\n"
    )
    assert file_sentences(file) == ["O gato dorme.", "A gata come."]


def test_a_table_is_read_by_its_column_of_sentences(tmp_path: Path):
    file = tmp_path / "frases.csv"
    file.write_text("id;frase\n1;O gato dorme ali.\n2;A gata come peixe.\n", encoding="utf-8")
    assert file_sentences(file) == ["O gato dorme ali.", "A gata come peixe."]


def test_a_stray_line_is_left_out_and_named(tmp_path: Path, capsys):
    file = tmp_path / "frases.txt"
    file.write_bytes(("ação não\n" * 3).encode() + "só\n".encode("cp1252"))
    assert file_sentences(file) == ["ação não"] * 3
    assert "frases.txt, line 4: it contains bytes" in capsys.readouterr().err


@pytest.mark.parametrize("saved_as", ["latin-1", "cp1252", "utf-8-sig", "utf-16"])
def test_items_keep_their_accents(saved_as, tmp_path: Path):
    text = (ITEMS_FOLDER / "containers.json").read_text(encoding="utf-8")
    file = tmp_path / "containers.json"
    file.write_bytes(text.encode(saved_as))
    assert read_items(str(file), None) == read_items("containers", None)


IMAGE = b"\x89PNG\r\n\x1a\n" + bytes(50)


@pytest.mark.parametrize(
    ("data", "arguments"),
    [
        (IMAGE, ("profile", "--texts", "FILE")),
        (b"\0\1\2", ("faithfulness", "--texts", "FILE")),
        (b"\n\n", ("profile", "--texts", "FILE")),
        (b"\xff\xfe\x00\xd8", ("faithfulness", "--texts", "FILE")),
        (IMAGE, ("relations", "--dev", "FILE", "--test", "FILE")),
        (b"\xff\xfe\x00\xd8", ("relations", "--dev", "FILE", "--test", "FILE")),
        (b"\0\1\2", ("coref", "--items", "FILE")),
        (b"\xff\xfe\x00\xd8", ("coref", "--items", "FILE")),
        (b"", ("coref", "--items", "x" * 300)),
    ],
    ids=range(9),
)
def test_what_cannot_be_read_is_one_line_and_status_one(data, arguments, tmp_path: Path, capsys, monkeypatch):
    file = tmp_path / "a.json"
    file.write_bytes(data)
    command = [*(str(file) if part == "FILE" else part for part in arguments), "--model", "mirante-decoder-pt"]
    monkeypatch.setattr(sys, "argv", ["core", *command])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr().err.strip().splitlines()
    assert stopped.value.code == 1 and len(said) == 1 and said[0].startswith("mirante: ")


def test_subtitles_are_read_without_their_times(tmp_path: Path):
    file = tmp_path / "aula.srt"
    file.write_bytes(b"1\r\n00:00:01,000 --> 00:00:02,000\r\nO gato dorme.\r\n\r\n")
    assert file_sentences(file) == ["O gato dorme."]
