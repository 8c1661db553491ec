"""Explore: every head of a model on one sentence; hover to read, click to hold, arrows to walk."""

from ui.shell.frame import guard

guard()

from ui.explorer.edited_sentence import edited_trace
from ui.explorer.number_cards import number_cards
from ui.explorer.view_options import pick_view, say_weight
from ui.pages.causes.link_from_explore import to_causes
from ui.pages.explore.look import look
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Explore")) as chosen:
    trace = edited_trace(chosen)
    with beside_title():
        view = pick_view(trace)
    say_weight(view)
    look(chosen, trace, view, to_causes)
    number_cards("explorar")
