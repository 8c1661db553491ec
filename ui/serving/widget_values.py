"""What a page's widget is told counts only if it is of the widget's own kind; anything else counts as not said.

Streamlit hands whatever field a message sets to the reader of the widget: a number where a text belongs, or a hundred
thousand brackets, ended the run with an error and a traceback in the log, again at every later run. Here such a value
is dropped and the widget is as on an untouched page. Not here: how much a message may say (messages.py), what a value
means (each page)."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import wraps
from typing import Any

from streamlit.runtime.state.session_state import Serialized, Value, WStates

_LOGGER = logging.getLogger("mirante.widgets")


def _family(kind: str) -> str:
    """A browser sends a whole number of a field that takes any as one, and the other way round."""
    return kind.replace("int_", "double_")


def read_only_own_kinds() -> None:
    """From here on, in every session; the second call changes nothing."""
    read = WStates.__getitem__
    if hasattr(read, "__wrapped__"):
        return

    @wraps(read)
    def read_own_kind(states: WStates, name: str) -> Any:
        said = states.states.get(name)
        if not isinstance(said, Serialized):
            return read(states, name)
        widget, kind = states.widget_metadata.get(name), said.value.WhichOneof("value")
        if widget is None:
            return read(states, name)
        if kind is None or _family(kind) == _family(widget.value_type):
            with suppress(TypeError, ValueError, AttributeError, RecursionError):
                return read(states, name)
        _LOGGER.warning("A value of another kind than its widget's was dropped")
        states.states[name] = Value(widget.deserializer(None))
        return read(states, name)

    WStates.__getitem__ = read_own_kind  # type: ignore[method-assign]
