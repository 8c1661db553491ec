"""Every word that the attention explorer shows, in the language of the page.

No logic: keys are the ones the JavaScript asks for; those of the options stand in choices.py.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.languages import Language
from ui.components.choices import CUT, METRIC, PICTURE, SHARE, SHOWN, SYNTAX, Choice
from ui.shell.locale import error_text, language, t

if TYPE_CHECKING:
    from core.views.view import View


def explorer_texts(ramp: str, view: View) -> dict[str, str]:
    """{key: translated template}. Fields in braces are filled in the browser. Differences are in points, not shares."""
    return _texts(language(), ramp, tuple(getattr(view, choice.name, None) for choice in SHOWN))


@lru_cache(maxsize=64)
def _texts(_language: Language, ramp: str, shown: tuple[Any, ...]) -> dict[str, str]:
    words = _attention() | _pictures() | _metrics() | _keys() | _files()
    if ramp == "difference":
        words |= _difference()
    for choice, value in zip(SHOWN, shown, strict=True):
        replaced = choice.replaces.get(value, {})
        words |= {key: error_text(text) for key, text in replaced.items()}
    return words


def _of(choice: Choice) -> dict[str, str]:
    """The words of one option, translated."""
    return {key: error_text(text) for key, text in choice.texts().items()}


def _difference() -> dict[str, str]:
    return {"takeaway_head": t("largest differences: {links}"), "percent": t("{n} pp")}


def _pictures() -> dict[str, str]:
    return {
        **_of(PICTURE),
        **_of(CUT),
        **_of(SHARE),
        "drawn": t("the links drawn carry {percent} of the weight"),
        **_of(SYNTAX),
        "followed": t("- - annotated by hand; a drawn link stands beside {n} of {all}"),
        "mean": t("mean"),
        "mean_of": t("mean of {n} heads"),
        "mean_names": t("mean of {names}"),
        "let_go": t("Let go of {head}"),
        "several": t("Several"),
        "mask": t("Hide “{word}”"),
        "unmask": t("Show the word again"),
        "replace": t("Replace “{word}” by"),
        "replace_with": t("another word"),
        "replace_button": t("Replace"),
    }


def _metrics() -> dict[str, str]:
    return {"metric_tip": t("{head} · {metric} {value}"), **_of(METRIC)}


def _keys() -> dict[str, str]:
    return {
        "keys": t("Keys"),
        "key_heads": t("another head"),
        "key_layers": t("another layer"),
        "key_picture": t("another picture"),
        "key_turn": t("where it looks, or who looks at it"),
        "key_pin": t("keep this head beside the next ones; again: let it go"),
        "key_several": t("with a click: several words, several heads"),
        "key_release": t("let the words go"),
        "key_unit": t("words or tokens"),
        "key_specials": t("special tokens shown or hidden"),
        "key_sentence": t("write the sentence"),
        "key_link": t("copy the link"),
        "key_help": t("show or hide the keys"),
        "sentence": t("Sentence"),
        "first_head": t("This is the first head."),
        "last_head": t("This is the last head."),
        "first_layer": t("This is the first layer."),
        "last_layer": t("This is the last layer."),
    }


def _files() -> dict[str, str]:
    return {
        "save_svg": t("Save the picture as SVG: shapes and text, for papers"),
        "save_png": t("Save the picture as PNG, 300 dots per inch"),
        "copy_link": t("Copy the link"),
        "saved": t("Saved as {name}."),
        "copied": t("Link copied."),
        "copy_yourself": t("This browser does not let a page copy. The link: {link}"),
        "not_yet": t("The exact numbers are on their way; try again in a moment."),
        "figure_note": t("Mirante · {note}"),
    }


def _attention() -> dict[str, str]:
    return {
        "language": language(),
        "pick_layer": t("Layer"),
        "pick_head": t("Head"),
        "name": t("Attention explorer. Arrow keys walk over heads and layers; Escape lets the word go."),
        "empty": t("There is nothing to show here: this sentence has no tokens."),
        "frame": t("The map scrolls in its frame. Arrow keys move the chosen cell."),
        "fit": t("Fit"),
        "real_size": t("Actual size"),
        "where_looks": t("where it looks"),
        "who_looks": t("who looks at it"),
        "looks": t("looks"),
        "looked": t("is looked at"),
        "takeaway_query": t("{query} → {links}"),
        "takeaway_key": t("who looks at {key}: {links}"),
        "takeaway_head": t("strongest links between words: {links}"),
        "pair": t("{query} → {key} {percent}"),
        "link": t("{token} {percent}"),
        "nothing": t("nowhere"),
        "cell": t("{query} → {key} {value}"),
        "percent": t("{n}%"),
        "approximate": t("≈ {value}"),
        "chip": t("L{layer}·{head}"),
        "layer": t("L{layer}"),
        "all_heads": t("All heads, layer × head"),
        "head_words": t("This head in words"),
        "profile_previous": t("looks at the previous one"),
        "profile_self": t("looks at itself"),
        "profile_next": t("looks at the next one"),
        "profile_first": t("looks at the first one"),
        "profile_special": t("looks at special tokens"),
        "spread": t(
            "Mean of the {rows} rows, each counted where it has such a neighbour. A row divides its attention "
            "as if evenly among about {n} columns (perplexity)."
        ),
        "budget_mean": t("attention budget, mean of the rows:"),
        "budget_row": t("attention budget of {query}:"),
        "budget_words": t("{percent} on words"),
        "budget_special": t("{percent} on {names}"),
        "budget_hidden": t("{percent} on hidden {names}"),
        "budget_outside": t("{percent} outside the map"),
        "renormalised": t("rows rescaled to add up to 100%"),
        "window": t("showing rows {rows} and columns {columns} of {total} positions"),
        "special_names": t("special tokens"),
        "others": t("the others"),
        "more": t("A more"),
        "less": t("B more"),
        "table": t("The same as a table"),
        "table_links": t("Strongest links of this head"),
        "table_row": t("Every weight of the chosen row"),
        "table_column": t("Every weight of the chosen column"),
        "column_query": t("looks"),
        "column_key": t("is looked at"),
        "column_weight": t("weight"),
    }
