"""The page Layers: one sentence through the whole depth of a model, as early answers, as a flow, as vectors."""

from ui.shell.frame import guard

guard()

from ui.explorer.number_cards import number_cards
from ui.explorer.state_size import state_size
from ui.explorer.target_text import sentence_trace
from ui.pages.layers.flow import explain_flow, show_flow
from ui.pages.layers.lens import explain_lens, show_lens
from ui.pages.layers.link import pick_layers_picture
from ui.pages.layers.vectors import explain_vectors, show_vectors
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

pictures = {
    "lens": (show_lens, explain_lens),
    "flow": (show_flow, explain_flow),
    "vectors": (show_vectors, explain_vectors),
}
with open_page(t("Layers")) as chosen:
    with beside_title():
        picture = pick_layers_picture()
    show, tell = pictures[picture]
    trace = sentence_trace(chosen)
    show(chosen, trace)
    tell()
    state_size(trace, chosen)
    number_cards("camadas", picture)
