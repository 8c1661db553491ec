"""Each kind of public report, made anew: any sentences written in that way come back as they were."""

from __future__ import annotations

import string

import pytest
from hypothesis import Phase, given, settings, strategies as some

from core.files import read_upload

EACH = settings(max_examples=30, deadline=None, database=None, phases=[Phase.generate])

SUBJECTS = ["O gato", "A gata", "Ela", "Ele", "O copo", "A jarra", "Meu vizinho", "Uma aluna", "Eles", "Ninguém"]
VERBS = ["dorme", "comeu peixe", "encheu", "saiu", "viu a jarra", "leu o livro", "chegou", "quebrou o copo", "ficou"]
ENDS = ["em casa", "de manhã", "na escola", "sem pressa", "depois da aula", "com os amigos", "e voltou", ""]
MARKS = [".", "!", "?", "…", "."]
ASIDES = [", e riu", ", mas ficou", ", porque quis,", ", às 9h,", ", por R$ 12,50", ", com 1,5 litro", ""]


@some.composite
def sentences(draw: some.DrawFn, asides: bool = True) -> str:
    """A sentence of Portuguese: with commas and decimal numbers where ``asides`` are wanted."""
    aside = draw(some.sampled_from(ASIDES)) if asides else ""
    end = draw(some.sampled_from(ENDS))
    text = f"{draw(some.sampled_from(SUBJECTS))} {draw(some.sampled_from(VERBS))}{aside} {end}".strip().rstrip(",")
    return " ".join(text.split()) + draw(some.sampled_from(MARKS))


def lists(least: int = 2, asides: bool = True) -> some.SearchStrategy[list[str]]:
    return some.lists(sentences(asides), min_size=least, max_size=8)


def read(text: str | bytes, name: str) -> tuple[str, ...]:
    return read_upload(text if isinstance(text, bytes) else text.encode(), name).sentences


PIECES = {
    "cp1252": [
        "“{}”",
        "‘{}’",
        "«{}»",
        "– {}",
        "{} – sim",
        "{}…",
        "O 1º {}",
        "A 2ª {}",
        "{} ½ copo",
        "{} 30° ali",
        "{} 5 €",
    ],
    "iso-8859-15": ["{} 5 €", "O 1º {}", "A 2ª {}", "«{}»", "{} 30° ali", "Art. 5º, § 2º: {}"],
    "mac_roman": ["“{}”", "‘{}’", "– {}", "{}…", "{} 30° ali", "«{}»"],
    "cp850": ["O 1º {}", "A 2ª {}", "{} 30° ali", "{} ½ copo", "«{}»"],
}


@pytest.mark.parametrize("encoding", PIECES)
@EACH
@given(some.data())
def test_signs_without_an_accented_letter_tell_the_encoding(encoding: str, data: some.DataObject) -> None:
    plain = ["O gato dorme.", "Ela saiu cedo.", "O copo caiu no piso.", "A jarra quebrou.", "Eles foram embora."]
    texts = [
        data.draw(some.sampled_from(PIECES[encoding])).format(data.draw(some.sampled_from(plain)).rstrip("."))
        for _ in range(data.draw(some.integers(1, 6)))
    ]
    texts.append(data.draw(some.sampled_from(plain)))
    assert read("\n".join(texts).encode(encoding), "a.txt") == tuple(texts)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850", "cp860", "utf-16-le", "utf-16-be", "utf-16"])
@EACH
@given(lists())
def test_sentences_come_back_from_any_encoding_without_a_mark(encoding: str, texts: list[str]) -> None:
    texts = ["Não é só água: há ação às três.", *(text.replace("…", "...") for text in texts)]
    assert read("\r\n".join(texts).encode(encoding), "a.txt") == tuple(texts)


@pytest.mark.parametrize("header", ["", "frase\n", "Texto\n", "sentence\n"])
@EACH
@given(lists(), some.sampled_from([",", ";"]))
def test_lines_with_commas_of_prose_come_back_whole(header: str, texts: list[str], mark: str) -> None:
    texts = [text.replace(", ", f"{mark} ") for text in texts]
    assert read(header + "\n".join(texts), "a.csv") == tuple(texts)


@EACH
@given(lists(), some.booleans(), some.sampled_from(["id,frase", "n,texto", "aluno,resposta"]))
def test_a_last_column_of_prose_is_put_together(texts: list[str], named: bool, names: str) -> None:
    rows = [f"{number},{text}" for number, text in enumerate(texts, 1)]
    assert read("\n".join([names, *rows] if named else rows), "a.csv") == tuple(texts)


QUOTED = ['"{}', '{}"', '"{}"', '"{}", disse ela.', 'Ela disse: "{}"', '"{}" e "{}"', "“{}”", "{}", '"']


@EACH
@given(some.lists(some.tuples(some.sampled_from(QUOTED[:-1]), sentences()), min_size=1, max_size=8), some.booleans())
def test_quotation_marks_of_a_tsv_are_text(drawn: list[tuple[str, str]], named: bool) -> None:
    texts = [form.replace("{}", text) for form, text in drawn] + ["Fim."]
    rows = [f"{number}\tpor\t{text}" for number, text in enumerate(texts, 1)]
    assert read("\n".join(["id\tlang\tfrase", *rows] if named else rows) + "\n", "a.tsv") == tuple(texts)


NAMES = [
    ("aluno", "resposta"),
    ("Nome", "Qual é a sua frase?"),
    ("Aluno(a)", "Escreva uma frase com a palavra cheio."),
    ("student", "answer"),
    ("Name", "Write a sentence with the word full."),
    ("turma", "Frase 1"),
    ("autor", "comentário"),
    ("speaker", "utterance"),
    ("bicho", "coisa"),
    ("nome_do_aluno", "frase_do_aluno"),
]
PEOPLE = ["Ana", "Beto", "Carla", "Davi", "Eva", "Maria Clara", "João Pedro", "Rui"]


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[1])
@EACH
@given(lists(), some.sampled_from([",", ";", "\t"]), some.data())
def test_names_of_columns_are_never_a_sentence(
    names: tuple[str, str], texts: list[str], mark: str, data: some.DataObject
) -> None:
    people = data.draw(some.lists(some.sampled_from(PEOPLE), min_size=len(texts), max_size=len(texts)))
    rows = [f'{person}{mark}"{text}"' for person, text in zip(people, texts, strict=True)]
    found = read_upload((mark.join(names) + "\n" + "\n".join(rows)).encode(), "a.csv")
    assert found.sentences == tuple(texts) and found.header


@EACH
@given(lists(3), some.sampled_from([",", ";", "\t"]), some.data())
def test_without_names_no_sentence_is_taken_for_one(texts: list[str], mark: str, data: some.DataObject) -> None:
    people = data.draw(some.lists(some.sampled_from(PEOPLE), min_size=len(texts), max_size=len(texts)))
    rows = [f'{person}{mark}"{text}"' for person, text in zip(people, texts, strict=True)]
    assert read("\n".join(rows), "a.csv") == tuple(texts)


TOPS = ["sep={}", "", "{0}{0}", "Respostas da turma 7B{0}{0}", "Turma 7B", "# exportado em 02/11/2026", "{0}Lista{0}"]


@EACH
@given(
    lists(), some.lists(some.sampled_from(TOPS[1:]), max_size=4), some.sampled_from([",", ";", "\t"]), some.booleans()
)
def test_lines_above_and_below_a_table_are_no_sentences(
    texts: list[str], tops: list[str], mark: str, announced: bool
) -> None:
    rows = [f'{number}{mark}"{text}"{mark}7' for number, text in enumerate(texts, 1)]
    above = ([f"sep={mark}"] if announced else []) + [top.format(mark) for top in tops]
    below = [f"Total{mark}{mark}{len(texts)}", mark * 2]
    text = "\r\n".join([*above, mark.join(("id", "frase", "nota")), *rows, *below])
    assert read(text, "a.csv") == tuple(texts)


DATA = {
    "numbers": some.integers(0, 10**6).map(str),
    "decimals": some.integers(0, 999).map(lambda n: f"{n // 10}.{n % 10}"),
    "uuids": some.uuids(version=4).map(str),
    "mails": some.text(string.ascii_lowercase, min_size=3, max_size=40).map(lambda name: f"{name}@exemplo.com.br"),
    "dates": some.integers(1, 28).map(lambda day: f"{day:02}/11/2026"),
    "instants": some.integers(0, 59).map(lambda second: f"02/11/2026 09:15:{second:02}"),
    "forms": some.integers(0, 59).map(lambda second: f"2026/11/02 9:15:{second:02} AM GMT-3"),
    "ISO": some.integers(0, 59).map(lambda second: f"2026-11-02T09:15:{second:02}.120Z"),
    "codes of time": some.integers(0, 59).map(lambda second: f"00:00:{second:02}.120"),
    "telephones": some.integers(0, 9999).map(lambda n: f"+55 (11) 91234-{n:04}"),
    "amounts": some.integers(1, 99).map(lambda n: f"R$ {n}.50"),
    "addresses": some.integers(0, 999).map(lambda n: f"https://exemplo.com.br/respostas/da/turma/{n}"),
    "files": some.integers(0, 999).map(lambda n: f"gravacao_da_aula_{n:03}.wav"),
    "answers": some.sampled_from(["Concordo totalmente", "Discordo totalmente"]),
    "names": some.sampled_from(
        ["Maria Aparecida da Silva Santos", "João Carlos de Oliveira Lima", "Ana Beatriz Souza"]
    ),
    "classes": some.sampled_from(["7B", "7C"]),
}


@pytest.mark.parametrize("kind", DATA)
@EACH
@given(some.data())
def test_the_column_of_sentences_is_the_one_of_sentences(kind: str, data: some.DataObject) -> None:
    short = some.sampled_from(["Oi.", "Foi.", "Sim, veio.", "Tudo bem?", "O copo encheu.", "Não sei, não."])
    texts = data.draw(some.lists(short, min_size=4, max_size=6, unique=True))
    kinds = data.draw(some.lists(some.sampled_from(sorted(DATA)), max_size=3)) + [kind]
    place, mark = data.draw(some.integers(0, len(kinds))), data.draw(some.sampled_from([";", "\t", ","]))
    rows = [[data.draw(DATA[kind]) for kind in kinds] for _ in texts]
    written = [row[:place] + [f'"{text}"'] + row[place:] for row, text in zip(rows, texts, strict=True)]
    names = [f"campo {number}" for number in range(len(kinds) + 1)]
    if data.draw(some.booleans()):
        written = [names, *written]
    assert read("\n".join(map(mark.join, written)), "a.csv") == tuple(texts)


@EACH
@given(lists(), some.sampled_from([", ", "; ", " | ", " ; ", ",  "]), some.booleans(), some.booleans())
def test_spaces_around_the_delimiter_change_nothing(texts: list[str], mark: str, named: bool, quoted: bool) -> None:
    form = '"{}"' if quoted else "{}"
    if mark.strip() in ",;" and not quoted:
        texts = [text.replace(mark.strip(), "") for text in texts]
    rows = [f"{number}{mark}{form.format(text)}" for number, text in enumerate(texts, 1)]
    assert read("\n".join([f"id{mark}frase", *rows] if named else rows), "a.csv") == tuple(texts)


@EACH
@given(lists(), some.lists(some.sampled_from(["só", "ação", "é", "Não veio."]), min_size=1, max_size=6), some.data())
def test_a_mark_and_stray_lines_cost_those_lines(texts: list[str], strays: list[str], data: some.DataObject) -> None:
    lines = [text.encode() for text in texts] + [stray.encode("cp1252") for stray in strays]
    order = data.draw(some.permutations(range(len(lines))))
    found = read_upload(b"\xef\xbb\xbf" + b"\n".join(lines[at] for at in order), "a.txt")
    assert found.sentences == tuple(texts[at] for at in order if at < len(texts))
    assert len(found.rejected) == len(strays)


@EACH
@given(lists(1), some.sampled_from([",", "."]), some.sampled_from(["\n\n", "\r\n\r\n"]), some.booleans())
def test_subtitles_come_back(texts: list[str], point: str, gap: str, numbered: bool) -> None:
    end = gap[: len(gap) // 2]
    blocks = [
        (f"{n}{end}" if numbered else "")
        + f"00:00:{n:02}{point}000 --> 00:00:{n + 1:02}{point}500{end}{text.replace(' ', end, 1)}"
        for n, text in enumerate(texts, 1)
    ]
    head = "" if point == "," else f"WEBVTT{gap}"
    for name in ("a.srt", "a.txt"):
        assert read(head + gap.join(blocks) + gap, name) == tuple(texts)


STAMPS = [
    "02/11/2026 09:{:02} - ",
    "11/2/26, 9:{:02}\u202fAM - ",
    "[02/11/2026, 09:15:{:02}] ",
    "\u200e[11/2/26, 9:15:{:02} PM] ",
]
OTHER_MESSAGES = [
    "<Mídia oculta>",
    "<Media omitted>",
    "\u200eimagem ocultada",
    "Mensagem apagada",
    "null",
    "IMG-1.jpg (arquivo anexado)",
]


@EACH
@given(lists(1), some.sampled_from(STAMPS), some.lists(some.sampled_from(OTHER_MESSAGES), min_size=1, max_size=4))
def test_chats_come_back_without_what_no_person_wrote(texts: list[str], stamp: str, others: list[str]) -> None:
    bodies = [f"Ana: {text.replace(' ', chr(10), 1)}" for text in texts] + [
        f"+55 11 91234-5678: {text}" for text in others
    ]
    notice = stamp.format(0) + "Turma: \u200eAs mensagens são protegidas com a criptografia de ponta a ponta."
    found = read_upload(
        "\n".join([notice, *(stamp.format(n) + body for n, body in enumerate(bodies, 1))]).encode(), "a.txt"
    )
    assert (found.kind, found.sentences) == ("chat", tuple(texts)) and not found.rejected
    assert sum(note.fields["n"] for note in found.notes if "left out" in note.template) == len(others) + 1
