"""Faithfulness: is the order that a method gives to the words one that the model's answers depend on?"""

from ui.shell.frame import guard

guard()

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.faithfulness.faith import pick_document, show_agreement, show_methods
from ui.shell.frame import open_page
from ui.shell.locale import t

with open_page(t("Faithfulness")) as chosen:
    document = pick_document(chosen)
    if document is not None:
        show_methods(document)
        show_agreement(document)
    explain(
        t(
            "Words are hidden in the order that a method gives them, and the probability of the model's own "
            "answer is watched. Each point is how much better that is than hiding them in random orders."
        ),
        t(
            "Compare raw attention and rollout with gradient × attention and the knockout. Change the "
            "model: what is faithful to one need not be to another."
        ),
        t(
            "A method whose both intervals lie right of 0 orders the words in a way that matters to this "
            "model; only then does Paths offer it as importance. Near words matter to it in any case: what a method "
            "has beyond the nearest words first is what it reads of the model."
        ),
        t(
            "That its first word caused the answer. Texts with hidden words are texts that the model never "
            "read, and a mean over sentences says nothing about one."
        ),
    )
    number_cards("fidelidade")
