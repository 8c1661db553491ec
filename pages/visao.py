"""Vision: a picture cut into patches, and where every head looks in it; a small model that was asked where the red
circle is.
"""

import streamlit as st

from ui.components.patches import patch_attention
from ui.pages.vision.link import follow, held_place, pick_layer
from ui.pages.vision.model import look, pick_model, vision_model
from ui.pages.vision.picture import DRAWN, drawn, own, pick_drawing, pick_others, pick_source
from ui.pages.vision.shown import cells_of, say_limits, show_about, show_labels, show_pointing, show_stakes, target_of
from ui.shell.explain import explain
from ui.shell.frame import guard, open_page
from ui.shell.locale import t

guard()
with open_page(t("Vision")) as chosen:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = pick_source()
        number = pick_drawing() if source == DRAWN else None
        layers = st.container(width="content")
        with st.popover(t("Options")):
            name = pick_model()
            count, clutter = pick_others()
    picture = drawn(number, count, clutter) if number is not None else own()
    vision = vision_model(name, chosen)
    if picture is not None:
        captured = look(vision, picture)
        with layers:
            layer = pick_layer(captured, name)
        say_limits(vision, picture)
        choice, target = held_place(captured, layer, name), target_of(vision, picture)
        patch_attention(
            captured,
            choice,
            key="patches",
            on_choose=lambda: follow("patches", captured),
            question=t("Where is the red circle?") if picture.scene and vision.cells else "",
            cells=cells_of(vision, captured, picture),
            target=target,
        )
        show_labels(vision, captured)
        show_stakes(vision, captured, picture, choice, target)
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
