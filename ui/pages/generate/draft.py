"""The text so far: the beginning, and what was written after it. ``wrote=3fa9:12.55.9`` in the link: tokens by number,
of this model and beginning.

Inside: `draft` (what the link and the session say), `write_on`, `take`, `back`, `begin_again` (callbacks). Not inside:
how the next token is drawn (core.predictions.generation)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import streamlit as st

from core.models.loading import LanguageModel
from core.predictions.generation import MOST_NEW_TOKENS, Sampling, beginning, continue_text

from ...serving.forward_slots import forward_slot
from ...shell.state import Chosen

WROTE = "wrote"
KEPT = "_wrote"


@dataclass(frozen=True, eq=False)
class Draft:
    """model: that writes. start: ids of the beginning; new: ids written after it; of: digest of model and beginning."""

    model: LanguageModel
    start: tuple[int, ...]
    new: tuple[int, ...]
    of: str

    @property
    def ids(self) -> tuple[int, ...]:
        return self.start + self.new

    @property
    def ended(self) -> bool:
        """The model wrote its end."""
        from core.tracing.captures import ends

        return bool(self.new) and self.new[-1] in ends(self.model)

    @property
    def full(self) -> bool:
        """Nothing more can be written: the end, the model's last position, or the most that a link carries."""
        limit = self.model.max_positions
        return self.ended or len(self.new) >= MOST_NEW_TOKENS or (limit is not None and len(self.ids) >= limit)


def draft(model: LanguageModel, chosen: Chosen) -> Draft:
    """What was written after this beginning by this model; another beginning has nothing yet.

    Raises:
        BadInput: an empty beginning.
    """
    start = beginning(model, chosen.sentence)
    of = hashlib.blake2b(
        "\0".join((chosen.model, chosen.sentence)).encode("utf-8", "replace"), digest_size=2
    ).hexdigest()
    held = st.session_state.get(KEPT) or st.query_params.get(WROTE, "")
    found = Draft(model, start, _ids(held, of, model), of)
    _publish(found, found.new)
    return found


def write_on(found: Draft, n: int, sampling: Sampling) -> None:
    """Callback: ``n`` tokens more, as far as there is room."""
    room = MOST_NEW_TOKENS - len(found.new)
    if found.model.max_positions is not None:
        room = min(room, found.model.max_positions - len(found.ids))
    if room < 1 or found.ended:
        return
    with forward_slot():
        made = continue_text(found.model, found.ids, min(n, room), sampling)
    _publish(found, made.ids[len(found.start) :])


def take(found: Draft, token: int) -> None:
    """Callback: a token picked by hand."""
    if not found.full:
        _publish(found, (*found.new, token))


def back(found: Draft) -> None:
    """Callback: the last token is taken back."""
    _publish(found, found.new[:-1])


def begin_again(found: Draft) -> None:
    """Callback: only the beginning stays."""
    _publish(found, ())


def _publish(found: Draft, new: tuple[int, ...]) -> None:
    """The session knows, and the link says it."""
    wanted = f"{found.of}:{'.'.join(map(str, new))}" if new else ""
    st.session_state[KEPT] = wanted or f"{found.of}:"
    if wanted and st.query_params.get(WROTE) != wanted:
        st.query_params[WROTE] = wanted
    elif not wanted and WROTE in st.query_params:
        del st.query_params[WROTE]


def _ids(held: str, of: str, model: LanguageModel) -> tuple[int, ...]:
    """Ids of ``held``, if they were written after this beginning and the vocabulary has them all."""
    owner, _, listed = held.partition(":")
    if owner != of or not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,7})*", listed):
        return ()
    ids = tuple(int(one) for one in listed.split("."))[:MOST_NEW_TOKENS]
    return ids if max(ids) < len(model.tokenizer) else ()
