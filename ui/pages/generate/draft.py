"""The text so far: the beginning, and the tokens written after it, as the session and the link hold them.

The link says ``wrote=3fa9:12.55.9``: a digest of model and beginning, then the tokens by number. Not here: how the next
token is drawn (core/predictions/generation.py).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import streamlit as st

from core.models.loading import LanguageModel
from core.predictions.generation import MOST_NEW_TOKENS, Sampling, beginning, continue_text

from ...serving.forward_slots import forward_slot
from ...shell.history import follows_link
from ...shell.state import Chosen

_WROTE = "wrote"
_HELD_IDS = "_wrote"


@dataclass(frozen=True, eq=False)
class Draft:
    """The text so far. start: ids of the beginning; new: ids written after it; of: digest of model and beginning."""

    model: LanguageModel
    start: tuple[int, ...]
    new: tuple[int, ...]
    of: str

    @property
    def ids(self) -> tuple[int, ...]:
        return self.start + self.new

    @property
    def ended(self) -> bool:
        """Whether the last token that the model wrote is its end."""
        from core.tracing.captures import ends

        return bool(self.new) and self.new[-1] in ends(self.model)

    @property
    def full(self) -> bool:
        """Whether nothing more can be written: the end, the model's last position, or the most that a link carries."""
        limit = self.model.max_positions
        return self.ended or len(self.new) >= MOST_NEW_TOKENS or (limit is not None and len(self.ids) >= limit)


def held_draft(model: LanguageModel, chosen: Chosen) -> Draft:
    """What this model wrote after this beginning, as session or link hold it; another beginning has nothing yet.

    Raises:
        BadInput: an empty beginning.
    """
    start = beginning(model, chosen.sentence)
    of = hashlib.blake2b(
        "\0".join((chosen.model, chosen.sentence)).encode("utf-8", "replace"), digest_size=2
    ).hexdigest()
    follows_link(_HELD_IDS)
    held = st.session_state.get(_HELD_IDS) or st.query_params.get(_WROTE, "")
    draft = Draft(model, start, _ids(held, of, model), of)
    _publish(draft, draft.new)
    return draft


def write_on(draft: Draft, n: int, sampling: Sampling) -> None:
    """Callback: write ``n`` tokens more, as far as there is room."""
    room = MOST_NEW_TOKENS - len(draft.new)
    if draft.model.max_positions is not None:
        room = min(room, draft.model.max_positions - len(draft.ids))
    if room < 1 or draft.ended:
        return
    with forward_slot():
        continuation = continue_text(draft.model, draft.ids, min(n, room), sampling)
    _publish(draft, continuation.ids[len(draft.start) :])


def take(draft: Draft, token: int) -> None:
    """Callback: write a token that was picked by hand."""
    if not draft.full:
        _publish(draft, (*draft.new, token))


def take_back(draft: Draft) -> None:
    """Callback: take the last token back."""
    _publish(draft, draft.new[:-1])


def begin_again(draft: Draft) -> None:
    """Callback: keep the beginning only."""
    _publish(draft, ())


def _publish(draft: Draft, new: tuple[int, ...]) -> None:
    """Hold the written tokens in the session and in the link."""
    wanted = f"{draft.of}:{'.'.join(map(str, new))}" if new else ""
    st.session_state[_HELD_IDS] = wanted or f"{draft.of}:"
    if wanted and st.query_params.get(_WROTE) != wanted:
        st.query_params[_WROTE] = wanted
    elif not wanted and _WROTE in st.query_params:
        del st.query_params[_WROTE]


def _ids(held: str, of: str, model: LanguageModel) -> tuple[int, ...]:
    """Ids of ``held``, if they were written after this beginning and the vocabulary has them all."""
    owner, _, listed = held.partition(":")
    if owner != of or not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,7})*", listed):
        return ()
    ids = tuple(int(digits) for digits in listed.split("."))[:MOST_NEW_TOKENS]
    return ids if max(ids) < len(model.tokenizer) else ()
