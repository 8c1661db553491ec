"""Changing the sentence from inside the picture: a word hidden behind the model's mask, or replaced by another.

Inside: `edited_trace` (the trace of the sentence as it now stands), `offered_change` (what the explorer may offer),
`fulfil_wish` (the callback of its wishes). A hidden word stays in the sentence and in the link (``mask=13:cheio``, the
word's place among the words of the text); a replaced one is a new sentence. Not inside: what the model predicts there
(predictions.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import streamlit as st

from core.predictions.masked import can_mask
from core.text.tokens import Tokens
from core.tracing.trace import Trace
from core.views.view import View

from ..components.attention import chosen_selection, view_name, wish
from ..components.choices import SPECIALS, UNIT
from ..components.selection import selection_from_browser
from ..serving import cache
from ..shell.history import follows_link
from ..shell.locale import plain, t
from ..shell.state import SENTENCE, Chosen
from . import target_text
from .selection_link import hold_word

MASK, _KEPT, _PICKED = "mask", "_hidden_words", "picked_words"
_SIDES = {"self": ("query", "key"), "encoder": ("query", "key"), "cross": ("key",), "decoder": ()}
"""Sides of a map whose words are those of the sentence."""


def edited_trace(chosen: Chosen) -> Trace:
    """The sentence through the chosen model, with the words of the link hidden."""
    model = cache.language_model(chosen)
    if not can_mask(model) or not _hidden_names():
        return target_text.sentence_trace(chosen)
    tokens = cache.tokens(chosen)
    hidden = _hidden(tokens)
    if len(hidden) < len(_hidden_names()):
        st.caption(t("A word that the link hides is not in this sentence; it is left out."))
    return target_text.sentence_trace(
        replace(chosen, sentence=_masked(chosen.sentence, tokens, hidden, model.tokenizer.mask_token))
    )


def hidden_in(chosen: Chosen) -> Chosen:
    """The same choices with the hidden words behind the mask, for pages that read but do not hide.

    A line on the page says so.
    """
    model = cache.language_model(chosen)
    if not can_mask(model) or not _hidden_names():
        return chosen
    tokens = cache.tokens(chosen)
    text = _masked(chosen.sentence, tokens, _hidden(tokens), model.tokenizer.mask_token)
    if text != chosen.sentence:
        st.caption(t("Words hidden in Explore are hidden here too. The model reads: “{text}”", text=plain(text)))
    return replace(chosen, sentence=text)


def behind_mask(chosen: Chosen, trace: Trace, position: int) -> tuple[Trace, int]:
    """(trace, position) as a masked model is asked for the word at ``position``: hidden, at its mask.

    The same two where the model has no mask, or no word of the sentence stands there (a mask that was typed, say).
    """
    model, tokens = cache.language_model(chosen), trace.tokens
    if not can_mask(model) or trace.text != chosen.sentence:
        return trace, position
    word, mask = tokens.word_of[position], model.tokenizer.mask_token_id
    if tokens.word_spans[word] is None or tokens.ids[position] == mask:
        return trace, position
    text = _masked(chosen.sentence, tokens, [word], model.tokenizer.mask_token)
    hidden = cache.trace(replace(chosen, sentence=text), text)
    masks = [place for place, id_ in enumerate(hidden.tokens.ids) if id_ == mask]
    return hidden, masks[tokens.ids[:position].count(mask)]


def pick_hidden(chosen: Chosen) -> None:
    """The words of the sentence as buttons: a click hides one behind the mask, another shows it again."""
    tokens = cache.tokens(chosen)
    words = [word for word, span in enumerate(tokens.word_spans) if span is not None]
    # pills send their label: equal ones would be one
    labels = dict(zip(words, _distinct([tokens.words[word] for word in words]), strict=True))
    st.session_state[_PICKED] = _hidden(tokens)
    st.pills(
        t("Click a word to hide it"),
        words,
        selection_mode="multi",
        key=_PICKED,
        format_func=lambda word: plain(labels[word]),
        on_change=lambda: _keep_hidden(tokens, sorted(st.session_state[_PICKED])),
    )


def words_of(chosen: Chosen) -> list[tuple[int, str]]:
    """(place, word) of every word of the sentence that holds a letter or a digit."""
    tokens = cache.tokens(chosen)
    return [
        (index, word)
        for index, word in enumerate(tokens.words)
        if tokens.word_spans[index] is not None and any(map(str.isalnum, word))
    ]


def hide(chosen: Chosen, word: int) -> None:
    """Callback: the word ``word`` (its index in the text) goes behind the mask, beside those that are there."""
    tokens = cache.tokens(chosen)
    _keep_hidden(tokens, sorted({*_hidden(tokens), word}))


def _distinct(labels: list[str]) -> list[str]:
    """``o``, ``o²``: a word that stands again says the how manieth it is."""
    times: Counter[str] = Counter()
    distinct = []
    for label in labels:
        times[label] += 1
        distinct.append(label + (_superscript(times[label]) if times[label] > 1 else ""))
    return distinct


def _superscript(number: int) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(number))


def hidden_places(chosen: Chosen) -> list[str]:
    """The hidden words as a link names them, ``12:cheio``, in the order of the sentence."""
    tokens = cache.tokens(chosen)
    return [f"{word}:{tokens.words[word]}" for word in _hidden(tokens)]


def hidden_words(chosen: Chosen) -> list[str]:
    """The hidden words, in the order of the sentence."""
    return [name.partition(":")[2] for name in hidden_places(chosen)]


def offered_change(trace: Trace, view: View, chosen: Chosen) -> dict[str, Any] | None:
    """What the explorer offers for a held word; None where no word of this picture is one of the sentence."""
    model = cache.language_model(chosen)
    tokens = trace.tokens
    hidden = _hidden(cache.tokens(chosen)) if can_mask(model) and _hidden_names() else []
    places = hidden if view.words else [i for i, word in enumerate(tokens.word_of) if word in hidden]
    sides = _SIDES[view.kind]
    return {"sides": sides, "mask": can_mask(model), "masked": places} if sides else None


def fulfil_wish(key: str, tokens: Tokens, view: View, chosen: Chosen) -> None:
    """Callback of the explorer ``key``: does what was wished of the sentence as the model read it."""
    wished = wish(key)
    if wished.get("kind") == "unit":
        words, pieces = UNIT.values
        st.session_state[UNIT.name] = words if st.session_state.get(UNIT.name) == pieces else pieces
    elif wished.get("kind") == "specials":
        st.session_state[SPECIALS.name] = not st.session_state.get(SPECIALS.name, SPECIALS.default)
    elif (
        wished.get("kind") in ("mask", "replace")
        and isinstance(wished.get("place"), int)
        and wished.get("view") == view_name(view)
    ):
        _change_word(key, wished, tokens, view, chosen)


def put(index: int, text: str, chosen: Chosen) -> None:
    """Callback: ``text`` takes the place of the word ``index`` (among the words of the text), hidden or not."""
    tokens = cache.tokens(chosen)
    if not 0 <= index < len(tokens.words) or tokens.word_spans[index] is None:
        return
    start, stop = tokens.word_spans[index]
    st.session_state[SENTENCE] = chosen.sentence[:start] + text + chosen.sentence[stop:]
    _keep_hidden(tokens, [word for word in _hidden(tokens) if word != index])


def _change_word(key: str, wished: dict[str, Any], read: Tokens, view: View, chosen: Chosen) -> None:
    """Hides, shows or replaces the word at a place of the view; a place that is no word of the text changes nothing."""
    tokens = cache.tokens(chosen)
    place = wished["place"]
    word = place if view.words else read.word_of[place] if 0 <= place < len(read.word_of) else -1
    if not 0 <= word < len(tokens.words) or len(tokens.words) != len(read.words) or tokens.word_spans[word] is None:
        return
    if wished["kind"] == "mask":
        hidden = _hidden(tokens)
        hidden = [other for other in hidden if other != word] if word in hidden else sorted([*hidden, word])
        label = cache.language_model(chosen).tokenizer.mask_token if word in hidden else tokens.words[word]
        _keep_hidden(tokens, hidden)
    else:
        text = str(wished.get("text", ""))[:60].strip() or tokens.words[word]
        put(word, text, chosen)
        label = cache.tokens(replace(chosen, sentence=st.session_state[SENTENCE])).words[word]
    _hold(key, view, label)


def _keep_hidden(tokens: Tokens, hidden: list[int]) -> None:
    """The session knows what is hidden, and the link says it.

    A message that was under way while the link changed cannot undo it.
    """
    st.session_state[_KEPT] = [f"{word}:{tokens.words[word]}" for word in hidden]
    _publish()


def _publish() -> None:
    wanted = st.session_state.get(_KEPT)
    if wanted is None or st.query_params.get_all(MASK) == wanted:
        return
    if wanted:
        st.query_params[MASK] = wanted
    else:
        st.query_params.pop(MASK, None)


def _hidden_names() -> list[str]:
    """Hidden words as the session, or else the link, names them."""
    follows_link(_KEPT)
    names = st.session_state.get(_KEPT)
    return st.query_params.get_all(MASK)[:64] if names is None else names


def _hold(key: str, view: View, label: str) -> None:
    """The changed word stays held: its label is another now."""
    selection = (
        selection_from_browser(sent)
        if isinstance(sent := wish(key).get("selection"), dict)
        else chosen_selection(key, view)
    )
    if selection and len(selection.held) == 1 and selection.held[0] < len(view.query) and view.kind != "cross":
        hold_word(view, selection.held[0], label)


def _hidden(tokens: Tokens) -> list[int]:
    """Places of the words that the link hides, as far as this sentence has them there."""
    words = set()
    for name in _hidden_names():
        number, _, label = name.partition(":")
        if (
            number.isdecimal()
            and len(number) < 6
            and int(number) < len(tokens.words)
            and tokens.words[int(number)] == label
            and tokens.word_spans[int(number)]
        ):
            words.add(int(number))
    return sorted(words)


def _masked(text: str, tokens: Tokens, hidden: list[int], mask: str) -> str:
    """``text`` with the words at ``hidden`` replaced, from the end so that the places before stay."""
    for word in reversed(hidden):
        start, stop = tokens.word_spans[word]
        text = text[:start] + mask + text[stop:]
    return text


def say_hidden(trace: Trace, chosen: Chosen) -> None:
    """One line that the sentence is not as it was written."""
    _publish()
    if trace.text != chosen.sentence and _hidden_names():
        st.caption(t("The model reads: “{text}”", text=plain(trace.text)))
