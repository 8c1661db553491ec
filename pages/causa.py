"""Causes: what follows when heads, edges, values or activations are changed, and what the answer is made of."""

from ui.shell.frame import guard

guard()

from ui.explorer.explain import explain
from ui.explorer.number_cards import number_cards
from ui.explorer.question import pose
from ui.explorer.state_size import state_size
from ui.pages.causes.ablation import show_ablations
from ui.pages.causes.attribution import show_parts
from ui.pages.causes.cut_words import show_cut_words
from ui.pages.causes.link import pick_experiment
from ui.pages.causes.patches import show_patches
from ui.shell.frame import beside_title, open_page
from ui.shell.locale import t

with open_page(t("Causes")) as chosen:
    posed = pose(chosen)
    with beside_title():
        change = pick_experiment()
    if change == "heads":
        show_ablations(chosen, posed)
    elif change == "words":
        show_cut_words(posed)
    elif change == "patch":
        show_patches(chosen, posed)
    else:
        show_parts(posed)
    explain(
        t(
            "The score is how much the model prefers the explained answer, as a difference of logits (scores "
            "before the softmax), in nats (units of the natural logarithm: 0.7 nat doubles the odds). In the "
            "first two experiments every number is that score with one thing changed, less the score as it "
            "was; patching shows shares of a difference, and the parts add up to the score."
        ),
        t(
            "Take out the head that costs most, then another with it. Cut off the word that is looked at "
            "most. Exchange one word of the sentence and see where the difference passes."
        ),
        t(
            "A change that moves the score is evidence that the model used what was changed, in this "
            "sentence, for this answer."
        ),
        t(
            "No change is no proof of no use: another head may stand in for the one that is gone. And one "
            "sentence is one case; the Bench asks hundreds."
        ),
    )
    state_size(posed.trace, chosen)
    number_cards("causa", change)
