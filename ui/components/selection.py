"""What is chosen in an attention explorer, and how it is read from the browser.

Inside: `Selection`, `selection_from_browser`; `places_from_browser` for the components that choose less. Not inside:
the widgets and the link that mirror it (ui/explorer/head_pickers.py), its options (choices.py), drawing (JavaScript).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from ui.components.choices import CUT, DRAWN, METRIC, PICTURE, SHARE, SYNTAX, Cut, Picture

Direction = Literal["query", "key"]
MOST_WORDS, MOST_HEADS, MOST_PLACES = 32, 8, 1_000_000  # assets/components/attention/selection.js


@dataclass(frozen=True)
class Selection:
    """What is chosen, counted from 0.

    layer, head: the head in view; ``heads``: others chosen beside it. query, key: the row or column of the view that is
    held, if any; ``words``: others held on the side that ``direction`` names. picture, metric: what is drawn. cut,
    share: which links are drawn: in each row the strongest that reach ``share`` ("top"), or those of at least ``share``
    ("least"). syntax: dependencies beside the arcs."""

    layer: int
    head: int
    query: int | None = None
    key: int | None = None
    direction: Direction = "query"
    words: tuple[int, ...] = ()
    heads: tuple[tuple[int, int], ...] = ()
    picture: Picture = PICTURE.default
    metric: str = METRIC.default
    cut: Cut = CUT.default
    share: float = SHARE.default
    syntax: bool = SYNTAX.default

    @property
    def chosen_heads(self) -> list[tuple[int, int]]:
        """Every chosen head, the one in view first; none twice."""
        return list(dict.fromkeys([(self.layer, self.head), *self.heads]))

    @property
    def held(self) -> list[int]:
        """Every held row (or column, as ``direction`` says), in the order of the sentence."""
        first = self.query if self.direction == "query" else self.key
        return [] if first is None else sorted({first, *self.words})


def selection_from_browser(state: Mapping[str, Any]) -> Selection | None:
    """The selection that a browser sent: lists become tuples, each item once and no more than our component sends;
    unknown fields are left out. None for what no component of ours sends.
    """
    known = {field.name: state[field.name] for field in fields(Selection) if field.name in state}
    words, heads = known.get("words", ()), known.get("heads", ())
    if not isinstance(words, list | tuple) or not isinstance(heads, list | tuple):
        return None
    try:
        known["words"] = tuple(dict.fromkeys(words[:MOST_WORDS]))
        known["heads"] = tuple(dict.fromkeys((layer, head) for layer, head in heads[:MOST_HEADS]))
        numbers = [known["layer"], known["head"], *known["words"], *sum(known["heads"], ())]
        places = [known.get("query"), known.get("key")]
    except (TypeError, ValueError, KeyError):
        return None
    if not all(map(_is_place, numbers)) or not all(place is None or _is_place(place) for place in places):
        return None
    if known.get("direction", "query") not in get_args(Direction):
        return None
    if any(known[choice.name] not in choice.values for choice in DRAWN if choice.name in known):
        return None
    return Selection(**known)


def places_from_browser(state: object, names: Sequence[str]) -> dict[str, int] | None:
    """The places and counters that a simpler component sent, by name; None for what none of ours sends."""
    if not isinstance(state, Mapping) or not all(_is_place(state.get(name)) for name in names):
        return None
    return {name: state[name] for name in names}


def _is_place(value: Any) -> bool:
    """A whole number from 0 that a map may have."""
    return type(value) is int and 0 <= value < MOST_PLACES
