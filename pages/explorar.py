"""Explore: every head of a model on one sentence; hover to read, click to hold, arrows to walk."""

from ui.shell.frame import guard

guard()

from ui.explorer.edited_sentence import edited_trace
from ui.explorer.number_cards import number_cards
from ui.explorer.view_options import pick_view, say_weight
from ui.pages.causes.link_from_explore import to_causes
from ui.pages.explore.look import look
from ui.shell.explain import explain
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Explore")) as chosen:
    trace = edited_trace(chosen)
    with beside_title():
        view = pick_view(trace)
    say_weight(view)
    look(chosen, trace, view, to_causes)
    number_cards("explorar")
    explain(
        t(
            "Each row is a word that looks, each column a word that is looked at; the darker the cell, the "
            "more of the row's 100% goes there. The small maps are all the heads, layer by layer."
        ),
        t(
            "Hover a word to see where it looks; click to hold it, with Shift to hold several. Choose "
            "another picture above, another head in the small maps, or walk with the arrow keys; press ? "
            "for all keys."
        ),
        t(
            "A weight says how much the vector at another word's place counts in this head's sum. Above layer "
            "1 that vector is already a mixture of words, and a large weight on a small vector brings little. "
            "Heads differ: some look at the neighbour, some at punctuation, some at a related word."
        ),
        t(
            "A weight is not a reason. A head that looks somewhere may change nothing in the answer, and "
            "one sentence says little about what a head does."
        ),
    )
