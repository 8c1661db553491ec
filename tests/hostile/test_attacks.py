"""Files that an attacker found dear or that ended in a foreign error: cheap, and read or refused."""

from __future__ import annotations

import time
import unicodedata

from core.errors import MiranteError
from core.files.sentences import read_upload
from core.studies.conllu import read_conllu


def seconds_of(call) -> float:
    start = time.process_time()
    try:
        call()
    except MiranteError:
        pass
    return time.process_time() - start


def test_a_character_reference_of_thousands_of_digits_is_text() -> None:
    data = b"1\n00:00:01,000 --> 00:00:02,000\n&#" + b"9" * 5000 + b";\n"
    assert read_upload(data, "a.srt").sentences == ("&#" + "9" * 5000 + ";",) or read_upload(data, "a.srt").rejected


def test_thousands_of_marks_in_a_table_are_not_brought_into_order() -> None:
    classes = {unicodedata.combining(chr(c)): chr(c) for c in range(0x300, 0x800) if unicodedata.combining(chr(c))}
    marks = [classes[order] for order in sorted(classes, reverse=True)]
    row = "a" + "".join(mark * (19_900 // len(marks)) for mark in marks) + "\n"
    assert seconds_of(lambda: read_upload((row * 20).encode()[: 2 * 2**20], "a.csv")) < 2


def test_a_text_of_one_letter_is_not_searched_at_every_letter() -> None:
    n, forms = 160_000, ("q", "a" * 80_000)
    rows = "".join(f"{i}\t{form}\t_\t_\t_\t_\t0\troot\t_\t_\n" for i, form in enumerate(forms, 1))
    data = f"# text = qz{'a' * n}\n{rows}\n".encode()
    assert seconds_of(lambda: read_conllu(data, name="x.conllu", most_words=120_000, most_bytes=20 << 20)) < 2
