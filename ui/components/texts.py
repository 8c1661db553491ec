"""Every word that the attention explorer shows, in the language of the page. No logic: keys are the ones the JavaScript asks for."""

from __future__ import annotations

from ui.locale import language, t


def explorer_texts(ramp: str = "attention", rows: str = "read") -> dict[str, str]:
    """{key: translated template}. Fields in braces are filled in the browser. Differences are in points, not shares; ``rows``: see core.view."""
    own = (_difference() if ramp == "difference" else {}) | (_written() if rows == "written" else {})
    return _attention() | own


def _written() -> dict[str, str]:
    return {"looks": t("is written"), "column_query": t("is written")}


def _difference() -> dict[str, str]:
    return {"takeaway_head": t("largest differences: {links}"), "percent": t("{n} pp")}


def _attention() -> dict[str, str]:
    return {
        "language": language(),
        "name": t("Attention explorer. Arrow keys walk over heads and layers; Escape lets the word go."),
        "empty": t("There is nothing to show here: this sentence has no tokens."),
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
        "spread": t("Means over {rows} rows. Each row spreads over about {n} tokens."),
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
