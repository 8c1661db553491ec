"""The packet: what goes in comes out, nothing is larger than it may be, nothing is invented."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.errors import BadInput
from core.views.attention_packet import (
    EXACT_WINDOW,
    MAGIC,
    MAX_EXACT,
    MAX_PACKET,
    Overview,
    exact_span,
    max_pooled,
    overview,
    pack_attention,
    unpack_attention,
)
from core.views.head_metrics import head_metrics


@dataclass(frozen=True)
class FakeSide:
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def special(self) -> tuple[bool, ...]:
        return tuple(label.startswith("[") for label in self.labels)

    @property
    def unknown(self) -> tuple[bool, ...]:
        return (False,) * len(self.labels)

    opening = None

    @property
    def positions(self) -> tuple[int, ...]:
        return tuple(range(len(self.labels)))


@dataclass(frozen=True, eq=False)
class FakeView:
    query: FakeSide
    key: FakeSide
    maps: np.ndarray
    kind: str = "self"
    renormalised: bool = False
    made: list[tuple[int, int]] = field(default_factory=list)
    others: dict[int, str] = field(default_factory=dict)

    @property
    def layers(self) -> int:
        return self.maps.shape[0]

    @property
    def attending(self) -> tuple[int, ...]:
        return tuple(layer for layer in range(self.layers) if layer not in self.others)

    @property
    def heads(self) -> int:
        return self.maps.shape[1]

    def head_and_hidden(self, layer: int, head: int) -> tuple[np.ndarray, np.ndarray]:
        self.made.append((layer, head))
        return self.maps[layer, head], self.hidden(layer, head)

    def layer_and_hidden(self, layer: int) -> tuple[np.ndarray, np.ndarray]:
        one_by_one = [self.head_and_hidden(layer, head) for head in range(self.heads)]
        return np.stack([attention for attention, _ in one_by_one]), np.stack([hidden for _, hidden in one_by_one])

    def hidden(self, layer: int, head: int) -> np.ndarray:
        return np.linspace(0, 1, len(self.query), dtype=np.float32) * (head + 1) / self.heads


def softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return (weights / weights.sum(-1, keepdims=True)).astype(np.float32)


def realistic(layers: int, heads: int, rows: int, columns: int | None = None, seed: int = 0) -> FakeView:
    """Softmax of noise at the temperatures that trained heads have, some near the diagonal, some on the first token."""
    columns = rows if columns is None else columns
    rng = np.random.default_rng(seed)
    sharp = rng.uniform(1, 4, (layers, heads, 1, 1)).astype(np.float32)
    scores = rng.standard_normal((layers, heads, rows, columns), dtype=np.float32) * sharp
    distance = np.abs(np.arange(columns)[None] - np.arange(rows)[:, None]).astype(np.float32)
    scores -= distance * rng.uniform(0, 0.5, (layers, heads, 1, 1)).astype(np.float32)
    scores[..., 0] += 2
    names = FakeSide(tuple(f"q{i}" for i in range(rows))), FakeSide(tuple(f"k{i}" for i in range(columns)))
    return FakeView(*names, softmax(scores))


def test_round_trip_is_exact_for_the_chosen_head_and_close_for_the_others() -> None:
    view = realistic(3, 5, 7, 11)
    detail, heads = unpack_attention(pack_attention(view, layer=2, head=4, texts={"a": "á"}, heads=overview(view)))
    np.testing.assert_array_equal(detail["exact"], view.maps[2, 4])
    np.testing.assert_array_equal(detail["hidden"], view.hidden(2, 4))
    assert heads is not None and not heads["pooled"]
    assert heads["heads"].shape == (3, 5, 7, 11)
    assert np.abs(heads["heads"] - view.maps).max() <= 0.5 / 65535 + 1e-7
    assert np.abs(heads["hidden"][1, 3] - view.hidden(1, 3)).max() <= 0.5 / 65535 + 1e-7
    assert (
        detail["texts"] == {"a": "á"} and detail["query"]["labels"][0] == "q0" and detail["key"]["labels"][-1] == "k10"
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=8), max_size=6), st.integers(0, 2**32 - 1), st.booleans())
def test_any_labels_and_any_maps_survive(labels: list[str], seed: int, signed: bool) -> None:
    rng = np.random.default_rng(seed)
    maps = rng.random((1, 2, len(labels), len(labels)), dtype=np.float32) - (0.5 if signed else 0)
    view = FakeView(FakeSide(tuple(labels)), FakeSide(tuple(labels)), maps)
    detail, heads = unpack_attention(pack_attention(view, layer=0, head=1, texts={}))
    assert heads is None
    np.testing.assert_array_equal(detail["exact"], maps[0, 1])
    assert len(detail["query"]["labels"]) == len(labels)


def test_markup_travels_verbatim_and_invisible_characters_become_visible() -> None:
    labels = ("<s>", "<img src=x onerror=alert(1)>", "&lt;", "a\u200bb", "שלום")
    view = FakeView(FakeSide(labels), FakeSide(labels), np.eye(5, dtype=np.float32)[None, None])
    detail, _ = unpack_attention(pack_attention(view, layer=0, head=0, texts={}))
    shown = detail["key"]["labels"]
    assert shown[:3] == list(labels[:3]) and shown[4] == labels[4]
    assert "\u200b" not in shown[3] and shown[3].startswith("a") and shown[3].endswith("b") and len(shown[3]) > 2


def test_144_heads_of_128_tokens_stay_whole_and_below_the_limit() -> None:
    view = realistic(12, 12, 128)
    heads = overview(view)
    packet = pack_attention(view, layer=0, head=0, texts={}, heads=heads)
    _, read = unpack_attention(packet)
    assert len(packet) <= MAX_PACKET
    assert read is not None and not read["pooled"] and read["heads"].shape == (12, 12, 128, 128)
    assert np.abs(read["heads"][5] - view.maps[5]).max() <= 0.5 / 255 + 1e-7


def test_144_heads_of_64_tokens_keep_16_bits() -> None:
    view = realistic(12, 12, 64)
    _, read = unpack_attention(pack_attention(view, layer=0, head=0, texts={}, heads=overview(view)))
    assert np.abs(read["heads"] - view.maps).max() <= 0.5 / 65535 + 1e-7


def test_a_lower_limit_takes_fewer_levels_before_it_takes_thumbnails() -> None:
    view = realistic(12, 12, 64)
    whole = len(overview(view).body)
    for limit, levels in [(whole + 20_000, 65535), (260_000, 255), (200_000, 127)]:
        _, read = unpack_attention(pack_attention(view, layer=0, head=0, texts={}, heads=overview(view, limit=limit)))
        assert read["tops"] == {"heads": levels} and not read["pooled"]
        assert np.abs(read["heads"] - view.maps).max() <= 0.5 / levels + 1e-7
    assert unpack_attention(pack_attention(view, layer=0, head=0, texts={}, heads=overview(view, limit=100_000)))[1][
        "pooled"
    ]


def test_long_sentences_send_thumbnails_and_one_exact_head() -> None:
    view = realistic(2, 2, 300)
    detail, read = unpack_attention(pack_attention(view, layer=1, head=0, texts={}, heads=overview(view)))
    np.testing.assert_array_equal(detail["exact"], view.maps[1, 0])
    assert read["pooled"] and read["heads"].shape == (2, 2, 64, 64) and read["hidden"].shape == (2, 2, 300)
    assert read["heads"].max() == pytest.approx(view.maps.max(), abs=1 / 255)


def test_many_long_heads_shrink_until_they_fit() -> None:
    rng = np.random.default_rng(0)
    view = FakeView(
        *[FakeSide(tuple("ab" * 100))] * 2,
        rng.random((16, 20, 1, 1), dtype=np.float32) * rng.random((200, 200), dtype=np.float32),
    )
    packet = pack_attention(view, layer=0, head=0, texts={}, heads=overview(view))
    assert len(packet) <= 1.1 * MAX_PACKET


def test_beyond_512_positions_a_window_and_its_place() -> None:
    view = realistic(1, 2, 520)
    detail, _ = unpack_attention(pack_attention(view, layer=0, head=1, texts={}, start=(100, 9999)))
    assert detail["window"] == {"query": [100, 100 + EXACT_WINDOW, 520], "key": [520 - EXACT_WINDOW, 520, 520]}
    np.testing.assert_array_equal(detail["exact"], view.maps[0, 1, 100:356, 264:520])
    assert detail["query"]["positions"][0] == 100 and len(detail["hidden"]) == EXACT_WINDOW


@given(st.integers(0, 5000), st.integers(-10, 6000))
def test_a_window_lies_inside_the_axis(size: int, first: int) -> None:
    start, stop = exact_span(size, first)
    assert 0 <= start <= stop <= size and stop - start == (size if size <= MAX_EXACT else EXACT_WINDOW)


def test_pooling_keeps_the_largest_weight_of_every_block() -> None:
    maps = np.zeros((1, 4, 6), np.float32)
    maps[0, 3, 5] = 0.7
    small = max_pooled(maps, 2)
    assert small.shape == (1, 2, 2) and small[0, 1, 1] == np.float32(0.7) and small.sum() == np.float32(0.7)


def test_an_overview_that_the_browser_has_is_not_sent_again() -> None:
    view = realistic(2, 3, 8)
    heads = overview(view)
    full, short = (
        pack_attention(view, layer=0, head=0, texts={}, heads=heads, known=known) for known in (None, heads.name)
    )
    assert len(full) - len(short) == len(heads.body)
    detail, read = unpack_attention(short)
    assert read is None and detail["overview"] == heads.name
    assert overview(view) == heads and overview(realistic(2, 3, 8, seed=1)).name != heads.name


@pytest.mark.parametrize("size", [6, 140])
def test_every_head_is_computed_once(size: int) -> None:
    view = realistic(2, 3, size)
    heads = overview(view)
    assert view.made == [(layer, head) for layer in range(2) for head in range(3)]
    view.made.clear()
    pack_attention(view, layer=1, head=0, texts={}, heads=heads)
    assert view.made == [(1, 0)]


def test_refusals() -> None:
    view = realistic(2, 2, 3)
    for layer, head in [(2, 0), (0, 2), (-1, 0)]:
        with pytest.raises(BadInput):
            pack_attention(view, layer=layer, head=head, texts={})
    with pytest.raises(BadInput):
        unpack_attention(b"PK\x03\x04 not a packet")
    assert pack_attention(view, layer=0, head=0, texts={}, heads=Overview("x", b""))[:4] == MAGIC


def test_the_mean_of_several_heads_is_exact() -> None:
    view = realistic(2, 3, 9)
    detail, _ = unpack_attention(pack_attention(view, layer=0, head=1, texts={}, beside=[(1, 2), (0, 1), (0, 0)]))
    assert detail["mean_of"] == [[0, 1], [1, 2], [0, 0]]
    np.testing.assert_array_equal(
        detail["mean"], np.mean([view.maps[0, 1], view.maps[1, 2], view.maps[0, 0]], axis=0, dtype=np.float32)
    )
    alone, _ = unpack_attention(pack_attention(view, layer=0, head=1, texts={}))
    assert "mean" not in alone
    with pytest.raises(BadInput):
        pack_attention(view, layer=0, head=0, texts={}, beside=[(2, 0)])


def test_every_head_has_its_numbers_even_where_only_thumbnails_travel() -> None:
    view = realistic(2, 3, 200)
    _, found = unpack_attention(pack_attention(view, layer=0, head=0, texts={}, heads=overview(view)))
    assert found["pooled"]
    expected = np.array(
        [[head_metrics(view.maps[i, j], view.query, view.key, paired=True) for j in range(3)] for i in range(2)]
    )
    np.testing.assert_allclose(found["metrics"], expected.transpose(2, 0, 1), rtol=1e-6)
