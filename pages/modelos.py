"""Models: the small family trained here, each with its shape, its training, its numbers and its card."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.explorer.explain import explain
from ui.explorer.model_card import show_card, show_curve, show_measures
from ui.explorer.number_cards import number_cards
from ui.pages.models.cards import pick_card, show_purpose, show_shape
from ui.pages.models.film import show_film
from ui.pages.models.hub_models import show_suggestions
from ui.shell.frame import beside_title, open_page, picture_beside_words
from ui.shell.locale import t

with open_page(t("Models")) as chosen:
    with beside_title():
        card = pick_card(chosen)
    shape, words = picture_beside_words()
    with shape:
        show_shape(card)
    with words:
        show_purpose(card)
        show_curve(card)
    st.markdown(t("Small models, trained by recipes of this project on public text; nothing is downloaded."))
    show_film(card.entry.name)
    show_measures(card)
    show_card(card)
    show_suggestions()
    explain(
        t(
            "The parts of a model, from the words below to its guess above; how it learned; what it can do, "
            "measured on text it never saw."
        ),
        t("Choose another model and compare shapes and numbers. Use one, and look at its heads in **Explore**."),
        t("A result counts beside its baseline and its interval: with few items (n), the interval is wide."),
        t(
            "These are teaching models: they know little of the world, and their texts carry the "
            "stereotypes of their sources."
        ),
    )
    number_cards("modelos")
