"""Syntactic dependencies of the example sentences, annotated by hand, as arcs between the words of a view.

Mirante has no parser: a sentence of one's own has none of these arcs. Relations: Universal Dependencies 2, from the
dependent to its head."""

from __future__ import annotations

import json
from functools import cache

from ..assets import ASSETS
from ..tracing.trace import Trace
from ..views.view import View

_FILE = ASSETS / "examples" / "dependencies.json"

ArcOfView = tuple[int, int, str]


def dependencies(trace: Trace, view: View) -> list[ArcOfView]:
    """(row of the dependent, row of its head, relation) of a word view of an annotated sentence; empty for every other,
    and for cross-attention.
    """
    annotation = _annotated().get(trace.text.strip())
    tokens = trace.tokens
    if annotation is None or not view.words or view.kind not in ("self", "encoder"):
        return []
    places = [word for word, span in enumerate(tokens.word_spans) if span is not None]
    if [tokens.words[word] for word in places] != annotation["words"]:
        return []
    row = {position: i for i, position in enumerate(view.key.positions)}
    arcs = ((row.get(places[word]), row.get(places[head]), relation) for word, head, relation in annotation["arcs"])
    return [(word, head, relation) for word, head, relation in arcs if word is not None and head is not None]


@cache
def _annotated() -> dict[str, dict]:
    sentences = json.loads(_FILE.read_text(encoding="utf-8"))["sentences"]
    return {sentence["text"]: sentence for sentence in sentences}
