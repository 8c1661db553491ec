"""The film on a page: it opens trained, plays from chance to the end at its pace, and nothing runs once it has
stopped.
"""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from core.models import checkpoints
from core.models.sources import bundled_names
from ui.pages.models.film import FILM_MODEL, FILM_MOVED_AT, FILM_PACE, FILM_PLAYING, FILM_STEP

pytestmark = pytest.mark.skipif(FILM_MODEL not in bundled_names(), reason="the film is not in this tree")


def script() -> None:
    import streamlit as st

    from ui.pages.models.film import show_film

    st.session_state.setdefault("lang", "pt")
    show_film()


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    return app


def tick(app: AppTest) -> AppTest:
    """One of the fragment's own reruns, a frame's time later."""
    app.session_state[FILM_MOVED_AT] = time.monotonic() - FILM_PACE
    return app.run()


def test_it_opens_at_the_last_step_with_the_head_of_the_answer(page: AppTest) -> None:
    kept = checkpoints.checkpoint_steps(FILM_MODEL)
    slider = page.select_slider[0]
    assert (
        slider.value == kept[-1]
        and slider.options[0] == "0"
        and slider.options[-1] == "7.000"
        and len(slider.options) == len(kept)
    )
    role = next(role for role in checkpoints.checkpoint_measures(FILM_MODEL).roles if role.name == "answer")
    assert page.selectbox[0].value == f"{role.layer + 1}.{role.head + 1}" and len(page.selectbox[0].options) == 12
    assert "resposta" in page.markdown[0].value and "−" not in page.markdown[0].value


def test_it_plays_from_chance_to_the_end_and_stops(page: AppTest) -> None:
    kept = checkpoints.checkpoint_steps(FILM_MODEL)
    page.button[0].click().run()
    assert (
        page.session_state[FILM_PLAYING] and page.select_slider[0].value == kept[0] and page.button[0].label == "Parar"
    )
    seen = [tick(page).select_slider[0].value for _ in kept[1:]]
    assert tuple(seen) == kept[1:] and not page.session_state[FILM_PLAYING] and page.button[0].label == "Assistir"
    assert tick(page).select_slider[0].value == kept[-1] and not page.exception


def test_a_frame_stays_its_time_and_a_film_left_alone_does_not_start_by_itself(page: AppTest) -> None:
    kept = checkpoints.checkpoint_steps(FILM_MODEL)
    page.button[0].click().run()
    assert page.run().select_slider[0].value == kept[0]
    page.session_state[FILM_MOVED_AT] = time.monotonic() - 3600
    page.run()
    assert not page.session_state[FILM_PLAYING] and page.session_state[FILM_STEP] == kept[0]


def test_another_step_and_another_head(page: AppTest) -> None:
    kept = checkpoints.checkpoint_steps(FILM_MODEL)
    page.select_slider[0].set_value(kept[3]).run()
    page.selectbox[0].set_value("1.2").run()
    assert not page.exception and page.select_slider[0].value == kept[3]
    assert page.query_params["film_step"] == str(kept[3]) and page.query_params["film_head"] == "1.2"
