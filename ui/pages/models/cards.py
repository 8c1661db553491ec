"""The shipped models on a page: which one is looked at, what it is for, and the button that takes it into use.

Not here: pictures and tables of one model (ui.explorer.model_card), the film of a head being born
(ui.pages.models.film)."""

from __future__ import annotations

import streamlit as st

from core.models.cards import Card, read_card
from core.models.catalog import bundled_kind
from core.models.checkpoints import checkpoint_steps
from core.models.sources import shipped_names

from ...explorer.model_card import draw_shape
from ...shell.frame import ROOT
from ...shell.locale import error_text, plain, t
from ...shell.numbers import decimal, thousands
from ...shell.page_registry import TEXT_KINDS, pages_serving
from ...shell.state import MODEL, SENTENCE, Chosen, publish, settle
from ...top_bar.pickers import bundled_models
from ...top_bar.sentence import examples_for

CARD = "card"


def pick_card(chosen: Chosen) -> Card:
    """The card of one shipped model: the one in use first, if it is one of them."""
    names = (*bundled_models(), *(name for name in shipped_names() if name not in bundled_models()))
    settle(CARD, names, chosen.model if chosen.model in names else names[0])
    name = st.segmented_control(t("Bundled model"), names, key=CARD, persist_state="session", required=True)
    publish(CARD, name, "")
    return read_card(name)


def show_purpose(card: Card) -> None:
    """What the model does, the pages that it serves, and the way to use it."""
    texts = {
        "encoder": t("Reads the whole sentence at once and guesses hidden words. Its words look both ways."),
        "decoder": t(
            "Reads from left to right and says which word comes next. A word looks only at itself and "
            "at those before it."
        ),
        "encoder-decoder": t(
            "Reads an English sentence with its encoder and writes the translation with its decoder; "
            "between them, cross-attention. The sentence begins with >>fra<< or >>por<<."
        ),
        "vision": t("Cuts a picture into patches and says in which of 16 cells the red circle is."),
        "classifier": t("Reads a sentence through a small convolution and one attention vector: praise or blame."),
    }
    entry = card.entry
    film = t("A very small encoder, kept at many steps of its training: below, its heads are born. It knows little.")
    st.markdown(film if checkpoint_steps(entry.name) else texts[entry.kind])
    facts = [
        t("{n} million parameters", n=decimal(entry.parameters / 1e6, 2 if entry.parameters < 1e6 else 1)),
        t("{mb} MB", mb=decimal(entry.bytes / 1e6, 1)),
        _answers(card),
        t("weights under {licence}", licence=card.licence.upper()),
    ]
    st.caption(plain(" · ".join(facts)))
    _link_pages(entry.kind)
    if st.session_state.get(MODEL) == entry.name:
        st.caption(t("This is the model in use."))
    elif entry.kind in TEXT_KINDS:
        st.button(t("Use this model"), type="primary", on_click=_use, args=(entry.name,))


def _answers(card: Card) -> str:
    """How many entries its vocabulary has, or how many answers it chooses from."""
    n = thousands(card.entry.vocabulary)
    return t("{n} answers", n=n) if card.entry.kind == "vision" else t("{n} entries in the vocabulary", n=n)


def _link_pages(kind: str) -> None:
    """The pages that show a model of this kind, each a link; those of text models say that they use the one chosen."""
    with st.container(horizontal=True, gap="small"):
        st.caption(t("Pages that show it:"), width="content")
        for entry in pages_serving(kind):
            st.page_link(ROOT / "pages" / f"{entry.slug}.py", label=error_text(entry.title))


def show_shape(card: Card) -> None:
    """The drawing of the architecture, and how to read it."""
    if card.entry.kind == "classifier":
        st.caption(
            t(
                "Word vectors, one convolution, one vector that weighs the words, one number: the page Convolution "
                "opens each step."
            )
        )
        return
    draw_shape(card)
    parts = [t("From below: each square is a head, in the colour it has everywhere; L1, L2 … are the layers.")]
    if any(stack.cross for stack in card.shape.stacks):
        parts.append(t("Diamonds are heads of the cross-attention."))
    if any(stack.key_heads < stack.heads for stack in card.shape.stacks):
        parts.append(t("Circles are keys and values that the heads wired to them share (grouped-query attention)."))
    st.caption(" ".join(parts))


def _use(name: str) -> None:
    """Callback: the shared picker takes this model, and a translator a sentence that it can translate."""
    st.session_state[MODEL] = name
    if bundled_kind(name) == "encoder-decoder" and not st.session_state.get(SENTENCE, "").startswith(">>"):
        st.session_state[SENTENCE] = examples_for(name)[0]["text"]
