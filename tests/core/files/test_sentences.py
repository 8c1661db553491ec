"""Laws of reading sentences: nothing is lost silently, every hostile file ends quickly, small and politely."""

import gzip
import io
import random
import time
import tracemalloc
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from core.errors import BadFile, BadInput
from core.files.sentences import MAX_LINES, MAX_REJECTED, MAX_SENTENCE_CHARS, MAX_SENTENCES, read_pasted, read_upload

NOISE = random.Random(7).randbytes(2_000_000)


def _zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("frases.csv", bytes(42_000_000))
    return packed.getvalue()


HOSTILE = {  # name → (bytes, accepted sentences, or None when the file is refused as a whole)
    "zip.csv": (_zip_bomb(), None),
    "gzip.txt": (gzip.compress(bytes(1_000_000)), None),
    "png.csv": (b"\x89PNG\r\n\x1a\n" + NOISE, None),
    "noise.csv": (NOISE, None),
    "noise without nul.csv": (NOISE.replace(b"\0", b"a"), None),
    "high noise.txt": (bytes(b | 128 for b in NOISE), None),
    "too large.txt": (b"a" * 3_000_000, None),
    "empty.txt": (b"", None),
    "header only.csv": (b"id;frase\n", None),
    "wide.csv": ((b"," * 200 + b"\n") * 2000, None),
    "keys.jsonl": (b"{" + b",".join(b'"k%d":"x"' % i for i in range(1500)) + b"}", None),
    "commas.csv": (b"," * 400_000, 0),
    "comma lines.csv": (b",\n" * 1_000_000, 0),
    "one line.txt": (b"a" * 2_000_000, 0),
    "one line.csv": (b"a" * 2_000_000, 0),
    "one line.jsonl": (b"a" * 2_000_000, 0),
    "quotes.csv": (b'"a\n' * 500_000, MAX_SENTENCES),
    "quotes in one line.csv": (b'"' * 2_000_000, 0),
    "open quote.csv": (b'id;t\n1;"abc\n' + b"2;def\n" * 300_000, MAX_SENTENCES),
    "blank after quote.csv": (b'id;t\n1;"abc\n' + b"\n" * 1_900_000, 1),
    "deep.jsonl": ((b"[" * 19_000 + b"\n") * 100, 0),
    "deep and long.jsonl": (b"[" * 2_000_000, 0),
    "new keys.jsonl": (b"\n".join(b'{"k%d":"x"}' % i for i in range(100_000)), 1),
    "blank.txt": (b"\n" * 2_000_000 + b"a", 0),
    "marks.txt": (("a" + "\u0301\u0323" * 900 + "\n").encode() * 500, 0),
    "short lines.txt": (b"ab\n" * 690_000, MAX_SENTENCES),
    "short latin lines.csv": (b"\xe7\n" * 1_000_000, MAX_SENTENCES),
    "emoji.txt": (("😀" * 1999 + "\n").encode() * 260, 260),
}


def outcome(data: bytes, name: str) -> int | None:
    try:
        return len(read_upload(data, name).sentences)
    except BadFile as refusal:
        assert name in str(refusal)
        return None


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_quickly_in_little_memory(name):
    data, expected = HOSTILE[name]
    seconds = []
    for _ in range(3):
        start = time.thread_time()  # our own work: other processes on the machine do not count
        assert outcome(data, name) == expected
        seconds.append(time.thread_time() - start)
    tracemalloc.start()
    outcome(data, name)
    growth = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert min(seconds) < 0.2 and growth < 50 * 2**20


def test_pasted_lines_in_order_trimmed_and_composed():
    found = read_pasted("\n  Ela saiu. \r\n\rÁgua\u0301 boa\n\n")
    assert found.sentences == ("Ela saiu.", unicodedata.normalize("NFC", "Água\u0301 boa")) and found.lines == (2, 4)
    assert found.kind == "txt" and not found.rejected and not found.notes


@pytest.mark.parametrize("text, reason", [("", "no sentence"), (" \n\t", "no sentence"), ("a" * 3_000_000, "limit")])
def test_nothing_and_far_too_much_are_refused(text, reason):
    with pytest.raises(BadInput, match=reason):
        read_pasted(text)


@pytest.mark.parametrize(
    "line, reason",
    [
        ("a" * (MAX_SENTENCE_CHARS + 1), "2001 characters"),
        ("a\0b", "NUL"),
        ("\ud800", "not characters"),
        ("…, .", "no letter"),
        ("a" + "\u0301" * 40, "combining"),
    ],
)
def test_a_refused_line_has_its_number_and_reason(line, reason):
    found = read_pasted(f"Boa.\n{line}\nFim.")
    assert found.sentences == ("Boa.", "Fim.")
    assert [r.line for r in found.rejected] == [2] and reason in str(found.rejected[0])


@pytest.mark.parametrize(
    "kept",
    ["a" * MAX_SENTENCE_CHARS, "😀", "\u202eesrever\u202c", "zero\u200bwidth", "<s> <script>", "日本語", "∀x", "=1+1"],
)
def test_strange_but_honest_sentences_are_kept_exactly(kept):
    assert read_pasted(kept).sentences == (kept,)


def test_repeated_sentences_are_kept_and_counted():
    found = read_pasted("Sim.\nNão.\nSim.\nSim.")
    assert found.sentences == ("Sim.", "Não.", "Sim.", "Sim.") and "2" in str(found.notes[0])


def test_limits_keep_what_came_before_and_say_so():
    many = read_pasted("Sim.\n" * (MAX_SENTENCES + 5))
    assert len(many.sentences) == MAX_SENTENCES and f"line {MAX_SENTENCES + 1}" in str(many.notes[0])
    bad = read_pasted("Boa.\n" + "...\n" * (MAX_REJECTED + 5) + "Fim.")
    assert bad.sentences == ("Boa.",) and len(bad.rejected) == MAX_REJECTED and "right kind" in str(bad.notes[0])
    long = read_pasted("\n" * MAX_LINES + "Fim.")
    assert long.sentences == () and str(MAX_LINES) in str(long.notes[0])


def test_mixed_encodings_cost_only_their_lines():
    found = read_upload("ação\nnão\npé\n".encode() + "só\n".encode("latin-1") + "fim à vista\n".encode(), "a.txt")
    assert found.sentences == ("ação", "não", "pé", "fim à vista") and [r.line for r in found.rejected] == [4]


@pytest.mark.parametrize("name", ["a.xlsx", "a.pdf", "a", "a.csv.exe", "\0.txt\0.doc", ""])
def test_other_kinds_of_file_are_refused_by_name(name):
    with pytest.raises(BadFile, match="TXT, CSV, TSV or JSONL"):
        read_upload(b"abc", name)


@pytest.mark.parametrize("name", ["A.TXT", "../../x.txt", "frases.ndjson", "b.tab", "<b>.csv"])
def test_a_name_is_only_a_label(name):
    assert read_upload(b'"abc"', name).sentences in (("abc",), ('"abc"',))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_every_pasted_line_is_kept_or_refused(text):
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if not lines:
        return
    found = read_pasted(text)
    assert len(found.sentences) + len(found.rejected) == len(lines)
    assert all(unicodedata.is_normalized("NFC", s) and s == s.strip() and "\n" not in s for s in found.sentences)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.csv", "a.tsv", "a.jsonl"]))
def test_any_bytes_end_in_sentences_or_a_refusal(data, name):
    try:
        found = read_upload(data, name)
    except BadFile:
        return
    assert all(sentence.encode() and "\0" not in sentence for sentence in found.sentences)
    assert len(found.lines) == len(found.sentences) and list(found.lines) == sorted(found.lines)
