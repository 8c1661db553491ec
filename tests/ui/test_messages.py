"""What a page may say over its connection: our kinds of messages, and no more than our pages say."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.errors import BadInput
from core.tracing.captures import MAX_TEXT_CHARACTERS
from ui.pages.my_sentences.reading import _from_lines
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


def test_a_text_is_cut_where_its_reader_says_that_it_is_too_long() -> None:
    assert bounds.LONGEST_TEXT > MAX_TEXT_CHARACTERS  # of a sentence; pasted lines are refused beyond LONGEST_TEXT
    long = {name: "😀" + name * 1_850_000 for name in "abcd"}
    message = passed(rerun(**long))
    texts = [widget.string_value for widget in message.rerun_script.widget_states.widgets]
    whole = bounds.LONGEST_TEXT + 1
    assert [len(text) for text in texts] == [whole, whole, bounds.LONGEST_TEXTS - 2 * whole, 0]
    assert texts[0].startswith("😀aa")


def test_more_pasted_lines_than_a_message_brings_are_refused_in_words() -> None:
    with pytest.raises(BadInput, match="characters were pasted"):
        _from_lines("a" * (bounds.LONGEST_TEXT + 1))


def test_many_states_and_lists_count_together() -> None:
    half = "x" * (bounds.LONGEST_STATE // 2 + 1)
    assert passed(rerun(json_a=half, json_b=half, json_c="{}")) == rerun(json_a=half, json_c="{}")
    six = ["a"] * (bounds.MOST_CHOICES // 10 * 6)
    assert passed(rerun(a=six, b=six, c=["b"])) == rerun(a=six, c=["b"])
    assert passed(rerun(a=["x" * (bounds.LONGEST_TEXTS + 1)], b=["b"])) == rerun(b=["b"])


def test_names_of_pages_and_what_is_said_of_the_browser_are_cut() -> None:
    message, long = rerun(), "x" * 500_000
    for name in ("page_name", "page_script_hash", "fragment_id"):
        setattr(message.rerun_script, name, long)
    for name in ("url", "timezone", "locale", "color_scheme"):
        setattr(message.rerun_script.context_info, name, long)
    message.rerun_script.cached_message_hashes.append(long)
    message.rerun_script.widget_states.widgets.add(id=long, bool_value=True)
    message.rerun_script.widget_states.widgets.add(id="checked", bool_value=True)
    kept = passed(message)
    assert kept.ByteSize() < 35_000 and kept.rerun_script.context_info.url.startswith("xxx")
    assert [widget.id for widget in kept.rerun_script.widget_states.widgets] == ["checked"]


def test_values_that_no_widget_of_ours_has_are_left_out() -> None:
    message = rerun(lang="pt")
    widgets = message.rerun_script.widget_states.widgets
    widgets.add(id="a").bytes_value = b"x" * 100_000
    widgets.add(id="b").arrow_value.data = b"x" * 100_000
    widgets.add(id="c").string_trigger_value.data = "x"
    widgets.add(id="d").chat_input_value.data = "x"
    widgets.add(id="e").file_uploader_state_value.uploaded_file_info.add(name="x" * 9_000)
    widgets.add(id="f").file_uploader_state_value.uploaded_file_info.add(name="a.txt", file_id="1")
    widgets.add(id="g").json_trigger_value = "{}"
    assert [widget.id for widget in passed(message).rerun_script.widget_states.widgets] == ["lang", "f", "g"]


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
