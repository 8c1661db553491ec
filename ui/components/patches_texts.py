"""Every word that the component "patches" shows, in the language of the page.

No logic: keys are the ones the JavaScript asks for.
"""

from __future__ import annotations

from ui.shell.locale import language, t


def patches_texts() -> dict[str, str]:
    """{key: translated template}. Fields in braces are filled in the browser."""
    return {
        "language": language(),
        "percent": t("{n}%"),
        "name": t("Attention over a picture: one position looks at every patch, in every head of a layer."),
        "stage": t("The picture, cut into patches. Arrow keys walk over them; Home goes back to the first position."),
        "head": t("L{layer}·{head}"),
        "rollout": "Rollout",
        "even": t("its null"),
        "heads": t("The heads of layer {layer}"),
        "heads_target": t("The heads of layer {layer} · share on the circle"),
        "means": t("the thinner the veil, the more it is looked at; one scale for all heads of the layer"),
        "through": t("Through all layers"),
        "patch": t("patch ({row}, {column})"),
        "cell": t("cell in row {row}, column {column}"),
        "looks": t("looks:"),
        "or_patch": t("or click a patch"),
        "takeaway": t("{query} → {best}."),
        "on_target": t("On the red circle: {percent} (spread evenly: {even})."),
        "budget": t("On {names}: {percent}."),
        "tip": t("{query} → {key} = {value}"),
        "answer": t("The model answers {cell}: {percent}."),
        "cells": t("The answer, cell by cell"),
        "right": t("Right."),
        "wrong": t("The circle is in {cell}."),
        "numbers": t("The numbers of this row"),
        "loading": t("Reading the numbers of this patch…"),
    }
