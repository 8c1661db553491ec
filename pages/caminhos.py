"""Paths: from which words does an answer come? Every method on one place, each beside its null."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.explorer.question import pose_or_place
from ui.explorer.state_size import state_size
from ui.explorer.token_pickers import window
from ui.pages.paths.mixing import show_mixing
from ui.pages.paths.pictures import offer_rows, pick_method, show_all, show_method
from ui.pages.paths.rows import maps_with_nulls
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Paths")) as chosen:
    posed = pose_or_place(chosen)
    trace, position = posed.trace, posed.position
    with beside_title():
        kind = (
            trace.kinds[0]
            if len(trace.kinds) == 1
            else st.segmented_control(
                t("Attention"),
                ("cross", "decoder"),
                default="cross",
                key="path_kind",
                format_func={"cross": t("Cross"), "decoder": t("Decoder")}.get,
                required=True,
            )
        )
    maps = maps_with_nulls(chosen, posed, kind)
    if maps is not None:
        side = trace.sides(kind)[1]
        with beside_title():
            method = pick_method(maps)
        visible_tokens = window(side, position if kind != "cross" else 0)
        show_method(chosen, posed, maps, method, side, visible_tokens, position)
        number_cards("caminhos", method)
        show_all(maps, side, visible_tokens, position, method)
        show_mixing(maps)
        offer_rows(posed, maps, position)
        number_cards("caminhos")
    state_size(trace, chosen)
    explain(
        t(
            "Each bar is what one input word gave, by the chosen method, to the position where the model "
            "answers. The black mark is the same method with attention spread evenly through the same mask; "
            "the circle is a model of the same shape that was never trained."
        ),
        t(
            "Change the method and watch the order change. Then choose another answer, or another word "
            "against it: only gradient × attention notices."
        ),
        t(
            "A bar far beyond its marks is something that this trained model does with this sentence, and "
            "not the shape of the network or of the mask."
        ),
        t(
            "Not why the model answered so. Where methods disagree, at most one can be right; Causes "
            "changes things and watches what follows, and Faithfulness says which order matters."
        ),
    )
