"""What is chosen in the explorer beside its head, in the link: held words, other heads, picture, metric, threshold.

``token=12:cheio`` (again for every held word), ``side=key`` (who looks at it), ``to=7:copo`` (the other end of a held
cell), ``heads=4.3,2.1`` (beside the head in view), ``picture=lines``, ``metric=entropy``, ``cut=least``, ``share=5``
(per cent), ``syntax=true``. Defaults stay out of the link. What a link asks for and these maps do not have is left out;
words are found again where hiding special tokens or merging pieces has moved them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from core.views.view import Side, View

from ..components.attention import chosen_in, chosen_selection
from ..components.choices import DRAWN, OF_HEADS, Choice
from ..components.selection import Selection
from ..shell.history import follows_link
from ..shell.locale import plain, t
from ..shell.state import fragment_alone
from .carried import HEAD, LAYER, TOKEN, carry_word, word_from_elsewhere
from .head_pickers import follow_head, say_beyond
from .word_names import position_named

SIDE, TO, HEADS = ("side", "to", "heads")
_IN_LINK = (TOKEN, SIDE, TO, HEADS, *(choice.name for choice in DRAWN))
EXPLORE, COMPARE, TRANSLATE = "explore", "compare", "translate"
_CARRYING = (EXPLORE, COMPARE)  # pages whose words are those of the sentence
_KEPT = "_looking_"


def linked_selection(view: View, head: tuple[int, int], scope: str = EXPLORE) -> Selection:
    """What the session, or else the link, asks for, with the (layer, head) of the pickers.

    ``scope``: pages whose words are not the same keep apart.
    """
    follows_link(_KEPT + scope)
    st.session_state.setdefault(_KEPT + scope, _link())
    if scope in _CARRYING:
        _take_word(view, scope)
    _mirror(scope)
    direction = "key" if _last(SIDE, scope) == "key" else "query"
    sides = {"query": view.query, "key": view.key}
    other = "query" if direction == "key" else "key"
    words = _places(sides[direction], _all(TOKEN, scope))
    to = _places(sides[other], _all(TO, scope))[:1] if len(words) == 1 else []
    options: dict[str, Any] = {"scope": scope}
    for choice in DRAWN:
        options[choice.name] = choice.from_link(_last(choice.name, scope), options)
    return Selection(
        *head,
        **{direction: words[0] if words else None, other: to[0] if to else None},
        direction=direction,
        words=tuple(words[1:]),
        heads=_heads(view, _last(HEADS, scope)),
        **{choice.name: options[choice.name] for choice in DRAWN},
    )


def _take_word(view: View, scope: str) -> None:
    """Hold the word that was chosen on another page since, where this sentence has it."""
    name, choices = word_from_elsewhere(scope), st.session_state[_KEPT + scope]
    if name is None or choices.get(TOKEN, [])[:1] == ([name] if name else []):
        return
    if not name or position_named(name, view.query.labels) is not None:
        st.session_state[_KEPT + scope] = {**choices, TOKEN: [name] if name else [], TO: [], SIDE: []}


def link_rules(view: View, first: tuple[int, int]) -> dict[str, Any]:
    """How a choice stands in the address, for the browser, which writes it there itself: the head that stays out of it,
    and of every option its default, and what that depends on.
    """
    return {
        "first": [view.nearest(first[0]), min(first[1], view.heads - 1)],
        "drawn": [_rule(choice) for choice in DRAWN],
    }


def _rule(choice: Choice) -> dict[str, Any]:
    by, defaults = choice.default_by or (None, {})
    return {
        "name": choice.name,
        "default": choice.written(choice.default),
        "by": by,
        "defaults": {other: choice.written(value) for other, value in defaults.items()},
    }


def said_of(selection: Selection) -> dict[str, list[str]]:
    """What a link to Explore says of a choice, its head always named: for what is taken away from the page."""
    head = {LAYER: [str(selection.layer + 1)], HEAD: [str(selection.head + 1)]}
    return {**st.session_state.get(_KEPT + EXPLORE, _link()), **head}


def follow_selection(key: str, view: View) -> None:
    """Callback of the explorer ``key``: its head goes into the pickers, everything else into session and link."""
    follow_head(key)
    if (selection := chosen_selection(key)) is None:
        return
    others = [f"{layer + 1}.{head + 1}" for layer, head in selection.heads]
    _keep(EXPLORE, {**_words_in_browser(key, view, EXPLORE), HEADS: [",".join(others)] if others else []})


def follow_words(key: str, view: View, scope: str) -> None:
    """The same for a picture whose heads are none of the model's: held words, picture and threshold."""
    if chosen_selection(key):
        choices = _words_in_browser(key, view, scope)
        _keep(scope, {name: values for name, values in choices.items() if name not in OF_HEADS})


def follow_held(key: str, view: View) -> None:
    """The same for a picture that offers no others: its head and held words; what Explore draws stays as it is."""
    follow_head(key)
    if chosen_selection(key):
        words = _words_in_browser(key, view, EXPLORE)
        _keep(
            EXPLORE,
            {**st.session_state.get(_KEPT + EXPLORE, _link()), **{name: words[name] for name in (TOKEN, TO, SIDE)}},
        )


def outline(view: View) -> View:
    """The words of a view without its maps, for callbacks, which a session keeps as long as it lives."""
    return replace(view, _full=_no_maps, _layer=None)


def _no_maps(layer: int, head: int) -> None:
    raise AssertionError("an outline has no maps")


def hold_word(view: View, word: int | None, label: str | None = None, scope: str = EXPLORE) -> None:
    """Hold one row of a view (None: let go); ``label`` where it is about to be another."""
    tokens = [] if word is None else [f"{word}:{label or view.query.labels[word]}"]
    _keep(scope, {**st.session_state.get(_KEPT + scope, _link()), TOKEN: tokens, TO: [], SIDE: []})


def _words_in_browser(key: str, view: View, scope: str) -> dict[str, list[str]]:
    """Held words and options of the browser.

    A message that left another view (the keys were quicker than the page) names no words of this one: those that were
    held before stay, found again by their labels.
    """
    choices = _words(chosen_selection(key, view), view, scope)
    return choices if chosen_in(key, view) else choices | {name: _all(name, scope) for name in (TOKEN, TO, SIDE)}


def _words(selection: Selection, view: View, scope: str) -> dict[str, list[str]]:
    """Held words and options, as the link writes them."""
    sides = {"query": view.query, "key": view.key}
    other = "query" if selection.direction == "key" else "key"
    end, options = getattr(selection, other), {"scope": scope, **asdict(selection)}
    return {
        TOKEN: [
            _name(sides[selection.direction], i)
            for i in [getattr(selection, selection.direction), *selection.words]
            if _inside(i, sides[selection.direction])
        ],
        TO: [_name(sides[other], end)] if _inside(end, sides[other]) and selection.held else [],
        SIDE: ["key"] if selection.direction == "key" else [],
        **{choice.name: choice.to_link(getattr(selection, choice.name), options) for choice in DRAWN},
    }


def missing_words(view: View) -> list[str]:
    """Labels of held words in the link that this sentence does not have.

    The page says so instead of showing another.
    """
    side = view.key if _last(SIDE, EXPLORE) == "key" else view.query
    labels = [token.partition(":")[2] for token in _all(TOKEN, EXPLORE)]
    return [label for label in labels if label and label not in side.labels]


def say_missing(view: View) -> None:
    """One line where the link asks for a head, or holds a word, that is not there."""
    say_beyond(view)
    if missing := missing_words(view):
        st.caption(
            t(
                "This link holds a word that the sentence does not have ({words}); nothing is held instead.",
                words=", ".join(map(plain, missing)),
            )
        )


def _places(side: Side, tokens: Sequence[str]) -> list[int]:
    """Rows of the words that the link names, in its order, none twice.

    Of equal labels it is the nearest to where the link says.
    """
    rows = (position_named(token, side.labels) for token in tokens[:32])
    return list(dict.fromkeys(row for row in rows if row is not None))


def _heads(view: View, text: str) -> tuple[tuple[int, int], ...]:
    """``4.3,2.1``, counted from 1 → ((3, 2), (1, 0)): those that the view has, eight at most."""
    pairs = [(int(layer) - 1, int(head) - 1) for layer, head in re.findall(r"([0-9]{1,4})\.([0-9]{1,4})", text)]
    return tuple(
        dict.fromkeys((layer, head) for layer, head in pairs if layer in view.attending and 0 <= head < view.heads)
    )[:8]


def _inside(row: int | None, side: Side) -> bool:
    return row is not None and 0 <= row < len(side)


def _name(side: Side, row: int) -> str:
    return f"{row}:{side.labels[row]}"


def _link() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in _IN_LINK}


def _all(key: str, scope: str) -> list[str]:
    """Every value of one name, as the session knows it, or else the link.

    Once something was chosen, a message under way while the link changes cannot undo it, nor does leaving the page.
    """
    return st.session_state.get(_KEPT + scope, _link()).get(key, [])


def _last(key: str, scope: str) -> str:
    values = _all(key, scope)
    return values[-1] if values else ""


def _keep(scope: str, choices: dict[str, list[str]]) -> None:
    first = choices.get(TOKEN, [])[:1]
    if scope in _CARRYING and first != _all(TOKEN, scope)[:1]:
        carry_word("".join(first), scope)
    st.session_state[_KEPT + scope] = choices
    _mirror(scope)


def _mirror(scope: str) -> None:
    """Write the choices of the session into the link, or take them out of it.

    An address that already says so is left alone (every write is a message to the browser). Where the explorer's
    fragment runs alone the browser has written it (address.js).
    """
    if scope == EXPLORE and fragment_alone():
        return
    for key, values in st.session_state.get(_KEPT + scope, {}).items():
        if st.query_params.get_all(key) == values:
            continue
        if values:
            st.query_params[key] = values
        elif key in st.query_params:
            del st.query_params[key]
