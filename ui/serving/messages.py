"""What a page may say over its connection: only what our pages say, and no more of it than they do.

Streamlit acts on some messages inside the event loop, which answers everybody, and keeps what a widget says for as long
as the session lives: a list of a million names stopped it for forty seconds, a component's state of 2 MB became 40 MB
of objects. A link that is too long becomes one that says so, in its language: a page whose run is dropped would load
for ever. Inside: `checked`. Not here: how often (admission.py), what a value means (each page)."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ..shell.state import LANG, LINK_TOO_LONG
from . import bounds

OURS = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
"""Kinds of messages that our pages send. Others are left out: to clear caches, to change settings, to read git."""
OPERATIONS = {"deferred_file", "dataframe_chunk"}
_LISTS = {"string_array_value", "int_array_value", "double_array_value"}


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
    if len(rerun.cached_message_hashes) > bounds.MOST_WIDGETS:
        del rerun.cached_message_hashes[:]
    fitting = [widget for widget in widgets if _fits(widget)]
    if len(fitting) < len(widgets):
        kept = [WidgetState.FromString(widget.SerializeToString()) for widget in fitting]
        del widgets[:]
        widgets.extend(kept)
    return message


def _refusing(query: str) -> str:
    """Instead of a link that is too long: its language and its length in characters."""
    spoken = re.search(rf"(?:^|&){LANG}=(\w{{2,8}})(?:&|$)", query)
    return urlencode(({LANG: spoken[1]} if spoken else {}) | {LINK_TOO_LONG: len(query)})


def _fits(widget: WidgetState) -> bool:
    """Whether a widget says no more than ours do: a component's state, or a list of choices."""
    kind = widget.WhichOneof("value")
    if kind == "json_value":
        return len(widget.json_value) <= bounds.LONGEST_STATE
    return kind not in _LISTS or len(getattr(widget, kind).data) <= bounds.MOST_CHOICES
