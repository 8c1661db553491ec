"""From a weight to what it causes: a link from Explore to the page "Causes", for the same word, head and edge."""

from __future__ import annotations

import streamlit as st

from core.axes import head_name
from core.predictions.masked import can_mask
from core.text.tokens import Tokens
from core.tracing.trace import Trace
from core.views.view import Side, View

from ...components.selection import Selection
from ...explorer.question import WORD
from ...explorer.target_text import TARGET
from ...serving import cache
from ...shell.frame import ROOT
from ...shell.locale import plain, t
from ...shell.state import Chosen
from .link import ARRIVED, CHANGED_KIND, CUT_IN, HEADS_OUT, WITHOUT


def to_causes(chosen: Chosen, trace: Trace, view: View, selection: Selection) -> None:
    """A link to the experiment that cuts the held edge, or else takes the head in view out.

    The answer is asked at the held word, where the model can be asked for it.
    """
    model = cache.language_model(chosen)
    if not model.has_head or model.layout.adapter != "seam":
        return
    head, label = f"{selection.layer + 1}.{selection.head + 1}", head_name(selection.layer, selection.head, t("L"))
    query: dict[str, str] = {"model": chosen.model, "sentence": chosen.sentence, "lang": chosen.language}
    if trace.target is not None:
        query |= {CHANGED_KIND: view.kind, TARGET: trace.target.text}
    query_word = (
        None if view.kind == "encoder" else _word(trace.target or trace.tokens, view.query, selection.query, view)
    )
    if query_word is not None and (can_mask(model) or not query_word.startswith("0:")):
        query[WORD] = query_word
    key_word = _word(trace.sides(view.kind)[1], view.key, selection.key, view)
    if WORD in query and key_word is not None:
        query |= {ARRIVED: "words", CUT_IN: head, WITHOUT: key_word}
        text = t(
            "What follows if {head} may not look from “{query}” at “{key}”?",
            head=label,
            query=query_word.partition(":")[2],
            key=key_word.partition(":")[2],
        )
    else:
        query |= {ARRIVED: "heads", HEADS_OUT: head}
        text = t("What follows if {head} is taken out?", head=label)
    st.page_link(ROOT / "pages" / "causa.py", label=f":primary[{plain(text)}]", query_params=query)


def _word(tokens: Tokens, side: Side, held: int | None, view: View) -> str | None:
    """``12:cheio`` of a held row or column; None where none is held, or it is no word of the text."""
    if held is None or held >= len(side):
        return None
    word = side.positions[held] if view.words else tokens.word_of[side.positions[held]]
    return f"{word}:{tokens.words[word]}" if tokens.word_spans[word] is not None else None
