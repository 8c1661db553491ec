"""The views of the page "Mask a word": where the mask looks, the answer, and the heads that moved it.

Not here: which words are hidden (ui/explorer/edited_sentence.py).
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.analyses.ablation import ablations
from core.analyses.head_sets import farthest
from core.analyses.score import LogitDifference, piece
from core.axes import head_name
from core.errors import BadInput
from core.figures.grid import grid
from core.predictions.masked import probabilities
from core.predictions.top import top
from core.tracing.trace import Trace
from core.views.view import View

from ...components.attention import Offer, attention_explorer
from ...components.selection import Selection
from ...explorer.carried import HEAD, LAYER
from ...explorer.edited_sentence import hidden_places, hidden_words, hide, words_of
from ...explorer.head_notation import head_notation
from ...explorer.head_pickers import follow_head, pick_head
from ...explorer.question import AGAINST, ALONE, ANSWER, WORD, answer_names, number
from ...explorer.run_cost import run_seconds
from ...explorer.view_options import budget_names
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import ROOT, beside_title
from ...shell.locale import percent, plain, short_percent, t, tn
from ...shell.state import SENTENCE, Chosen
from ...top_bar.model_fit import STAY

_EXPLORER = "masking"
_EXAMPLE = "O {mask} está sentado no sofá."
_HEADS_NAMED = 3  # heads that are named


def show_mask_attention(trace: Trace, chosen: Chosen, changes: np.ndarray | None) -> tuple[View, Selection]:
    """Draw the explorer with the first mask held; returns its view and selection.

    An untouched page opens with the head whose loss costs the answer most, and a button leads there from another one.
    changes: (layer, head), the change of the answer's logit without each head, where it is known.
    """
    view = cache.view(trace, "self", words=True, specials=True, renormalise=False)
    first = (
        cache.first_head(trace, "self")
        if changes is None
        else tuple(map(int, np.unravel_index(int(changes.argmin()), changes.shape)))
    )
    with beside_title():
        head = pick_head(view, first=first)
        if changes is not None and head != first and changes.min() < 0:
            name = head_name(*first, t("L"))
            st.button(
                t("Show {head}, whose loss costs the answer most", head=name),
                key="mask_mover",
                on_click=_go,
                args=first,
            )
    masks = _masks(trace, chosen)
    row = trace.tokens.word_of[masks[0]] if masks else None
    selection = attention_explorer(
        view,
        Selection(*head, query=row),
        key=_EXPLORER,
        on_select=lambda: follow_head(_EXPLORER),
        names=budget_names(trace, view),
        offer=Offer(words="below"),
    )
    return view, selection


def _go(layer: int, head: int) -> None:
    """Callback: choose this head."""
    st.session_state[LAYER], st.session_state[HEAD] = layer + 1, head + 1


def say_answer(trace: Trace, chosen: Chosen) -> None:
    """Say what the model expects behind the mask, and what it gave the hidden words; with no mask, say what to do."""
    masks = _masks(trace, chosen)
    if not masks:
        _begin(chosen)
        return
    model, hidden = cache.language_model(chosen), hidden_words(chosen)
    predicted = [
        f"**{plain(prediction.piece)}** {short_percent(prediction.probability)}"
        for prediction in top(model.tokenizer, trace, masks[0], 3)
    ]
    parts = [
        t("behind the mask the model expects {words}", words=", ".join(predicted))
        if len(masks) == 1
        else t("behind the first mask the model expects {words}", words=", ".join(predicted))
    ]
    for position, word in zip(masks, hidden if len(hidden) == len(masks) else [], strict=False):
        try:
            share = percent(float(probabilities(trace, position)[piece(model, word)]))
            parts.append(t("to the hidden word **{word}** the model gives {share}", word=plain(word), share=share))
        except BadInput:
            parts.append(t("the hidden word **{word}** has no whole entry in its vocabulary", word=plain(word)))
    text = "; ".join(parts)
    st.markdown("##### " + text[:1].upper() + text[1:] + ".")


def _begin(chosen: Chosen) -> None:
    """Offer a word to hide, and an example, where nothing is hidden yet."""
    mask = cache.language_model(chosen).tokenizer.mask_token
    st.info(t("No word is hidden yet: click one above, or write {mask} into the sentence.", mask=plain(mask)))
    example = _EXAMPLE.format(mask=mask)
    words = words_of(chosen)
    with st.container(horizontal=True):
        if words:
            word_index, word = words[-1]
            st.button(
                t("Hide “{word}”", word=plain(word)),
                key="mask_last",
                type="primary",
                on_click=hide,
                args=(chosen, word_index),
            )
        if chosen.sentence != example:
            st.button(plain(example), key="mask_example", on_click=_example, args=(example,))


def _example(text: str) -> None:
    """Callback: the example becomes the sentence."""
    st.session_state[SENTENCE] = text


def show_head_effects(trace: Trace, chosen: Chosen) -> np.ndarray | None:
    """Take every head out alone, draw how the answer's logit changes, and say which heads move it most.

    Returns the change at the first mask, (layer, head) in nats; None while it is not known.
    """
    masks, model = _masks(trace, chosen), cache.language_model(chosen)
    if not masks or model.layout.adapter != "seam":
        return None
    answer, question, against = _question(trace, masks[0], chosen)
    heads = trace.layers() * trace.heads()
    seconds = heads * run_seconds(model, trace)
    st.markdown(
        t(
            "**Which head moved the answer?** Each is taken out alone (its output becomes zero), and it is read again "
            "how far the logit of **{answer}** stands above that of **{against}**, its first rival (as on Causes).",
            answer=plain(answer),
            against=plain(against),
        )
    )
    effects = work(
        (trace, question, "mask"),
        lambda progress: ablations(model, trace, question, progress=progress),
        seconds=seconds,
        name="movers",
    )
    if effects is None:
        return None
    changes = effects[0]
    _say_losses(changes)
    hover = [
        [f"{head_name(i, j, t('L'))}: {number(float(changes[i, j]))} nats" for j in range(changes.shape[1])]
        for i in range(changes.shape[0])
    ]
    rows, columns = [f"{t('L')}{i + 1}" for i in range(changes.shape[0])], [str(j + 1) for j in range(changes.shape[1])]
    chart(grid(changes, rows, columns, look=look(), hover=hover, signed=True, below=t("Head")), key="movers_map")
    st.caption(t("Orange: without it the answer gains; blue: it loses.") + " " + head_notation())
    _link_to_causes(chosen, answer, against)
    return changes


def _say_losses(changes: np.ndarray) -> None:
    order = np.argsort(changes, axis=None)[:_HEADS_NAMED]
    gains, most = int((changes > 0).sum()), farthest(changes)
    losses = [
        (head_name(*map(int, np.unravel_index(i, changes.shape)), t("L")), float(changes.flat[i]))
        for i in order
        if changes.flat[i] < 0
    ]
    if not losses:
        st.markdown(t("No head alone, taken out, makes this answer less likely."))
    if changes[most] > 0:
        st.markdown(
            t(
                "The largest of all {n} changes is a gain: without **{head}** it stands {change} nats higher.",
                n=changes.size,
                head=head_name(*most, t("L")),
                change=number(float(changes[most])),
            )
        )
    if not losses:
        return
    listed = " · ".join(f"**{name}** {number(change)}" for name, change in losses)
    n = len(losses)
    st.markdown(
        tn(
            "Of {all} heads the answer loses most without {listed} (nats); {gains} of them gain it something, and half "
            "move it by less than {middle}.",
            "Of {all} heads the answer loses most without these {n}: {listed} (nats); {gains} of them gain it "
            "something, and half move it by less than {middle}.",
            n,
            all=changes.size,
            listed=listed,
            gains=gains,
            middle=number(float(np.median(np.abs(changes)))).lstrip("+"),
        )
    )


def _link_to_causes(chosen: Chosen, answer: str, against: str) -> None:
    """Draw the link to the page Causes, with the same word asked for, where one word of the sentence is hidden."""
    places = hidden_places(chosen)
    if len(places) == 1:
        query = {
            "model": chosen.model,
            "sentence": chosen.sentence,
            "lang": chosen.language,
            WORD: places[0],
            ANSWER: answer,
            AGAINST: against,
            STAY: "true",
        }
        text = t("More about what caused it: several heads, edges, patching")
        st.page_link(ROOT / "pages" / "causa.py", label=f":primary[{plain(text)}]", query_params=query)


def _question(trace: Trace, position: int, chosen: Chosen) -> tuple[str, LogitDifference, str]:
    """(answer, question, rival): the hidden word where it is one piece, else the most probable one, against the most
    probable other word: the question that Causes asks first.
    """
    model, hidden = cache.language_model(chosen), hidden_words(chosen)
    true = None
    if hidden and len(hidden) == len(_masks(trace, chosen)):
        try:
            true = piece(model, hidden[0])
        except BadInput:
            pass  # no whole entry: the model's own first choice is asked for
    names = answer_names(model, trace, position, true)
    (answer, target), (against, foil) = [*names.items(), (ALONE, None)][:2]
    return answer, LogitDifference(position, target, foil), against


def _masks(trace: Trace, chosen: Chosen) -> list[int]:
    mask = cache.language_model(chosen).tokenizer.mask_token_id
    return [position for position, id_ in enumerate(trace.tokens.ids) if id_ == mask]
