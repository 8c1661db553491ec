"""Colours and layout that every figure shares. The data colours have one home: the components' ramps.json."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from ..assets import ASSETS
from ..written_numbers import percent_sign, thousands_beside, written, written_share

Mode = Literal["light", "dark"]


@dataclass(frozen=True)
class Look:
    """How a figure is to look and write: the page's mode, the sign between units and decimals, how much larger than
    usual (projectors).
    """

    mode: Mode = "light"
    decimal: str = ","
    size: float = 1.0

    @property
    def percent(self) -> str:
        """The sign after a percentage."""
        return percent_sign(self.decimal)

    def number(self, value: float, digits: int, *, signed: bool = False) -> str:
        """``−0,25``: a number as the language writes it."""
        return written(value, digits, self.decimal, signed=signed)

    def share(self, share: float, digits: int, *, signed: bool = False) -> str:
        """``12,3 %`` of a share 0 … 1."""
        return written_share(share, digits, self.decimal, signed=signed)


RAMPS = ASSETS / "components" / "shared" / "ramps.json"
MAX_COLUMN_NAMES = 24  # names over the columns of a table, at most
INK = {"light": "#1d1b26", "dark": "#ece6da"}
PAPER = {"light": "#fbf9f4", "dark": "#14151f"}
ZERO = {"light": "#f4f2ed", "dark": "#1b1c26"}
"""The paper with a trace of grey: a cell of nothing is still a cell."""
QUIET = {"light": "#6a6675", "dark": "#a5a2ad"}


@cache
def ramps() -> dict:
    """The data colours by name and mode."""
    return json.loads(RAMPS.read_text(encoding="utf-8"))


def attention_scale(mode: Mode) -> list[tuple[float, str]]:
    """Plotly colour scale of attention, for values 0 … the end of the axis."""
    stops = ramps()["attention"][mode]
    return [(index / (len(stops) - 1), colour) for index, colour in enumerate(stops)]


def rgb(colour: str) -> np.ndarray:
    """(3,) 0 … 1 of ``#rrggbb``."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def ink_on(colour: np.ndarray) -> str:
    """Black or white on (3,) 0 … 1, whichever stands out more (WCAG relative luminance): at least 4.58 to 1."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ (0.2126, 0.7152, 0.0722))
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def label(text: str) -> str:
    """User text inside a plotly figure: plotly reads a small HTML, so its signs are escaped."""
    return escape(text, quote=False)


def name_ticks(names: Sequence[str], most: int = 48) -> dict[str, list]:
    """Ticks at names along an axis, every second or third of them where there are more than ``most``: a column needs
    the height of a letter, a row less.
    """
    ticks = list(range(0, len(names), -(-len(names) // most) or 1))
    return {"tickvals": ticks, "ticktext": [label(names[index]) for index in ticks]}


def span(*series: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Smallest and largest of all numbers that are finite, 0 among them."""
    numbers = np.concatenate([[0.0], *(np.asarray(values, float) for values in series)])
    finite = numbers[np.isfinite(numbers)]
    return float(finite.min()), float(finite.max())


def share_ticks(low: float, high: float, look: Look, *, most: int = 6, sign: str = "") -> dict[str, list]:
    """Ticks of an axis of shares between ``low`` and ``high`` (1: all), as the language writes a percentage; at round
    steps, at most about ``most``.
    sign: ``+`` where shares are differences."""
    step = _step((high - low) / most or 1.0)
    digits = max(0, -math.floor(math.log10(100 * step) + 1e-9))
    values = [step * i for i in range(math.floor(low / step), math.ceil(high / step) + 1)]
    return {"tickvals": values, "ticktext": [_percentage(value, digits, sign, look) for value in values]}


def _step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``least``."""
    power = 10 ** math.floor(math.log10(least) + 1e-9)
    return next(digit * power for digit in (1, 2, 5, 10) if digit * power >= least * (1 - 1e-9))


def _percentage(value: float, digits: int, sign: str, look: Look) -> str:
    """``-0.05`` → ``−5 %``."""
    return look.share(value, digits, signed=bool(sign))


def finish(figure: go.Figure, look: Look, *, height: int) -> go.Figure:
    """The shared layout: transparent paper, ink of the theme, tight margins, fonts large enough for a projector."""
    figure.update_layout(
        height=round(height * (1 + look.size) / 2),
        margin={"l": 56, "r": 8, "t": 40, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": '"Source Sans", sans-serif', "size": 15 * look.size, "color": INK[look.mode]},
        hoverlabel={"font": {"size": 15 * look.size}},
        separators=look.decimal + thousands_beside(look.decimal),
    )
    for note in figure.layout.annotations:
        note.font.size = (note.font.size or 15) * look.size
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure
