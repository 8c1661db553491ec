"""What is chosen in the explorer beside its head, in the link: held words, other heads, picture, metric, threshold.

``token=12:cheio`` (again for every held word), ``side=key`` (who looks at it), ``to=7:copo`` (the other end of a held cell),
``heads=4.3,2.1`` (beside the head in view), ``picture=lines``, ``metric=entropy``, ``cut=least``, ``share=5`` (per cent). Defaults stay out
of the link. What a link asks for and these maps do not have is left out; words are found again where hiding special tokens or
merging pieces has moved them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from core.habits import METRICS
from core.view import Side, View

from .components.attention import chosen
from .components.selection import PICTURES, SHARES, Selection
from .heads import follow_head, say_beyond
from .locale import plain, t

TOKEN, SIDE, TO, HEADS, PICTURE, METRIC, CUT, SHARE = "token", "side", "to", "heads", "picture", "metric", "cut", "share"


def asked(view: View, head: tuple[int, int]) -> Selection:
    """What the link asks for, with the (layer, head) of the pickers."""
    direction = "key" if st.query_params.get(SIDE) == "key" else "query"
    sides = {"query": view.query, "key": view.key}
    other = "query" if direction == "key" else "key"
    words = _places(sides[direction], st.query_params.get_all(TOKEN))
    to = _places(sides[other], st.query_params.get_all(TO))[:1] if len(words) == 1 else []
    cut = "least" if st.query_params.get(CUT) == "least" else "top"
    return Selection(
        *head, **{direction: words[0] if words else None, other: to[0] if to else None}, direction=direction, words=tuple(words[1:]),
        heads=_heads(view, st.query_params.get(HEADS, "")), picture=_known(PICTURE, PICTURES), metric=_known(METRIC, METRICS),
        cut=cut, share=_share(st.query_params.get(SHARE, ""), SHARES[cut]),
    )  # fmt: skip


def follow(key: str, view: View) -> None:
    """Callback of the explorer ``key``: its head goes into the pickers, everything else into the link."""
    follow_head(key)
    if (found := chosen(key)) is None:
        return
    write_words(found, view)
    _write(HEADS, [",".join(f"{layer + 1}.{head + 1}" for layer, head in found.chosen_heads[1:])] if found.heads else [])
    _write(METRIC, [found.metric] if found.metric != METRICS[0] else [])


def write_words(found: Selection | None, view: View) -> None:
    """Held words, picture and threshold into the link."""
    if found is None:
        return
    sides = {"query": view.query, "key": view.key}
    other = "query" if found.direction == "key" else "key"
    end = getattr(found, other)
    _write(TOKEN, [_name(sides[found.direction], i) for i in [getattr(found, found.direction), *found.words] if _inside(i, sides[found.direction])])
    _write(TO, [_name(sides[other], end)] if _inside(end, sides[other]) and found.held else [])
    _write(SIDE, ["key"] if found.direction == "key" else [])
    _write(PICTURE, [found.picture] if found.picture != PICTURES[0] else [])
    _write(CUT, [found.cut] if found.cut != "top" else [])
    _write(SHARE, [f"{round(100 * found.share)}"] if round(found.share, 4) != SHARES[found.cut] else [])


def missing_words(view: View) -> list[str]:
    """Labels of held words in the link that this sentence does not have: the page says so instead of showing another."""
    side = view.key if st.query_params.get(SIDE) == "key" else view.query
    labels = [token.partition(":")[2] for token in st.query_params.get_all(TOKEN)]
    return [label for label in labels if label and label not in side.labels]


def say_missing(view: View) -> None:
    """One line where the link asks for a head, or holds a word, that is not there."""
    say_beyond(view)
    if missing := missing_words(view):
        st.caption(t("This link holds a word that the sentence does not have ({words}); nothing is held instead.", words=", ".join(map(plain, missing))))


def _places(side: Side, tokens: Sequence[str]) -> list[int]:
    """Rows of the words that the link names, in its order, none twice: of equal labels the nearest to where the link says."""
    found = (_place(side, token) for token in tokens[:32])
    return list(dict.fromkeys(place for place in found if place is not None))


def _place(side: Side, token: str) -> int | None:
    place, _, label = token.partition(":")
    rows = [row for row, shown in enumerate(side.labels) if shown == label]
    if not rows or not re.fullmatch(r"[0-9]{1,6}", place):
        return None
    return min(rows, key=lambda row: abs(row - int(place)))


def _heads(view: View, text: str) -> tuple[tuple[int, int], ...]:
    """``4.3,2.1``, counted from 1 → ((3, 2), (1, 0)): those that the view has, eight at most."""
    pairs = [(int(layer) - 1, int(head) - 1) for layer, head in re.findall(r"([0-9]{1,4})\.([0-9]{1,4})", text)]
    return tuple(dict.fromkeys((layer, head) for layer, head in pairs if 0 <= layer < view.layers and 0 <= head < view.heads))[:8]


def _known(key: str, options: Sequence[str]) -> str:
    value = st.query_params.get(key)
    return value if value in options else options[0]


def _share(text: str, default: float) -> float:
    return int(text) / 100 if re.fullmatch(r"[0-9]{1,3}", text) and int(text) <= 100 else default


def _inside(place: int | None, side: Side) -> bool:
    return place is not None and 0 <= place < len(side)


def _name(side: Side, place: int) -> str:
    return f"{place}:{side.labels[place]}"


def _write(key: str, values: list[str]) -> None:
    """Into the link, or out of it; an address that already says so is left alone (every write is a message to the browser)."""
    if st.query_params.get_all(key) == values:
        return
    if values:
        st.query_params[key] = values
    elif key in st.query_params:
        del st.query_params[key]
