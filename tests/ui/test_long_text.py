"""Sentences too long for a link: kept under an id, opened from it, and honest about what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import MiranteError
from core.storage.texts import store, text_id
from ui.serving import bounds, rates
from ui.shell.state import DEFAULT_SENTENCE, fits_link
from ui.top_bar import long_text

LONG = "A jarra derramou água no copo até que ele ficasse cheio. " * 40


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A database of the test, and none of another after it; nothing was kept before."""
    rates._counters.storage.reset()
    monkeypatch.setenv("MIRANTE_DATABASE", f"sqlite:///{tmp_path}/texts.db")
    store.cache_clear()
    yield
    store.cache_clear()


def bar() -> None:
    from ui.shell.state import settle_language
    from ui.top_bar.long_text import tell_problem
    from ui.top_bar.sentence import pick_sentence, tell_of_link

    settle_language()
    pick_sentence()
    tell_of_link()
    tell_problem()


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(bar, default_timeout=30)
    for name, value in {"lang": "pt", **query}.items():
        app.query_params[name] = value
    return app.run()


def sentence(app: AppTest) -> str:
    return app.text_area(key="sentence").value


def link(app: AppTest, name: str) -> str | None:
    found = app.query_params.get(name)
    return found[0] if isinstance(found, list) else found


def test_a_long_sentence_travels_by_its_id_and_comes_back() -> None:
    assert not fits_link(LONG)
    app = opened()
    app.text_area(key="sentence").set_value(LONG).run()
    assert link(app, "text") == text_id(LONG) and "o servidor o guarda" in app.caption[0].value
    again = opened(text=text_id(LONG))
    assert sentence(again) == LONG and not again.warning and "o servidor o guarda" in again.caption[0].value
    assert link(again, "text") == text_id(LONG)


def test_a_short_sentence_takes_the_id_out_of_the_link() -> None:
    app = opened()
    app.text_area(key="sentence").set_value(LONG).run()
    app.text_area(key="sentence").set_value("O copo.").run()
    assert link(app, "text") is None and sentence(app) == "O copo."
    app.text_area(key="sentence").set_value(LONG).run()
    assert link(app, "text") == text_id(LONG)


@pytest.mark.parametrize("key", ["a" * 12, "", "nonsense", "../../etc/passwd", "' OR 1=1"])
def test_an_id_that_is_not_here_is_said_and_the_default_opens(key: str) -> None:
    app = opened(text=key)
    assert sentence(app) == DEFAULT_SENTENCE and link(app, "text") is None
    assert len(app.warning) == 1 and "não está guardado aqui" in app.warning[0].value
    app.run()
    assert len(app.warning) == 1
    app.text_area(key="sentence").set_value("O copo.").run()
    assert not app.warning and not app.exception


def test_english_is_told_in_english() -> None:
    assert "is not kept here" in opened(text="a" * 12, lang="en").warning[0].value


def test_a_sentence_in_the_link_wins_over_an_id() -> None:
    key = store().keep(LONG)
    assert sentence(opened(text=key, sentence="O copo.")) == "O copo."


def test_without_a_store_the_sentence_works_and_the_caption_says_what_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRANTE_DATABASE", "off")
    store.cache_clear()
    app = opened()
    app.text_area(key="sentence").set_value(LONG).run()
    assert sentence(app) == LONG and link(app, "text") is None and "longo demais para um link" in app.caption[0].value
    assert "não pode ser lido agora" in opened(text=text_id(LONG)).warning[0].value


def test_the_store_is_asked_once_for_a_text_and_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Broken:
        def find(self, key: str) -> None:
            return None

        def keep(self, text: str) -> str:
            asked.append(text)
            raise MiranteError("no")

    monkeypatch.setattr(long_text, "_store", Broken)
    app = opened()
    app.text_area(key="sentence").set_value(LONG).run()
    app.run()
    assert len(asked) == 1
    monkeypatch.setattr(long_text, "RETRY_SECONDS", 0.0)
    app.run()
    assert len(asked) == 2 and sentence(app) == LONG


def test_a_text_beyond_the_bounds_stays_in_the_session() -> None:
    app = opened()
    app.text_area(key="sentence").set_value("a" * 60_000).run()
    assert len(sentence(app)) == 60_000 and link(app, "text") is None and "longo demais" in app.caption[0].value


def kept_of(texts: list[str]) -> list[bool]:
    """Whether each text, written one after the other on one page, travels in its link."""
    app, travels = opened(), []
    for text in texts:
        app.text_area(key="sentence").set_value(text).run()
        assert sentence(app) == text and not app.exception
        travels.append(link(app, "text") == text_id(text))
        said = app.caption[0].value if app.caption else ""
        assert ("abrirá a frase padrão" in said) == (not travels[-1] and not fits_link(text))
    return travels


def test_a_session_keeps_so_many_new_texts_a_minute_and_old_ones_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "_OF_SESSION", type(long_text._OF_SESSION)(3))
    texts = [f"{n} {LONG}" for n in range(5)]
    assert kept_of([*texts, texts[0], "O copo.", texts[2]]) == [True] * 3 + [False] * 2 + [True, False, True]


def test_an_address_keeps_so_much_a_day_and_a_short_text_counts_for_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "_KILOBYTES", type(long_text._KILOBYTES)(50))
    large = "𠀀" * 7_000  # 28 kB
    assert kept_of([large, LONG, LONG + "a", LONG + "b"]) == [True, True, True, False]
    assert [kept_of([f"{n} {LONG}"]) for n in range(2)] == [[False], [False]]  # other sessions of this address


def test_one_address_cannot_push_out_what_others_keep() -> None:
    from core.storage.texts import MAX_STORED_BYTES, MAX_TEXTS

    a_day = bounds.NEW_TEXT_BYTES_A_DAY
    assert a_day <= MAX_STORED_BYTES // 5 and a_day // bounds.NEW_TEXT_LEAST_BYTES <= MAX_TEXTS // 5


def test_a_text_of_many_bytes_is_not_kept_however_few_its_characters() -> None:
    assert kept_of(["𠀀" * 9_000]) == [False]
