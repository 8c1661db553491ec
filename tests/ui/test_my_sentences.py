"""My sentences as a page: lists kept, hostile files survived, long runs started, stopped and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.tiny import folder
from ui.pages.my_sentences import summaries
from ui.shell.state import DEFAULT_SENTENCE, SENTENCE

ROOT = Path(__file__).resolve().parents[2]
GOOD = "id;frase\n1;Ela encheu o copo.\n2;Ele bebeu a água.\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def open_page(model: str) -> AppTest:
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    opened.query_params["model"] = model
    opened.query_params["lang"] = "en"
    opened.run()
    return opened.switch_page("pages/minhas_frases.py").run()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page with a tiny model, opened from a link."""
    place = Path(folder("bert"))
    monkeypatch.setenv("MIRANTE_MODELS", str(place.parent))
    return open_page(place.name)


def lines(app: AppTest):
    return app.text_area(key="lines")


def send(app: AppTest, name: str, data: bytes) -> AppTest:
    app.segmented_control(key="source").set_value("file").run()
    return app.file_uploader(key="upload").set_value((name, data, "text/csv")).run()


def sentences(app: AppTest) -> list[str]:
    """The column of sentences of the summary table, the last one of the page."""
    return list(app.dataframe[-1].value.iloc[:, 0])


def messages(app: AppTest) -> str:
    texts = [*app.error, *app.caption, *app.markdown]
    return "\n".join(text.value for text in texts).replace("\\", "")


def test_the_page_is_never_empty(app: AppTest) -> None:
    assert not app.exception and not app.error
    shown = app.dataframe[-1].value
    assert len(shown) == 4 and list(shown.columns) == ["Sentence", "Tokens", "Unknown", "Most focused head", "Focus"]
    assert shown["Focus"].between(1, 100).all() and shown["Most focused head"].str.match(r"L[1-3]·[1-4]$").all()


def test_pasted_lines_become_the_list_and_bad_ones_are_named(app: AppTest) -> None:
    lines(app).set_value("Boa.\n…\n=1+1\n<b>a\u202eb</b>").run()
    assert sentences(app) == ["Boa.", "=1+1", "<b>a⟨RLO⟩b</b>"]
    assert "1 refused line" in app.expander[0].label
    assert app.dataframe[0].value.iloc[0].tolist() == [2, "it has no letter, digit or symbol"]


def test_a_hostile_file_leaves_the_page_alive_and_the_list_kept(app: AppTest) -> None:
    send(app, "frases.csv", GOOD.encode())
    assert sentences(app) == ["Ela encheu o copo.", "Ele bebeu a água."]
    send(app, "foto.csv", PNG)
    assert "foto.csv is an image (PNG)" in messages(app) and "previous list" in messages(app)
    assert sentences(app) == ["Ela encheu o copo.", "Ele bebeu a água."] and not app.exception


def test_accepted_lines_of_a_partly_bad_file_are_kept(app: AppTest) -> None:
    send(app, "frases.csv", (GOOD + '3;"Oi; sim."\n4;"aspas "más""\n5;a;b\n').encode())
    assert len(sentences(app)) == 3 and [r[0] for r in app.dataframe[0].value.values.tolist()] == [5, 6]


def test_what_was_detected_is_shown_and_can_be_changed(app: AppTest) -> None:
    send(app, "frases.csv", GOOD.encode("latin-1"))
    assert (
        "read as: table · encoding: cp1252 · separator: semicolon (;) · first row: names · column: frase"
        in messages(app)
    )
    column = next(box for box in app.selectbox if box.label == "Column of the sentences")
    column.set_value("id").run()
    assert sentences(app) == ["1", "2"]
    app.selectbox(key="reading_encoding").set_value("utf-8").run()
    assert "cannot be read as utf-8" in messages(app) and not app.exception


def test_a_long_list_waits_for_a_button_and_keeps_what_was_read(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    lines(app).set_value("\n".join(f"Frase número {i}." for i in range(summaries._AT_ONCE + 4))).run()
    assert list(app.dataframe[-1].value.columns) == ["Sentence"]
    start = next(button for button in app.button if button.label.startswith("Read 12"))
    start.click().run()
    assert app.dataframe[-1].value["Tokens"].notna().all()
    monkeypatch.setattr(summaries, "_summary", lambda *_: pytest.fail("read twice"))
    app.run()
    assert app.dataframe[-1].value["Tokens"].notna().all() and not app.error


def test_a_sentence_too_long_for_the_model_has_its_reason_and_the_others_their_numbers(app: AppTest) -> None:
    lines(app).set_value("Boa.\n" + "água " * 300).run()
    shown = app.dataframe[-2].value
    assert shown["Tokens"].isna().tolist() == [False, True]
    assert "1 sentence this model cannot read" in app.expander[-1].label


def test_a_model_that_cannot_be_loaded_leaves_the_list() -> None:
    app = open_page("no-such-model")
    assert len(app.error) == 1 and len(sentences(app)) == 4


def links(app: AppTest) -> list[str]:
    """Names of the links of the page itself: not the way home, not the questions at its end."""
    labels = [element.proto.label for element in app.get("page_link")]
    return [label for label in labels if label != "Mirante" and "→" not in label]


def test_the_picked_sentence_becomes_the_one_of_every_page(app: AppTest) -> None:
    lines(app).set_value(f"Um.\n{DEFAULT_SENTENCE}\nTrês.").run()
    assert app.selectbox(key="picked_sentence").value == 1  # the shared sentence is in the list
    app.selectbox(key="picked_sentence").set_value(2).run()
    wanted = sentences(app)[2]
    assert app.session_state[SENTENCE] == wanted and len(links(app)) == 1
    app.switch_page("pages/explorar.py").run()
    assert app.text_area(key=SENTENCE).value == wanted


def test_a_repeated_sentence_can_be_picked_where_it_stands(app: AppTest) -> None:
    lines(app).set_value("Sim.\nNão.\nSim.").run()
    assert app.selectbox(key="picked_sentence").value is None and not links(app)
    app.selectbox(key="picked_sentence").set_value(2).run()
    assert app.selectbox(key="picked_sentence").value == 2
