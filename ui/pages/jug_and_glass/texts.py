"""The four short parts of each step of the guided screen."""

from __future__ import annotations

from ...shell.locale import t


def parts(step: int) -> tuple[str, str, str, str]:
    """What you see, try, means, does not mean."""
    return (_predict, _heads, _change, _prove, _verdict)[step]()


def _predict() -> tuple[str, str, str, str]:
    return (
        t(
            "The sentence of this screen: water goes from the jug (jarra) into the glass (copo) until "
            "something is empty (vazia)."
        ),
        t("Click the word that *vazia* will look at. Then go on with **Next**, or Shift and N."),
        t("A look is a weight: the part of 100% that the place of another word receives in the sum of one head."),
        t("The mean of all heads is no opinion of the model's: no part of it computes that mean."),
    )


def _heads() -> tuple[str, str, str, str]:
    return (
        t(
            "The same head on both sentences, side by side and on one scale: *cheio* can only be the glass "
            "(copo), *vazia* the jug (jarra)."
        ),
        t(
            "Walk over the heads. Look for one that moves from *copo* to *jarra* when the adjective "
            "changes, then ask how many heads you tried."
        ),
        t(
            "A head whose weight follows the adjective carries information about which noun it goes with: "
            "by gender, by meaning, or by both."
        ),
        t(
            "It does not mean that the model imagines water. In Portuguese this pair is solved by gender "
            "alone, and among many heads there is nearly always one that is right by luck."
        ),
    )


def _change() -> tuple[str, str, str, str]:
    return (
        t("Left the original, right the pair with one thing changed, and for both the noun that the model answers."),
        t("Change the genders, then make both nouns masculine: does the answer still follow the story?"),
        t(
            "An answer that survives every change rests neither on agreement nor on order alone; meaning is "
            "the explanation that is left, not the only one possible. One that falls when gender falls silent "
            "rested on agreement."
        ),
        t("One pair is an example, not a measurement: nouns differ in how often the model has seen them."),
    )


def _prove() -> tuple[str, str, str, str]:
    return (
        t(
            "Five answers to one question: does the model use this noun? The first two say where it looks; "
            "the outlined ones say what breaks."
        ),
        t(
            "Compare the length of the full bar with the pale one, to either side, and both with the dotted "
            "marks of the random twin. Then choose one head."
        ),
        t(
            "Where cutting the edge to a noun makes the answer fall, that edge was used. Where a large "
            "weight is cut and nothing falls, it was not."
        ),
        t(
            "A fall in one sentence is no law, and an answer can travel by other ways: a noun may be read "
            "through its article."
        ),
    )


def _verdict() -> tuple[str, str, str, str]:
    return (
        t(
            "The share of right answers with gender's help and without it, each with its 95% interval, "
            "beside chance and a rule that only agrees."
        ),
        t(
            "Choose the decoder in the bar on top and ask again; then open the bench for every head and every "
            "condition."
        ),
        t("Only an interval that lies wholly above the dashed line is better than chance."),
        t(
            "The verdict is about these sentences: made by a grammar, with nouns in pairs that the models "
            "never saw together."
        ),
    )
