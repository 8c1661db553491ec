"""What is chosen in an attention explorer, and how it is read from the browser.

Inside: `Selection`, `selection_from_browser`. Not inside: the widgets and the link that mirror it
(ui/explorer/head_pickers.py), its options (choices.py), drawing (JavaScript).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from ui.components.choices import CUT, METRIC, PICTURE, SHARE, SYNTAX, Cut, Picture

Direction = Literal["query", "key"]


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


def selection_from_browser(state: Mapping[str, Any]) -> Selection:
    """The selection that a browser sent; lists become tuples, unknown fields are left out."""
    known = {field.name: state[field.name] for field in fields(Selection) if field.name in state}
    known["words"] = tuple(known.get("words", ()))
    known["heads"] = tuple((layer, head) for layer, head in known.get("heads", ()))
    return Selection(**known)
