"""A widget is told only what it can read: anything else counts as not said, and the page goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

from ui.serving.widget_values import read_only_own_kinds


@pytest.fixture(autouse=True)
def own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WStates, "__getitem__", getattr(WStates.__getitem__, "__wrapped__", WStates.__getitem__))
    read_only_own_kinds()


@dataclass
class Told:
    """A page that was told one value."""

    states: WStates

    def value(self) -> Any:
        return self.states["field"]


def told(kind: str, value: Any, expected: str = "string_value") -> Told:
    state = WidgetState(id="field")
    if isinstance(value, list):
        getattr(state, kind).data.extend(value)
    else:
        setattr(state, kind, value)
    states = WStates()
    states.set_widget_from_proto(state)
    readers = {"string_value": lambda said: said.upper(), "double_value": float, "int_value": int}
    read = readers.get(expected, lambda said: said)
    states.set_widget_metadata(
        WidgetMetadata(
            id="field",
            deserializer=lambda said: "untouched" if said is None else read(said),
            serializer=str,
            value_type=expected,
        )
    )
    return Told(states)


def test_its_own_kind_is_read() -> None:
    assert told("string_value", "a").value() == "A"
    assert told("json_value", "[1]", "json_value").value() == [1]
    assert told("int_value", 7, "double_value").value() == 7.0, "a browser's whole number in a field for any"
    assert told("double_value", 7.0, "int_value").value() == 7


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int_value", 7),
        ("bool_value", True),
        ("double_value", 1.5),
        ("trigger_value", True),
        ("bytes_value", b"a"),
        ("json_value", "{}"),
        ("string_array_value", ["a"]),
    ],
)
def test_another_kind_counts_as_not_said(kind: str, value: Any) -> None:
    page = told(kind, value)
    assert page.value() == "untouched" and page.value() == "untouched"


@pytest.mark.parametrize("text", ["[" * 60_000, "{", "NaN]"])
def test_what_cannot_be_read_counts_as_not_said(text: str) -> None:
    assert told("json_value", text, "json_value").value() == "untouched"
