"""What a page may say over its connection: only what our pages say, and no more of it than they do.

Streamlit acts on some messages inside the event loop, which answers everybody, and keeps what a widget says for as long
as the session lives: a list of a million names stopped it for forty seconds, a component's state of 2 MB became 40 MB
of objects. A link that is too long becomes one that says so, in its language: a page whose run is dropped would load
for ever. Inside: `checked`. Not here: how often (admission.py), what a value means (each page)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ..shell.state import LANG, LINK_TOO_LONG
from . import bounds

OURS = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
"""Kinds of messages that our pages send. Others are left out: to clear caches, to change settings, to read git."""
OPERATIONS = {"deferred_file", "dataframe_chunk"}
_STATES = {"json_value", "json_trigger_value"}
_LISTS = {"string_array_value", "int_array_value", "double_array_value"}
_SHORT = {"trigger_value", "bool_value", "int_value", "double_value", None}
_NAMES = {"page_script_hash": 200, "page_name": 200, "fragment_id": 200}
_CONTEXT = {"timezone": 200, "locale": 200, "color_scheme": 200, "url": bounds.LONGEST_QUERY}
_FILES_BYTES = 8_000  # of the names and addresses of a field's files


def checked(data: bytes) -> BackMsg | None:
    """The message with what our pages may say; None where nothing is left of it, or it is no message."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except Exception:  # protobuf raises classes of its own
        return None
    kind = message.WhichOneof("type")
    if kind not in OURS:
        return None
    if kind == "file_urls_request":
        del message.file_urls_request.file_names[bounds.MOST_FILES_OF_SESSION :]
    elif kind == "backend_operation_request":
        return message if message.backend_operation_request.WhichOneof("payload") in OPERATIONS else None
    elif kind == "rerun_script":
        return _checked_rerun(message)
    return message


def _checked_rerun(message: BackMsg) -> BackMsg | None:
    rerun = message.rerun_script
    widgets = rerun.widget_states.widgets
    if len(widgets) > bounds.MOST_WIDGETS:
        return None
    if len(rerun.query_string) > bounds.LONGEST_QUERY:
        rerun.query_string = _refusing(rerun.query_string)
    _cut(rerun, _NAMES)
    if rerun.HasField("context_info"):
        _cut(rerun.context_info, _CONTEXT)
    hashes = rerun.cached_message_hashes
    if len(hashes) > bounds.MOST_WIDGETS or sum(map(len, hashes)) > bounds.LONGEST_STATE:
        del hashes[:]
    room = _Room()
    fitting = [widget for widget in widgets if room.takes(widget)]
    if len(fitting) < len(widgets):
        kept = [WidgetState.FromString(widget.SerializeToString()) for widget in fitting]
        del widgets[:]
        widgets.extend(kept)
    return message


def _cut(message: Message, longest: Mapping[str, int]) -> None:
    """Cut texts that the session keeps: an unknown page stays unknown."""
    for name, most in longest.items():
        if len(text := getattr(message, name)) > most:
            setattr(message, name, text[:most])


def _refusing(query: str) -> str:
    """Instead of a link that is too long: its language and its length in characters."""
    spoken = re.search(rf"(?:^|&){LANG}=(\w{{2,8}})(?:&|$)", query)
    return urlencode(({LANG: spoken[1]} if spoken else {}) | {LINK_TOO_LONG: len(query)})


class _Room:
    """What the widgets of one message may say together; what does not fit any more is left out.

    A text is cut instead, at a length that none of its readers takes: so it is the reader who says so.
    """

    def __init__(self) -> None:
        self.letters, self.state, self.items = bounds.LONGEST_TEXTS, bounds.LONGEST_STATE, bounds.MOST_CHOICES

    def takes(self, widget: WidgetState) -> bool:
        """Whether there is room for what a widget says; then it is taken."""
        kind = widget.WhichOneof("value")
        if len(widget.id) > bounds.LONGEST_ID:
            return False
        if kind == "string_value":
            longest = min(bounds.LONGEST_TEXT + 1, self.letters)
            if len(widget.string_value) > longest:
                widget.string_value = widget.string_value[:longest]
            return self._take("letters", len(widget.string_value))
        if kind in _STATES:
            return self._take("state", len(getattr(widget, kind)))
        if kind in _LISTS:
            values = getattr(widget, kind).data
            letters = sum(map(len, values)) if kind == "string_array_value" else 0
            return self._take("items", len(values)) and self._take("letters", letters)
        if kind == "file_uploader_state_value":
            return widget.ByteSize() <= _FILES_BYTES
        return kind in _SHORT

    def _take(self, part: str, size: int) -> bool:
        left = getattr(self, part) - size
        if left >= 0:
            setattr(self, part, left)
        return left >= 0
