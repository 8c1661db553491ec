"""A transformer drawn from its shape: blocks upwards, one square per head, shared keys and values wired to their
heads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go

from ..models.architecture import Architecture, Stack
from .theme import INK, QUIET, Look, finish, label, ramps

_ROW, _GAP = 1.0, 0.45
_WIDTH = 10.0  # width of a stack, in the same unit as the rows' height


@dataclass(frozen=True)
class BlockRow:
    """One row of a block, from below: a bar with a text, or the heads of an attention."""

    y: float
    block: int  # its number, from 1; 0 outside the blocks
    kind: str  # embedding, attention, cross, inner, output


def architecture(shape: Architecture, words: Mapping[str, str], look: Look) -> go.Figure:
    """The drawing, bottom to top as the numbers flow.

    ``words``: the texts of the rows: encoder, decoder, embedding, attention, cross, inner (with {inner} for its
    neurons), output; layer (prefix of a block's name), keys (what the circles are)."""
    figure = go.Figure()
    tallest = 0.0
    for index, stack in enumerate(shape.stacks):
        left = index * (_WIDTH + 3)
        rows = _rows(stack, feeds_cross=stack.name == "encoder" and len(shape.stacks) > 1)
        tallest = max(tallest, rows[-1].y)
        for row in rows:
            _draw(figure, row, stack, left, words, look)
        _block_names(figure, rows, left, words["layer"], look)
        if len(shape.stacks) > 1:
            _note(figure, left + _WIDTH / 2, rows[-1].y + 1.1, f"<b>{label(words[stack.name])}</b>", look)
    right = (len(shape.stacks) - 1) * (_WIDTH + 3) + _WIDTH
    figure.update_xaxes(range=[-1.6, right + 0.2], visible=False, fixedrange=True)
    figure.update_yaxes(range=[-0.8, tallest + 1.6], visible=False, fixedrange=True)
    return finish(figure, look, height=round(90 + 30 * (tallest + 2)))


def _rows(stack: Stack, *, feeds_cross: bool) -> list[BlockRow]:
    """Rows from below; an encoder that feeds a decoder predicts nothing itself."""
    rows, y = [BlockRow(0, 0, "embedding")], _ROW + _GAP
    for block in range(1, stack.layers + 1):
        for kind in ("attention", *(("cross",) if stack.cross else ()), "inner"):
            rows.append(BlockRow(y, block, kind))
            y += _ROW
        y += _GAP
    return rows if feeds_cross else [*rows, BlockRow(y, 0, "output")]


def _draw(figure: go.Figure, row: BlockRow, stack: Stack, left: float, words: Mapping[str, str], look: Look) -> None:
    if row.kind in ("attention", "cross"):
        _heads(figure, row, stack, left, words, look)
        return
    text = words[row.kind].replace("{inner}", str(stack.inner))
    figure.add_shape(
        type="rect",
        x0=left,
        x1=left + _WIDTH,
        y0=row.y - 0.32,
        y1=row.y + 0.32,
        line={"color": QUIET[look.mode], "width": 1},
        fillcolor="rgba(0,0,0,0)",
    )
    _note(figure, left + _WIDTH / 2, row.y, label(text), look)


def _heads(figure: go.Figure, row: BlockRow, stack: Stack, left: float, words: Mapping[str, str], look: Look) -> None:
    """Squares of the heads, and below them, when shared, the keys and values with a wire to each head that uses
    them.
    """
    colours = ramps()["heads"][look.mode]
    step = _WIDTH / stack.heads
    x = [left + step * (head + 0.5) for head in range(stack.heads)]
    shared = stack.key_heads < stack.heads
    y = row.y + (0.16 if shared else 0)
    if shared:
        _keys(figure, x, row.y, stack, words, look)
    names = [f"{words['layer']}{row.block}·{head + 1}" for head in range(stack.heads)]
    figure.add_scatter(
        x=x,
        y=[y] * stack.heads,
        mode="markers",
        showlegend=False,
        customdata=names,
        marker={
            "symbol": "square" if row.kind == "attention" else "diamond",
            "size": 15,
            "color": [colours[h % len(colours)] for h in range(stack.heads)],
        },
        hovertemplate=f"%{{customdata}} · {label(words[row.kind])} · {stack.head_width}<extra></extra>",
    )


def _keys(figure: go.Figure, x: list[float], y: float, stack: Stack, words: Mapping[str, str], look: Look) -> None:
    per = stack.heads // stack.key_heads
    centres = [sum(x[g * per : (g + 1) * per]) / per for g in range(stack.key_heads)]
    wires_x = [value for head, at in enumerate(x) for value in (at, centres[head // per], None)]
    wires_y = [value for _ in x for value in (y + 0.16, y - 0.34, None)]
    figure.add_scatter(
        x=wires_x,
        y=wires_y,
        mode="lines",
        line={"color": QUIET[look.mode], "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=centres,
        y=[y - 0.34] * len(centres),
        mode="markers",
        showlegend=False,
        marker={"symbol": "circle-open", "size": 9, "color": INK[look.mode]},
        customdata=[f"{label(words['keys'])} {group + 1}" for group in range(len(centres))],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _block_names(figure: go.Figure, rows: list[BlockRow], left: float, prefix: str, look: Look) -> None:
    """C1 … CL at the left of each block."""
    for row in rows:
        if row.kind == "attention":
            _note(figure, left - 0.8, row.y + 0.5, f"{label(prefix)}{row.block}", look)


def _note(figure: go.Figure, x: float, y: float, text: str, look: Look) -> None:
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, font={"size": 14, "color": INK[look.mode]})
