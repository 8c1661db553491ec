"""The page Vision: a picture cut into patches, and where every head of a model looks in it."""

from ui.shell.frame import guard

guard()

import streamlit as st

from ui.components.patches import patch_attention
from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.vision.link import held_patch_choice, hold_patch_choice, pick_layer
from ui.pages.vision.model import pick_vision_model, run_on_picture, vision_model
from ui.pages.vision.patch_effects import show_patch_effects
from ui.pages.vision.picture import (
    DRAWN,
    drawn_picture,
    pick_distractors,
    pick_drawing,
    pick_picture_source,
    upload_picture,
)
from ui.pages.vision.pointing import show_pointing
from ui.pages.vision.views import cells_of, say_grids, say_limits, show_about, show_labels, target_of
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Vision")) as chosen:
    with beside_title():
        source = pick_picture_source()
        number = pick_drawing() if source == DRAWN else None
        layers = st.container(width="content")
        with st.popover(t("Options")):
            name = pick_vision_model()
            count, clutter = pick_distractors()
    picture = drawn_picture(number, count, clutter) if number is not None else upload_picture()
    vision = vision_model(name, chosen)
    if picture is not None:
        captured = run_on_picture(vision, picture)
        with layers:
            layer = pick_layer(captured, name)
        say_limits(vision, picture)
        choice, target = held_patch_choice(captured, layer, name), target_of(vision, picture)
        patch_attention(
            captured,
            choice,
            key="patches",
            on_choose=lambda: hold_patch_choice("patches", captured),
            question=t("Where is the red circle?") if picture.scene and vision.cells else "",
            cells=cells_of(vision, captured, picture),
            target=target,
        )
        say_grids(vision, captured)
        show_labels(vision, captured)
        show_patch_effects(vision, captured, picture, choice, target)
    show_pointing(chosen, name, clutter)
    show_about(name)
    explain(
        t(
            "The picture as the model reads it, cut into patches. One position looks; where it looks, the "
            "veil is thin. The small pictures are the heads of the layer, and rollout through all layers "
            "beside its null."
        ),
        t(
            "Click a patch and watch its row in every head. Go back to [CLS], which gathers the answer, and "
            "walk through the layers. Then draw another picture."
        ),
        t(
            "A head that lays most of [CLS] on the circle in picture after picture, far beyond the even "
            "spread and the random twin, does something that training put there."
        ),
        t(
            "Not why the model answers. A head may look at the circle without its answer depending on it, "
            "and patches deep in the network hold what they took from others."
        ),
    )
    number_cards("visao")
