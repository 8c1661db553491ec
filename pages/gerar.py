"""The page Generate: a decoder writes on, one token after another, and keeps keys and values of every token."""

from ui.shell.frame import guard

guard()

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.pages.generate.screen import show_writing
from ui.shell.frame import open_page
from ui.shell.locale import t
from ui.top_bar.model_fit import need

with open_page(t("Generate")) as chosen:
    show_writing(chosen, need("decoder", chosen))
    explain(
        t(
            "The text so far, the most probable next tokens, and the map of one head: the held row is the "
            "newest token, which chooses what comes next. Below, what the model keeps of every token."
        ),
        t(
            "Write a token, then five. Raise the temperature in the options and begin again; take an "
            "improbable candidate by hand and see how the text goes on."
        ),
        t(
            "A decoder, at every position, sees only its own token and those before it. It predicts one token, "
            "reads it with the rest, and predicts again; keys and values of what it has read do not change, so "
            "they are kept."
        ),
        t(
            "A probable token is not a true one, and a fluent text is not knowledge. A model like this "
            "continues; it does not answer."
        ),
    )
    number_cards("gerar")
