"""Start here: ten cards, one idea each, a prediction before every picture."""

from ui.shell.frame import guard

guard()

from ui.explorer.number_cards import number_cards
from ui.pages.start_here.screen import show_card
from ui.shell.frame import open_page
from ui.shell.locale import t

with open_page(t("Start here")) as chosen:
    show_card(chosen)
    number_cards("comece_aqui")
