"""Every word that the component "steps" shows, in the language of the page.

No logic: keys are the ones the JavaScript asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import Message
from ui.shell.locale import error_text, language, t

if TYPE_CHECKING:
    from core.analyses.steps import Steps


def missing_texts(steps: Steps) -> dict[str, str]:
    """{field: why it cannot be shown}, translated."""
    return {
        name: t("This cannot be shown: {reason}.", reason=error_text(reason))
        for name, reason in steps.missing.items()
        if isinstance(reason, Message)
    }


def steps_texts() -> dict[str, str]:
    """{key: translated template}. Fields in braces are filled in the browser."""
    return _frame() | _titles() | _vectors() | _scores() | _mixing() | _whatif()


def _frame() -> dict[str, str]:
    return {
        "language": language(),
        "percent": t("{n}%"),
        "chip": t("L{layer}·{head}"),
        "name": t("Steps of one head. Left and right arrow walk over the steps, up and down over the words."),
        "takeaway": "{query} → {key} {percent}",
        "looks": t("looks"),
        "choose_query": t("The word that looks"),
        "choose_key": t("The word that is looked at"),
        "part": t("tokens {first}–{last} of {total}"),
        "trail": t("Steps"),
        "back": t("Step back"),
        "next": t("Next step"),
        "formula": t("Formula"),
        "numbers": t("The numbers of this step"),
        "every_key": t("Every word that is looked at"),
        "dim": t("dimension"),
        "at_dim": t("dimension {dim}: {value}"),
        "vector": t("{name}: {n} numbers, from {least} to {most}, length {length}"),
        "loading": t("Reading the numbers of this word…"),
        "column_key": t("looked at"),
        "column_dots": t("q·k"),
        "column_scaled": t("scaled"),
        "column_capped": t("capped"),
        "column_bias": t("bias"),
        "column_score": t("score"),
        "column_weight": t("weight"),
        "column_brought": t("size of A·v"),
        "rest": t("{n} others"),
        "sink": t("sink"),
        "sum": t("sum"),
        "closed": t("closed"),
    }


def _titles() -> dict[str, str]:
    return {
        "title_1": t("Input"),
        "title_2": t("q, k, v"),
        "title_3": t("q·k"),
        "title_4": t("Scale"),
        "title_5": t("Mask"),
        "title_6": t("Softmax"),
        "title_7": t("Weights × v"),
        "title_8": t("Head output"),
        "title_9": t("All heads"),
        "title_10": t("Sum"),
        "heading_1": t("What the layer reads"),
        "heading_2": t("Three vectors: query, key, value"),
        "heading_3": t("How well do they fit? q·k"),
        "heading_4": t("From product to score"),
        "heading_5": t("Who may be looked at"),
        "heading_6": t("From scores to shares"),
        "heading_7": t("Each value times its weight"),
        "heading_8": t("What this head gives"),
        "heading_9": t("All heads side by side, through W_O"),
        "heading_10": t("Added to the residual stream"),
    }


def _vectors() -> dict[str, str]:
    return {
        "said_1": t(
            "What this layer reads of {query} is a vector of {n} numbers. Each bar is one of them: up is "
            "positive, down is negative."
        ),
        "stream": t("The projections read the residual stream itself."),
        "not_stream": t(
            "The projections do not read the residual stream itself: the model has transformed it first, "
            "usually by a normalisation."
        ),
        "said_2": t(
            "Learned matrices turn what was read into a query for {query}, and a key and a value for {key}, "
            "{n} numbers each."
        ),
        "said_2_two": t(
            "Learned matrices turn what was read into a query for {query} and a key for {key}, {n} numbers "
            "each, and a value of {m}."
        ),
        "input": t("input of {query}"),
        "q_of": t("q of {query}"),
        "k_of": t("k of {key}"),
        "v_of": t("v of {key}"),
        "made": t("{name}, as projected"),
        "normed": t("{name}, normalised"),
        "rotated": t("{name}, rotated by its position"),
        "scaled_vector": t("{name}, times {factor}"),
        "how_rotated": t(
            "This model rotates q and k by their position (rotary embedding): each keeps its length and turns, "
            "more the further on it stands. So q·k depends on how far apart the two are, not on where each "
            "stands."
        ),
        "how_rotated_scaled": t("The rotation also multiplies the vector by {factor}."),
        "how_normed": t("Before that it normalises them."),
        "how_scaled": t("This model multiplies {name} by {factor} right after the projection."),
        "missing_q": t("q before it entered the product:"),
        "missing_k": t("k before it entered the product:"),
    }


def _scores() -> dict[str, str]:
    return {
        "said_3": t(
            "Multiply q of {query} by k of {key}, dimension by dimension, and add everything up: {sum}. Large "
            "and positive: they point the same way and are long."
        ),
        "product": t("q × k, dimension by dimension"),
        "said_4": t("{dots} × {factor} = {scaled}."),
        "by_root": t(
            "The factor is 1/√{d}: without it, the products grow with √d on average, and the softmax "
            "gives nearly everything to one key."
        ),
        "by_own": t("The factor {factor} is this model's own, not 1/√{d} = {root}."),
        "by_one": t("This model does not scale here: the factor is 1."),
        "said_cap": t("It is then capped: {cap} · tanh({scaled} / {cap}) = {capped}."),
        "said_bias": t("A bias for the position is added: {bias}. Score: {score}."),
        "flow_dots": t("q·k"),
        "flow_scaled": t("scaled"),
        "flow_capped": t("capped"),
        "flow_bias": t("with bias"),
        "said_5_open": t("Nothing is closed to {query}: it may look at all {n} tokens."),
        "said_5": t(
            "{query} may look at {open} of {n} tokens. The others get the score −∞, so that nothing of the "
            "share falls on them."
        ),
        "closed_key": t("{key} is closed to {query}."),
        "doors": t("{open} of {n} tokens are open to {query}"),
        "open": t("may be looked at"),
        "said_6": t(
            "Raise e to each score and divide by the total: shares that add up to 100%. {query} → {key}: {percent}."
        ),
        "said_sink": t("This model also has a sink, which is no token: {percent} of the share ends there."),
        "shares": t("share of each token"),
    }


def _mixing() -> dict[str, str]:
    return {
        "said_7": t("Each value is made as small as its weight. Of v of {key}, {percent} is kept."),
        "kept": t("{weight} × v of {key}"),
        "said_8": t("All {n} weighted values added up: this is what the head gives for {query}, {m} numbers."),
        "head_output": t("output of this head"),
        "from_key": t("of which from {key}"),
        "said_9": t(
            "The outputs of the {heads} heads stand side by side, and W_O mixes them into one vector of {m} "
            "numbers. This head's part has the length {length}."
        ),
        "concat": t("all heads, side by side"),
        "written": t("output of W_O"),
        "part_of_head": t("this head's part of it"),
        "head_part": t("head {head}: length {length}"),
        "lengths": t("Length of what each head adds"),
        "said_10": t(
            "What attention gives is added to what was there: a stream of length {before}, an addition of "
            "length {added}, a new stream of length {after}."
        ),
        "changed": t(
            "Between W_O and the sum this model transforms the vector once more, by a normalisation or a factor."
        ),
        "beside_said": t(
            "This model adds in the same sum what another part computed in parallel, usually the feed-forward block."
        ),
        "before": t("residual stream before"),
        "added": t("what attention adds"),
        "beside": t("computed in parallel"),
        "after": t("residual stream after"),
    }


def _whatif() -> dict[str, str]:
    return {
        "temperature": t("What if the scores were divided by a temperature?"),
        "temperature_value": t("temperature {t}"),
        "real": t("These are the model's numbers (temperature 1)."),
        "whatif": t("What if: at temperature {t}, {query} → {key} would be {percent}. The model computed {real}."),
        "whatif_stops": t(
            "What if, at temperature {t}: this is not the model's number. Steps 9 and 10 show the model's own."
        ),
        "reset": t("Back to 1"),
        "toy": t("Why divide by √d? Try it with random vectors"),
        "toy_slider": t("dimensions d"),
        "toy_value": t("d = {d}"),
        "toy_plain": t("softmax of q·k"),
        "toy_scaled": t("softmax of q·k / √d"),
        "toy_said": t(
            "One random query, six random keys, {d} dimensions. The largest share: {plain} without the "
            "division, {scaled} with it."
        ),
        "toy_key": t("key {n}"),
    }
