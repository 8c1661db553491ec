"""Over which sentences a page measures: the one of the panel, the examples, or the visitor's last list.

The list itself is read on the page "My sentences" (ui/pages/my_sentences/reading.py), which leaves it in the session
under ``KEPT_LIST``.
"""

from __future__ import annotations

import streamlit as st

from ..serving import cache
from ..shell.locale import t
from ..shell.named_choice import pick_named
from ..shell.state import Chosen
from ..top_bar.sentence import examples

KEPT_LIST = "_last_list"
_SOURCE = "over"
_MAX_SENTENCES = 200  # of a list


def pick_sentences(chosen: Chosen) -> tuple[str, ...]:
    """This sentence, the examples, or the visitor's own list."""
    own_list = getattr(st.session_state.get(KEPT_LIST), "sentences", ())
    names = {
        "this": t("This sentence"),
        "examples": t("The examples"),
        **({"mine": t("My sentences ({n})", n=len(own_list))} if own_list else {}),
    }
    source = pick_named(
        t("Compute over"),
        names,
        key=_SOURCE,
        default="examples",
        help=t("What a head does can be said only from many sentences. Your own list comes from My sentences."),
    )
    if source == "mine":
        return tuple(own_list[:_MAX_SENTENCES])
    language = "en" if cache.language_model(chosen).kind == "encoder-decoder" else "pt"
    return (chosen.sentence,) if source == "this" else tuple(example["text"] for example in examples(language))
