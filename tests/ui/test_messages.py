"""What a page may say over its connection: our kinds of messages, and no more than our pages say."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from ui.serving import bounds
from ui.serving.messages import checked


def rerun(**states: object) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = "lang=pt"
    for name, value in states.items():
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = name
        if isinstance(value, list):
            widget.string_array_value.data.extend(value)
        else:
            setattr(widget, "json_value" if name.startswith("json") else "string_value", value)
    return message


def passed(message: BackMsg) -> BackMsg | None:
    return checked(message.SerializeToString())


def test_a_run_with_what_our_pages_say_passes_as_it_is() -> None:
    message = rerun(sentence="a" * 100_000, json_explorer="{}", words=["a", "b"])
    assert passed(message) == message


def test_a_state_or_a_list_beyond_ours_is_left_out_and_the_rest_passes() -> None:
    message = rerun(sentence="a", json_explorer="x" * (bounds.LONGEST_STATE + 1), words=["a"] * 10_001, lang="pt")
    assert passed(message) == rerun(sentence="a", lang="pt")


@pytest.mark.parametrize(
    "fill",
    [
        lambda message: setattr(message, "clear_cache", True),
        lambda message: setattr(message, "set_run_on_save", True),
        lambda message: setattr(message, "load_git_info", True),
        lambda message: setattr(message, "debug_shutdown_runtime", True),
        lambda message: message.backend_operation_request.install_skills.SetInParent(),
        lambda message: [message.rerun_script.widget_states.widgets.add() for _ in range(1_001)],
        lambda message: None,
    ],
)
def test_what_none_of_our_pages_says_is_dropped(fill) -> None:
    message = BackMsg()
    fill(message)
    assert passed(message) is None


@pytest.mark.parametrize(
    "query, kept",
    [
        ("a=" + "b" * 31_998, "a=" + "b" * 31_998),
        ("a=" + "b" * 31_999, "link_too_long=32001"),
        ("lang=en&a=" + "b" * 31_991, "lang=en&link_too_long=32001"),
        ("lang=" + "b" * 31_996, "link_too_long=32001"),
    ],
)
def test_a_link_that_is_too_long_becomes_one_that_says_so_in_its_language(query: str, kept: str) -> None:
    message = rerun()
    message.rerun_script.query_string = query
    assert passed(message).rerun_script.query_string == kept


def test_what_is_no_message_is_dropped() -> None:
    assert checked(b"\xff" * 50) is None and checked(b"") is None


def test_addresses_are_asked_for_a_few_files_at_a_time() -> None:
    message = BackMsg()
    message.file_urls_request.file_names.extend([""] * 990_000)
    answer = passed(message)
    assert answer is not None and len(answer.file_urls_request.file_names) == bounds.MOST_FILES_OF_SESSION


def test_a_file_that_is_made_when_asked_for_passes() -> None:
    message = BackMsg()
    message.backend_operation_request.deferred_file.file_id = "a"
    assert passed(message) == message
