"""Syntactic dependencies of the example sentences, annotated by hand, as arcs between the words of a view.

Mirante has no parser: a sentence of one's own has none of these arcs. Relations: Universal Dependencies 2, from the
dependent to its head."""

from __future__ import annotations

import json
from functools import cache

from ..assets import ASSETS
from ..tracing.trace import Trace
from ..views.view import View

FILE = ASSETS / "examples" / "dependencies.json"

Arc = tuple[int, int, str]


def dependencies(trace: Trace, view: View) -> list[Arc]:
    """(row of the dependent, row of its head, relation) of a word view of an annotated sentence; empty for every other,
    and for cross-attention.
    """
    found = _annotated().get(trace.text.strip())
    tokens = trace.tokens
    if found is None or not view.words or view.kind not in ("self", "encoder"):
        return []
    places = [place for place, span in enumerate(tokens.word_spans) if span is not None]
    if [tokens.words[place] for place in places] != found["words"]:
        return []
    row = {position: i for i, position in enumerate(view.key.positions)}
    arcs = ((row.get(places[word]), row.get(places[head]), relation) for word, head, relation in found["arcs"])
    return [(word, head, relation) for word, head, relation in arcs if word is not None and head is not None]


@cache
def _annotated() -> dict[str, dict]:
    sentences = json.loads(FILE.read_text(encoding="utf-8"))["sentences"]
    return {one["text"]: one for one in sentences}
