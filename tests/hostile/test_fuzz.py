"""Whatever bytes a reader gets, it gives something or refuses with a message of ours: nothing else comes out."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as some
from PIL import Image

from core.coreference.items import parse_items
from core.coreference.pair_examples import EXAMPLE
from core.coreference.pair_files import pack_rows, read_csv, to_csv_text, unpack_rows
from core.coreference.pair_rows import PAIR_COLUMNS, read_rows
from core.coreference.winograd import parse_schemas
from core.digits import whole_number
from core.errors import MiranteError
from core.files import Options, read_pasted, read_upload
from core.studies.conllu import read_conllu
from core.vision.images import read_picture
from tests.core.studies.test_relations import FILE
from tests.hostile.texts import PAIR_HEADER, schemas


def saved(kind: str) -> bytes:
    held = io.BytesIO()
    Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)).save(held, kind)
    return held.getvalue()


SEEDS: dict[str, list[bytes]] = {
    "treebank": [FILE.encode(), gzip.compress(FILE.encode())],
    "txt": ["O copo.\nA jarra.".encode("utf-16"), b"a\r\nb\rc"],
    "csv": [b'id;frase\n1;"a; b"\n2;c', b"a\tb\n"],
    "jsonl": [b'{"text": "a"}\n"b"\n[1]\n{"text": 1e999}'],
    "pairs": [to_csv_text(EXAMPLE).encode(), PAIR_HEADER.encode()],
    "schemas": [schemas()["a sentence of words"], b'{"id": 1}'],
    "items": [b'{"items": [{"id": "a", "candidates": [{"span": [0, 1]}], "probe": [0, 1]}]}'],
    "link": [pack_rows(EXAMPLE).encode()],
    "picture": [saved("PNG"), saved("JPEG"), saved("WEBP")],
}
READERS: dict[str, Callable[[bytes], object]] = {
    "treebank": read_conllu,
    "txt": lambda data: read_upload(data, "a.txt"),
    "csv": lambda data: read_upload(data, "a.csv"),
    "jsonl": lambda data: read_upload(data, "a.jsonl"),
    "pairs": lambda data: read_rows(read_csv(data)),
    "schemas": lambda data: parse_schemas(data.decode("utf-8", "surrogateescape")),
    "items": lambda data: parse_items(data.decode("utf-8", "replace")),
    "link": lambda data: unpack_rows(data.decode("utf-8", "replace")),
    "picture": lambda data: read_picture(data, "a"),
}
NUMBERS = [b"0", b"-1", b"1-60000000", b"9" * 5000, b"1e400", b"\xff\xff\xff\xff", b"\0\0\0\0", b"NaN", b"\xd9\xa1"]


@some.composite
def changed(draw, seeds: list[bytes]) -> bytes:
    """A good file with pieces cut, doubled, overwritten by noise or by numbers."""
    data = bytearray(draw(some.sampled_from(seeds)))
    for _ in range(draw(some.integers(1, 4))):
        at = draw(some.integers(0, len(data)))
        piece = draw(some.binary(max_size=12) | some.sampled_from(NUMBERS) | some.just(bytes(data[at : at + 40])))
        data[at : at + draw(some.integers(0, 12))] = piece
    return bytes(data)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.data())
def test_a_reader_reads_or_refuses(name: str, data: some.DataObject) -> None:
    file = data.draw(some.binary(max_size=400) | changed(SEEDS[name]))
    with suppress(MiranteError):
        READERS[name](file)


@settings(max_examples=80, deadline=None)
@given(some.text(max_size=300), some.sampled_from([None, ",", ";", "\t"]), some.sampled_from([None, True, False]))
def test_a_list_is_read_with_any_options(text: str, delimiter: str | None, header: bool | None) -> None:
    for name in ("a.csv", "a.tsv", "a.jsonl"):
        with suppress(MiranteError):
            read_upload(text.encode("utf-8", "surrogatepass"), name, Options(None, delimiter, header, None))
    with suppress(MiranteError):
        read_pasted(text)


@settings(max_examples=80, deadline=None)
@given(some.lists(some.dictionaries(some.sampled_from(PAIR_COLUMNS), some.text(max_size=40)), max_size=4))
def test_own_pairs_are_items_or_faults(rows: list[dict[str, str]]) -> None:
    read_rows(rows)
    with suppress(MiranteError):
        assert len(unpack_rows(pack_rows(rows))) == len(rows)


@given(some.text(), some.integers(0, 10**9))
@example("9" * 5000, 10**9)
@example("١", 9)
@example("²", 9)
def test_a_number_is_bounded_before_it_is_one(text: str, most: int) -> None:
    number = whole_number(text, most)
    assert number is None or 0 <= number <= most and int(text) == number
