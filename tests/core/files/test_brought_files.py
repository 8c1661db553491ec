"""Files as people bring them, kind by kind (brought_files.jsonl): what a person sees in one is what is read."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from core.files import Options, read_upload

ROWS = Path(__file__).with_name("brought_files.jsonl").read_text(encoding="utf-8").split("\n")
FILES = [json.loads(row) for row in ROWS if row]


def noted(sentence_file: Any) -> str:
    return " ".join(map(str, sentence_file.notes))


@pytest.mark.parametrize("brought", FILES, ids=[f"{number} {file['kind']}" for number, file in enumerate(FILES, 1)])
def test_what_a_person_sees_is_read(brought: dict[str, Any]) -> None:
    data = base64.b64decode(brought["base64"]) if "base64" in brought else brought["text"].encode()
    assert read_upload(data, brought["file"]).sentences == tuple(brought["sentences"])


def test_what_is_left_out_is_counted() -> None:
    table = b"Turma 7B;;\nid;frase;nota\n1;O gato, ali.;7\nid;frase;nota\n;;\n2;A gata.;8\nTotal;2;\n"
    notes = noted(read_upload(table, "a.csv"))
    assert "Lines before the table, left out: 1 (Turma 7B)" in notes and "Empty cells skipped: 1" in notes
    assert "repeat the names of the columns, left out: 1" in notes and "totals of the table, left out: 1" in notes
    assert "put together again: 1" in noted(read_upload(b"id,frase\n1,Ele foi, e veio.\n2,Sim.\n", "a.csv"))


def test_what_was_detected_can_be_changed() -> None:
    prose = b"Ana,O copo caiu.\nRui,A jarra quebrou.\n"
    assert read_upload(prose, "a.csv", Options(delimiter="")).sentences == ("Ana,O copo caiu.", "Rui,A jarra quebrou.")
    assert read_upload(prose, "a.csv", Options(kind="txt")).sentences == ("Ana,O copo caiu.", "Rui,A jarra quebrou.")
    quoted = b'id\tfrase\n1\t"Sim."\n2\t"Fim."\n'
    assert read_upload(quoted, "a.tsv").sentences == ("Sim.", "Fim.")
    assert read_upload(quoted, "a.tsv", Options(quotes=False)).sentences == ('"Sim."', '"Fim."')
    chat = b"02/11/2026 09:15 - Ana: Oi.\n02/11/2026 09:16 - Rui: Fim.\n"
    assert read_upload(chat, "a.txt").kind == "chat" and len(read_upload(chat, "a.txt", Options(kind="txt")).lines) == 2


def test_a_few_paragraphs_without_times_belong_to_the_subtitle_above_them() -> None:
    times = "1\n00:00:01,000 --> 00:00:02,000\n"
    few = read_upload(f"{times}Um.\n\nDois.\n\n\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nFim.\n".encode(), "a.srt")
    assert few.sentences == ("Um. Dois. 42", "Fim.") and not few.rejected
    assert "read as part of the subtitle above them: 2" in noted(few)
    many = read_upload((times + "Um.\n\n" + "Prosa.\n\n" * 9).encode(), "a.srt")
    assert many.sentences == ("Um.",) and len(many.rejected) == 9


def test_a_column_that_was_not_read_is_named() -> None:
    form = (
        "Carimbo de data/hora,Escreva uma frase com cheio.,Escreva uma frase com vazio.,Nome\n"
        "02/11/2026 09:15:22,O copo está cheio.,A jarra ficou vazia.,Ana\n"
        "02/11/2026 09:16:02,O ônibus saiu cheio.,O balde está vazio.,Rui\n"
    ).encode()
    first, second = "Escreva uma frase com cheio.", "Escreva uma frase com vazio."
    read = read_upload(form, "a.csv")
    assert read.column == first and f"instead: “{second}”." in noted(read) and "Nome" not in noted(read)
    chosen = read_upload(form, "a.csv", Options(column=second))
    assert chosen.sentences == ("A jarra ficou vazia.", "O balde está vazio.") and "Several columns" not in noted(
        chosen
    )


def test_half_a_character_of_utf16_costs_its_line_alone() -> None:
    for data in ("Sim.\nx\ud800\nNão.\n".encode("utf-16", "surrogatepass"), "Sim.\nNão.\nx".encode("utf-16")[:-1]):
        read = read_upload(data, "a.txt")
        assert read.sentences == ("Sim.", "Não.") and len(read.rejected) == 1


@pytest.mark.parametrize(
    "text, maker",
    [
        ("Timestamp,Sentence?\n11/2/2026 9:15:22,Yes.\n", "Google Forms"),
        ("Ana\t00:00:01.120\t00:00:02.300\tOi.\nRui\t00:00:02.300\t00:00:03.900\tFim.\n", "ELAN"),
        ("id,frase\n1,Oi.\n", None),
    ],
)
def test_the_program_that_wrote_a_table_is_named(text: str, maker: str | None) -> None:
    assert read_upload(text.encode(), "a.tsv" if "\t" in text else "a.csv").made_by == maker


def test_a_line_without_its_subtitle_and_one_before_the_chat_are_refused() -> None:
    subtitles = read_upload(b"Perdida.\n\n1\n00:00:01,000 --> 00:00:02,000\nOi.\n", "a.srt")
    assert subtitles.sentences == ("Oi.",) and [r.line for r in subtitles.rejected] == [1]
    chat = (
        "Conversa\n02/11/2026 09:15 - Ana: Oi.\n02/11/2026 09:16 - Rui: <Mídia oculta>\n02/11/2026 09:17 - Rui saiu\n"
    )
    read = read_upload(chat.encode(), "a.txt", Options(kind="chat"))
    assert read.sentences == ("Oi.",) and [r.line for r in read.rejected] == [1]
    assert "video or a file, left out: 1" in noted(read) and "encryption), left out: 1" in noted(read)
