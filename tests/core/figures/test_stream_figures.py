"""The river of the residual stream, the ticks of shares and of names: what is drawn is what was given."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.bars import bars
from core.figures.spread import Group, spread
from core.figures.stream import river
from core.figures.theme import Look, name_ticks, share_ticks


def drawn(shares: list[float], **given):
    names = given.pop("names", [f"part {i}" for i in range(len(shares))])
    return river(
        shares,
        names,
        [i % 8 for i in range(len(shares))],
        [f"h{i}" for i in range(len(shares))],
        [f"f{i}" for i in range(len(shares) - 1)],
        look=Look(),
        end="last",
    )


@pytest.mark.parametrize("shares", [[1.0], [0.5, 0.5], [0.01, 0.04, 0.2, 0.05, 0.7], [1 / 49] * 49])
def test_every_part_has_its_width_and_the_stream_is_their_sum(shares: list[float]) -> None:
    figure = drawn(shares)
    n = len(shares)
    bars = [np.asarray(one.y) for one in figure.data if len(one.y) == 4]
    widths = [float(one[2] - one[0]) for one in bars]
    np.testing.assert_allclose(widths[:n], shares, atol=1e-9)
    np.testing.assert_allclose(widths[n:], np.cumsum(shares)[1:], atol=1e-9)
    bands = [np.asarray(one.y) for one in figure.data if len(one.y) == 50]
    assert len(bands) == 2 * (n - 1)
    for k, (stream, part) in enumerate(zip(bands[::2], bands[1::2], strict=True), 1):
        np.testing.assert_allclose(stream[::-1][:25] - stream[:25], sum(shares[:k]), atol=1e-9)
        np.testing.assert_allclose(part[::-1][:25] - part[:25], shares[k], atol=1e-9)
        assert part[24] == pytest.approx(stream[25]), "the part flows in right below the stream"


def test_no_flow_crosses_the_stream() -> None:
    bands = [one for one in drawn([0.05, 0.04, 0.2, 0.01, 0.4, 0.3]).data if len(one.y) == 50]
    streams, parts = bands[::2], bands[1::2]
    for k, part in enumerate(parts):
        for stream in streams[: k + 1]:
            x, below = np.asarray(stream.x)[:25], np.asarray(stream.y)[:24:-1]
            assert (np.interp(x, part.x[:25], part.y[:25]) - below).min() > -1e-9


def test_hovering_and_names_are_what_was_given_and_are_text() -> None:
    figure = drawn([0.2, 0.3, 0.5], names=["<b>", "C1 & co", "x"])
    assert list(figure.layout.yaxis.ticktext) == ["&lt;b&gt;", "C1 &amp; co", "x"]
    assert {one.text for one in figure.data} == {"h0", "h1", "h2", "f0", "f1", ""}
    assert all(one.hoverinfo == ("text" if one.text else "skip") for one in figure.data)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0, 1, ["0\u00a0%", "20\u00a0%", "40\u00a0%", "60\u00a0%", "80\u00a0%", "100\u00a0%"]),
        (0, 0.16, ["0\u00a0%", "5\u00a0%", "10\u00a0%", "15\u00a0%", "20\u00a0%"]),
        (0, 0.004, ["0,0\u00a0%", "0,1\u00a0%", "0,2\u00a0%", "0,3\u00a0%", "0,4\u00a0%"]),
        (0, 0, None),
        (-0.03, 0.16, ["−5\u00a0%", "0\u00a0%", "5\u00a0%", "10\u00a0%", "15\u00a0%", "20\u00a0%"]),
    ],
)
def test_ticks_of_shares_are_round_and_written_in_portuguese(low: float, high: float, texts: list[str] | None) -> None:
    ticks = share_ticks(low, high, Look())
    assert ticks["ticktext"] == (texts or ticks["ticktext"]) and len(ticks["tickvals"]) == len(ticks["ticktext"]) <= 9
    np.testing.assert_allclose(
        [
            float(text.rstrip("%").rstrip("\u00a0").replace(",", ".").replace("−", "-")) / 100
            for text in ticks["ticktext"]
        ],
        ticks["tickvals"],
        atol=1e-9,
    )


def test_a_difference_has_its_sign_and_english_its_own_spelling() -> None:
    assert share_ticks(-0.1, 0.1, Look(decimal="."), most=2, sign="+")["ticktext"] == ["−10%", "0%", "+10%"]


@pytest.mark.parametrize(
    ("n", "most", "shown"), [(0, 24, 0), (1, 24, 1), (24, 24, 24), (25, 24, 13), (40, 24, 20), (100, 24, 20)]
)
def test_of_many_names_every_second_or_third_stands_at_its_place(n: int, most: int, shown: int) -> None:
    names = [f"<{i}>" for i in range(n)]
    ticks = name_ticks(names, most)
    assert len(ticks["tickvals"]) == shown <= most and ticks["ticktext"] == [
        f"&lt;{place}&gt;" for place in ticks["tickvals"]
    ]


def test_numbers_that_are_none_leave_the_ticks_of_the_others() -> None:
    values = np.array([np.nan, 0.3, np.inf])
    first = bars(values, ["a", "b", "c"], look=Look(), hover=["a", "b", "c"], percent=True)
    second = spread([Group("heads", values, ["a", "b", "c"])], look=Look(), title="", percent=True)
    for figure in (first, second):
        assert list(figure.layout.xaxis.ticktext) == [
            "0\u00a0%",
            "5\u00a0%",
            "10\u00a0%",
            "15\u00a0%",
            "20\u00a0%",
            "25\u00a0%",
            "30\u00a0%",
        ]
    assert bars([], [], look=Look(), hover=[], percent=True).layout.xaxis.ticktext
