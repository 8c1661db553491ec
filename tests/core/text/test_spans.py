"""Which characters a piece covers: never a guess."""

from __future__ import annotations

from hypothesis import given, strategies as st

from core.text.spans import from_offsets, from_surfaces
from core.text.vocabulary import Entry


def entries(labels: list[str | bytes]) -> list[Entry]:
    raws = [label if isinstance(label, bytes) else label.replace("▁", " ").encode() for label in labels]
    return [Entry(str(label), str(label), raw) for label, raw in zip(labels, raws, strict=True)]


def matched(text: str, *labels: str | bytes) -> list:
    return list(from_surfaces(text, entries(list(labels)), [False] * len(labels)))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5), max_size=8))
def test_pieces_that_spell_the_text_are_found(parts):
    text = "".join(parts)
    spans = from_surfaces(text, [Entry(part, part, part.encode()) for part in parts], [False] * len(parts))
    assert [text[slice(*span)] for span in spans] == parts


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8))
def test_bytes_share_their_character(text):
    spans = matched(text, *(bytes([byte]) for byte in text.encode()))
    assert [text[slice(*span)] for span in spans] == [char for char in text for _ in char.encode()]


def test_markers_case_and_forms():
    assert matched("Olá mundo", "▁ol", "á", "▁mundo") == [(0, 2), (2, 3), (4, 9)]
    assert matched("Água", "agua") == [(0, 4)]
    assert matched("½ ﬁm", "▁1", "⁄2", "▁f", "im") == [(0, 1), (0, 1), (2, 3), (2, 4)]
    assert matched("a e\u0301", "▁a", "▁", "é") == [(0, 1), None, (2, 4)]


def test_a_lone_unknown_takes_what_is_between():
    assert matched("olá 🙂 mundo", "▁olá", b"", "▁mundo") == [(0, 3), (4, 5), (6, 11)]
    assert matched("olá 🙂 🙃 mundo", "▁olá", b"", "▁mundo") == [(0, 3), None, (8, 13)]
    assert matched("olá 🙂🙃 mundo", "▁olá", b"", b"", "▁mundo") == [(0, 3), None, None, (7, 12)]


def test_other_texts_are_not_matched():
    assert matched("zzzz", "▁água", "▁da") == [None, None]
    assert matched("abcXYZ", "a", "YZ") == [(0, 1), (4, 6)]


def mended(text: str, labels: list[str], offsets: list[tuple[int, int]]) -> list:
    return list(from_offsets(text, entries(labels), offsets, [False] * len(labels)))


def test_offsets_are_mended():
    assert mended("água", ["▁", "água"], [(0, 1), (0, 4)]) == [None, (0, 4)]  # the dummy mark claims á
    assert mended("a água", ["a", "▁água"], [(0, 1), (1, 6)]) == [(0, 1), (2, 6)]  # the space before
    assert mended("a \n", ["a", "▁", "\n"], [(0, 1), (1, 1), (2, 3)]) == [(0, 1), None, (2, 3)]  # trimmed away
    assert mended("▁a", ["▁", "a"], [(0, 1), (1, 2)]) == [(0, 1), (1, 2)]  # typed
    assert mended("e\u0301x", ["é", "x"], [(0, 1), (2, 3)]) == [(0, 2), (2, 3)]  # composed
    assert mended("!?#", ["!", "?", "#"], [(0, 3)] * 3) == [(0, 1), (1, 2), (2, 3)]  # fused unknowns


def test_special_positions_have_no_span():
    spans = from_offsets("a", entries(["<s>", "a", "</s>"]), [(0, 0), (0, 1), (0, 0)], [True, False, True])
    assert spans == (None, (0, 1), None)
