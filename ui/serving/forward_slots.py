"""Who may run now: pages, fragments, forward passes and answers of the API wait in one queue (turns.py).

Inside: `page_turn` (around a whole page), `fragment` (Streamlit's, with a turn), `whole_page` (out of a fragment),
`forward_slot` (around a model's work, one thread), `let_others` (between the parts of a long work), `look_around` (of a
page's own). Nobody is refused: whoever waits is told how many are before. Not inside: the queue itself (turns.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException

from ..shell.locale import remember_language, t
from ..shell.state import fragment_alone
from .garbage import collect_now_and_then
from .turns import CHOICE, PAGE, TURNS
from .visitors import session_of_page, still_wanted, whose_work

_TOLD_FROM = 3
"""Of how many before one the page speaks: fewer are a fraction of a second."""
_WHOLE_PAGE = "_whole_page"
_MOST_PLACES = 10_000
_places: dict[str, float] = {}
"""Session → when its work was due in the queue when a newer wish of the same visitor replaced the one that waited."""


@contextmanager
def page_turn() -> Iterator[None]:
    """The turn of a whole page; meanwhile one line says how many are before it.

    A visitor who clicks again while waiting keeps the place: only the newest wish is carried out.
    """
    with _turn(st.empty(), PAGE):
        yield


def fragment(function: Callable[..., Any], *, run_every: float | None = None) -> Callable[..., Any]:
    """Streamlit's fragment, whose runs of their own wait for a turn as pages do."""

    @wraps(function)
    def with_turn(*arguments: Any, **named: Any) -> Any:
        if st.session_state.pop(_WHOLE_PAGE, False) and fragment_alone():
            st.rerun()
        with _turn(None, CHOICE):
            remember_language()
            return function(*arguments, **named)

    return st.fragment(with_turn, run_every=run_every)


def whole_page(callback: Callable[..., Any]) -> Callable[..., Any]:
    """A callback inside a fragment after which the whole page runs again, as it changes what stands outside."""

    def run(*arguments: Any) -> None:
        st.session_state[_WHOLE_PAGE] = True
        callback(*arguments)

    return run


@contextmanager
def forward_slot() -> Iterator[None]:
    """Around the work of a model: in a turn, with one thread."""
    from core.models.devices import one_thread

    with TURNS.turn(still_wanted, whose=whose_work()):
        one_thread()
        yield


def let_others() -> None:
    """Between the parts of a long work, inside ``forward_slot``: whoever waits goes first."""
    TURNS.let_others(still_wanted)


def look_around() -> None:
    """Between the parts of what a page makes unasked: who was due before it goes first."""
    TURNS.let_others(still_wanted, patience=None)


@contextmanager
def _turn(place: DeltaGenerator | None, patience: float) -> Iterator[None]:
    """A turn for this session; ``place`` is where the page says that it waits."""
    if TURNS.held:
        yield
        return
    session = session_of_page()
    due = _places.pop(session, None) or TURNS.due(patience)
    waiting = _Waiting(place)
    try:
        with TURNS.turn(waiting.look, due, choice=patience == CHOICE, whose=whose_work()):
            waiting.over()
            yield
            collect_now_and_then()
    except RerunException:
        if waiting.unserved and len(_places) < _MOST_PLACES:
            _places[session] = due
        raise


class _Waiting:
    """What happens while a page waits: it looks for a newer wish, and says how many are before it."""

    def __init__(self, place: DeltaGenerator | None) -> None:
        self.place = place
        self.unserved = True
        self.told = False

    def look(self, before: int) -> None:
        still_wanted()
        if self.place is not None and before >= _TOLD_FROM:
            self.told = True
            self.place.info(t("Waiting for a free processor: {n} before you…", n=before))

    def over(self) -> None:
        """The turn has come: a newer wish still goes first."""
        still_wanted()
        self.unserved = False
        if self.told and self.place is not None:
            self.place.empty()
