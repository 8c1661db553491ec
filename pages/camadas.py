"""Layers: one sentence through the whole depth of a model, as early answers, as a flow, as vectors."""

from ui.frame import guard, open_page
from ui.layers.flow import explain_flow, show_flow
from ui.layers.lens import explain_lens, show_lens
from ui.layers.place import pick_what
from ui.layers.vectors import explain_vectors, show_vectors
from ui.locale import t
from ui.sizes import state_size
from ui.target import read

guard()
pictures = {"lens": (show_lens, explain_lens), "flow": (show_flow, explain_flow), "vectors": (show_vectors, explain_vectors)}
with open_page(t("Layers")) as chosen:
    show, tell = pictures[pick_what()]
    trace = read(chosen)
    show(chosen, trace)
    state_size(trace, chosen)
    tell()
