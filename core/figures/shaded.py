"""Words of a sentence as shaded chips, each with its number below it: running text that breaks where the screen ends.

HTML made of spans and inline colours alone; every text is escaped. The colour is never the only carrier: the number is
always written. Not here: plotly."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from .theme import INK, PAPER, QUIET, Look, ink_on, ramps, rgb

_CHIP = "display:inline-flex;flex-direction:column;align-items:center;margin:0 0.3rem 0.4rem 0;vertical-align:top"
_WORD = "padding:0.15rem 0.45rem;border-radius:0.25rem;font-size:1.2rem;line-height:1.5"
_NUMBER = "font-size:0.95rem;line-height:1.3;font-variant-numeric:tabular-nums"


def shaded(
    words: Sequence[str],
    values: Sequence[float] | np.ndarray,
    *,
    look: Look,
    notes: Sequence[str],
    reach: float = 1.0,
    signed: bool = False,
    strong: Sequence[int] = (),
    dashed: Sequence[int] = (),
) -> str:
    """values: one per word, 0 … reach, or −reach … reach with ``signed`` (two colours about the page's own). notes: the
    number under each word.

    strong: words with a frame; dashed: words with a dashed line under them (a model does not know them).
    """
    chips = [
        _chip(word, float(value), notes[i], look, reach, signed, i in strong, i in dashed)
        for i, (word, value) in enumerate(zip(words, values, strict=True))
    ]
    return f'<div style="max-width:100%">{"".join(chips)}</div>'


def _chip(
    word: str, value: float, note: str, look: Look, reach: float, signed: bool, strong: bool, dashed: bool
) -> str:
    colour = (_difference if signed else _share)(value / reach if reach > 0 else 0.0, look)
    style = f"{_WORD};background:{_hex(colour)};color:{ink_on(colour)}"
    style += f";outline:2px solid {INK[look.mode]}" if strong else ""
    style += f";border-bottom:3px dashed {QUIET[look.mode]}" if dashed else ""
    return (
        f'<span style="{_CHIP}"><span style="{style}">{escape(word)}</span><span '
        f'style="{_NUMBER}">{escape(note)}</span></span>'
    )


def _share(value: float, look: Look) -> np.ndarray:
    stops = np.array([rgb(colour) for colour in ramps()["attention"][look.mode]])
    position = min(max(value, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(position), len(stops) - 2)
    return stops[low] + (position - low) * (stops[low + 1] - stops[low])


def _difference(value: float, look: Look) -> np.ndarray:
    """From the page's own colour at 0 to one of the two at ±1."""
    end = rgb(ramps()["difference"][look.mode]["more" if value > 0 else "less"])
    start = rgb(PAPER[look.mode])
    return start + min(abs(value), 1.0) * (end - start)


def _hex(colour: np.ndarray) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)
