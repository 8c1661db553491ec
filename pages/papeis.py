"""Roles in Portuguese: which heads follow a syntactic relation better than a fixed step, and what heads do with words
that mean nothing.
"""

from ui.shell.frame import guard

guard()

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.roles.roles import show_relations, show_roles
from ui.shell.frame import open_page
from ui.shell.locale import t

with open_page(t("Roles in Portuguese")) as chosen:
    show_relations(chosen)
    number_cards("papeis", "relations")
    show_roles(chosen)
    explain(
        t(
            "A row is a relation of Universal Dependencies. The point is the best head's accuracy on sentences "
            "that did not choose it, with its 95% interval; the black mark is the best fixed offset to the "
            "left or right; the circle is the best head of a network that was never trained."
        ),
        t(
            "Find the relation whose point is farthest right of its black mark. Then look at det: the point "
            "is high, and so is the mark."
        ),
        t(
            "A gain above 0 with its whole interval: this head follows the relation itself, or something "
            "that goes with it, and not only a distance."
        ),
        t(
            "That the model parses, or uses this head to do so. A relation without a head of its own may "
            "still be known by many heads together."
        ),
    )
    number_cards("papeis", "roles")
