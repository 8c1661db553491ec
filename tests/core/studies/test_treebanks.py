"""Every sentence of a treebank is read, or left out and counted with the reason."""

from __future__ import annotations

import gzip
import json
import unicodedata

import pytest
from hypothesis import given, settings, strategies as st
from typer.testing import CliRunner

from core.__main__ import app
from core.errors import BadFile
from core.studies.conllu import MOST_FLAWED, Treebank, read_conllu
from tests.core.files.public_reports import Report, reports
from tests.hostile.texts import row

KINDS = ("treebank-sentences-dropped-without-a-word", "line-separators-that-are-not-line-ends")


def written_words(treebank: Treebank) -> list[list[str]]:
    return [[sentence.text[slice(*span)] for span in sentence.spans] for sentence in treebank]


def line(place: int | str, form: str, *, head: int | str = 0, misc: str = "_") -> str:
    return "\t".join((str(place), form, "_", "_", "_", "_", str(head), "dep", "_", misc))


def sentence(*forms: str, text: str | None = None, comment: str = "# text = ") -> str:
    rows = [line(place, form, head=place - 1) for place, form in enumerate(forms, 1)]
    return "\n".join([*([] if text is None else [comment + text]), *rows]) + "\n\n"


GOOD = sentence("O", "gato", text="O gato")


@pytest.mark.parametrize("report", reports(*KINDS))
def test_reported_sentences_are_read(report: Report):
    treebank = read_conllu(report.data, name=report.name)
    assert written_words(treebank) == [report.expected["words"]]
    assert treebank.left_out == () and treebank.remarks() == []


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("10\u00a0000 km", ["10 000", "km"]),
        ("10 000 km", ["10\u00a0000", "km"]),
        ("10\u202f000\u2009km", ["10 000", "km"]),
        ("a  b", ["a  b"]),
        ("a b", ["a  b"]),
        ("cora\u0063\u0327ão", [unicodedata.normalize("NFC", "cora\u0063\u0327ão")]),
        ("copo\u200b d\u2019água", ["copo", "d\u2019água"]),
        ("Um\u2028dois\u0085três", ["Um", "dois", "três"]),
        ("#text=isto", ["#", "text", "=", "isto"]),
        ("[...] O gato", ["O", "gato"]),
        ("O gato (riso) dorme", ["O", "gato", "dorme"]),
    ],
)
def test_forms_are_found_in_their_text(text: str, forms: list[str]):
    (parsed,) = read_conllu(sentence(*forms, text=text).encode())
    assert parsed.text == text and len(parsed.spans) == len(forms)
    for (start, stop), form in zip(parsed.spans, forms, strict=True):
        fold = [
            "".join(unicodedata.normalize("NFD", part).replace("\u200b", "").split())
            for part in (text[start:stop], form)
        ]
        assert fold[0] == fold[1]


def test_a_form_is_not_found_inside_another_word():
    treebank = read_conllu((GOOD + sentence("a", "b", text="Casa b")).encode())
    assert len(treebank) == 1 and treebank.left_out[0].n == 1


WORD = st.text(st.sampled_from("aéçã\u00a0 \u2028\u0085ñ-.º"), min_size=1, max_size=5).filter(
    lambda form: form.strip() == form and form
)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(WORD, st.booleans()), min_size=1, max_size=6),
    st.sampled_from(["# text = ", "#text=", "# text=", "#  text  =  ", "#\u00a0text = ", None]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["", "\n", "\n\n"]),
)
def test_any_words_come_back_from_any_saving(words, comment, end, encoding, closing):
    """With a text or without one, whatever the comment, the line ends, the encoding and the end of the file."""
    text = "".join(form + (" " if spaced else "") for form, spaced in words).strip()
    rows = [
        line(place, form, head=place - 1, misc="_" if spaced else "X=1|SpaceAfter=No")
        for place, (form, spaced) in enumerate(words, 1)
    ]
    lines = [*([] if comment is None else [comment + text]), *rows]
    data = ("\n".join(lines) + closing).replace("\n", end).encode(encoding)
    (parsed,) = read_conllu(data)
    assert parsed.text == text and [text[slice(*span)] for span in parsed.spans] == [form for form, _ in words]


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["good", "words", "columns", "head", "none", "count", "form"]), min_size=1, max_size=12)
)
def test_every_sentence_is_read_or_counted(kinds):
    made = {
        "good": GOOD,
        "words": sentence("O", "gato", text="A gata"),
        "columns": "# text = O\n1\tO\tO\n\n",
        "head": f"# text = O\n{line(1, 'O', head='_')}\n\n",
        "none": "# text = O gato\n\n",
        "count": f"# text = O\n{line(2, 'O')}\n\n",
        "form": f"{line(1, '')}\n\n",
    }
    data = "".join(made[kind] for kind in kinds).encode()
    if "good" not in kinds:
        with pytest.raises(BadFile, match="ine [12]"):
            read_conllu(data)
        return
    treebank = read_conllu(data, name="a.conllu")
    assert len(treebank) + sum(reason.n for reason in treebank.left_out) == len(kinds)
    assert len(treebank.remarks()) == len(treebank.left_out)
    assert treebank.summary()["sentences"] == len(treebank) and json.dumps(treebank.summary())


def test_contractions_and_empty_nodes_without_a_text():
    lines = ["1-2\tda\t" + "_\t" * 7 + "SpaceAfter=No", row("1", "de", "2"), row("2", "a", "0"), row("2.1", "x", "_")]
    lines += [row("3", "casa", "2"), row("3.1", "y", "_")]
    (parsed,) = read_conllu("\n".join(lines).encode())
    assert parsed.text == "dacasa" and parsed.spans == ((0, 2), (0, 2), (2, 6))


def test_enhanced_dependencies_and_comments_are_passed_over():
    enhanced = "1\tO\to\tDET\t_\t_\t0\troot\t0:root|2.1:nsubj\tGloss=a  b\u2028c"
    data = f"# global.columns = ID FORM\n# newdoc\n# text_en = The\n# text = O\n{enhanced}\n\n# só um comentário\n\n"
    treebank = read_conllu(data.encode())
    assert written_words(treebank) == [["O"]] and treebank.left_out == ()


def test_a_comment_begins_the_next_sentence_where_the_empty_line_is_missing():
    assert written_words(read_conllu(GOOD.replace("\n\n", "\n").encode() * 3)) == [["O", "gato"]] * 3
    assert len(read_conllu(("\ufeff" + GOOD).encode() * 2)) == 2


@pytest.mark.parametrize("saved_as", ["cp1252", "mac_roman"])
def test_another_encoding_is_decoded_as_on_the_page(saved_as: str):
    text = "A ação não está aí, à mão, coração"
    treebank = read_conllu(sentence(*text.replace(",", " ,").split(), text=text).encode(saved_as))
    assert treebank[0].text == text and saved_as in str(treebank.remarks()[0])


def test_a_sentence_in_another_encoding_than_the_file_is_counted():
    other = "ação não está"
    bad = sentence(*other.split(), text=other)
    treebank = read_conllu(bad.encode() * 3 + bad.encode("cp1252") + GOOD.encode())
    assert len(treebank) == 4 and "encoding" in str(treebank.left_out[0].first)


def test_what_stands_after_the_limit_is_counted():
    for data in (GOOD.encode() * 50, gzip.compress(GOOD.replace("\n", "\r\n").encode() * 50)):
        treebank = read_conllu(data, name="a.conllu", most_words=20)
        assert (len(treebank), treebank.words, treebank.unread) == (10, 20, 40)
        assert "the first 10 sentences were read (20 words); 40 more" in str(treebank.remarks()[0])
    assert read_conllu(GOOD.encode() * 10, most_words=20).unread == 0


def test_a_file_that_is_mostly_something_else_is_refused():
    bad = "isto não é um treebank\n\n"
    with pytest.raises(BadFile, match="Line 5"):
        read_conllu((GOOD + bad * 2 * MOST_FLAWED).encode())
    assert len(read_conllu((GOOD * MOST_FLAWED + bad * MOST_FLAWED).encode())) == MOST_FLAWED


def test_the_command_says_what_it_left_out(tmp_path):
    verbs = ["viu", "quis", "tem", "vê"] * 30
    file = tmp_path / "meu.conllu"
    file.write_text(
        "".join(sentence("O", "gato", verb, "a", "jarra", text=f"O gato {verb} a jarra") for verb in verbs)
        + sentence("O", "gato", text="A gata"),
        encoding="utf-8",
    )
    command = ["relations", "--model", "mirante-encoder-pt", "--dev", str(file), "--test", str(file)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert (
        "meu.conllu: 1 of 121 sentences were left out for one reason, first: The words of the sentence at line 841"
        in (result.stderr)
    )
    document = json.loads(result.stdout)
    assert document["read"][0]["left_out"][0]["sentences"] == 1 and document["read"][0]["sentences"] == 120
    assert document["not_asked"] == {"dev": 0, "test": 0}
