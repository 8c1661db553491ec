"""Jug and glass: to be filled by its owner."""

from ui.frame import guard, open_page
from ui.locale import t

guard()
with open_page(t("Jug and glass")):
    pass
