"""The film on a page: a slider over the steps of a training, one head's map and the curves of the roles.

A button plays it. While it plays, a fragment runs itself again at a fixed pace, and only the fragment; stopped, nothing
runs. Not inside: the frames (core/models/checkpoints.py), what was measured on them (training/film/measures.py), the
rest of the page of models.
"""

from __future__ import annotations

import time

import streamlit as st

from core import capture
from core.axes import head_name
from core.figures.roles import RoleLine, role_curves
from core.models import checkpoints
from core.tracing.trace import Trace
from core.views.view import View, view as make_view

from ...components.attention import attention_explorer
from ...components.selection import Selection
from ...serving import cache
from ...serving.bounded_cache import Shelf
from ...serving.forward_slots import forward_slot, fragment
from ...serving.turns import TURNS
from ...shell.charts import chart, look
from ...shell.frame import telling
from ...shell.locale import percent, t
from ...shell.numbers import decimal, thousands
from ...shell.state import Chosen, publish, settle

FILM_MODEL = "mirante-film"
_SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio. O que ficou cheio? O [MASK]."
QUERY = "[MASK]"
FIRST_ROLE = "answer"
FILM_STEP, _HEAD, FILM_PLAYING, FILM_MOVED_AT = "film_step", "film_head", "film_playing", "film_moved"
FILM_PACE = 1.2  # seconds a frame stays
_LEFT_AFTER = (
    20 * FILM_PACE
)  # a film that nobody has seen move for so long was left: it does not start by itself on return
MAX_FRAMES, MAX_FRAME_BYTES = 48, 512 * 2**20  # two films of one sentence each


def frame_trace(name: str, step: int, text: str) -> Trace:
    """One sentence through a bundled model as it was at one step of its film.

    No spinner, so that nothing jumps while it plays.

    Raises:
        MiranteError: what core.models.checkpoints raises, or a full queue.
    """
    base = cache.language_model(Chosen(name, device="cpu", sentence="", language="pt"))

    def run() -> Trace:
        with TURNS.aside():  # it may wait for another model that is being loaded
            model = checkpoints.at_step(base, step)
        with forward_slot():
            return capture(model, text)

    return _frames.get((name, step, text), run)


def show_film(name: str = FILM_MODEL) -> None:
    """Slider, play button, map and curves; nothing for a model without a film."""
    steps = checkpoints.checkpoint_steps(name)
    if len(steps) < 2:
        return
    if _playing() and time.monotonic() - st.session_state.get(FILM_MOVED_AT, 0.0) > _LEFT_AFTER:
        st.session_state[FILM_PLAYING] = False
    fragment(_frame, run_every=FILM_PACE if _playing() else None)(name, steps)


def _frame(name: str, steps: tuple[int, ...]) -> None:
    """One frame; its own rerun while the film plays."""
    with telling():
        _show_frame(name, steps)


def _show_frame(name: str, steps: tuple[int, ...]) -> None:
    if _playing():
        _advance(steps)
    measured = checkpoints.checkpoint_measures(name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _pick_play(steps)
        step = _pick_step(steps)
        view = make_view(frame_trace(name, step, _SENTENCE), "self", words=True, specials=True, renormalise=False)
        layer, head = _pick_head(measured, view)
    _say(measured, step, layer, head)
    picture, curves = st.columns(2)
    with picture:
        _show_map(view, layer, head)
    with curves:
        _show_curves(measured, step)


def _playing() -> bool:
    return bool(st.session_state.get(FILM_PLAYING))


def _advance(steps: tuple[int, ...]) -> None:
    """One step on when the present one has been seen long enough.

    At the last one the film stops, and with it the fragment's reruns.
    """
    now = time.monotonic()
    if now - st.session_state.get(FILM_MOVED_AT, 0.0) < 0.8 * FILM_PACE:
        return
    settle(FILM_STEP, steps, steps[-1])
    position = min(steps.index(st.session_state[FILM_STEP]) + 1, len(steps) - 1)
    st.session_state[FILM_STEP], st.session_state[FILM_MOVED_AT] = steps[position], now
    if position == len(steps) - 1:
        st.session_state[FILM_PLAYING] = False
        st.rerun()


def _pick_play(steps: tuple[int, ...]) -> None:
    """The button; a click reruns the page once, so that the fragment gets or loses its pace."""
    title = t("Stop") if _playing() else t("Play")
    if st.button(title, key="film_play", type="primary", on_click=_toggle, args=(steps,), width=120):
        st.rerun()


def _toggle(steps: tuple[int, ...]) -> None:
    """Callback: play or stop; from the end, play from the beginning."""
    st.session_state[FILM_PLAYING] = not _playing()
    st.session_state[FILM_MOVED_AT] = time.monotonic()
    if _playing() and st.session_state.get(FILM_STEP, steps[-1]) == steps[-1]:
        st.session_state[FILM_STEP] = steps[0]


def _pick_step(steps: tuple[int, ...]) -> int:
    settle(FILM_STEP, steps, steps[-1])
    step = st.select_slider(
        t("Step of the training"), steps, key=FILM_STEP, persist_state="session", format_func=thousands
    )
    if not _playing():
        publish(FILM_STEP, str(step), str(steps[-1]))
    return step


def _step_name(step: int) -> str:
    return t("step 0 (chance)") if step == 0 else t("step {n}", n=thousands(step))


def _pick_head(measured: checkpoints.CheckpointMeasures, view: View) -> tuple[int, int]:
    """Every head by name, the heads of the roles with theirs; ``answer`` first."""
    roles = {(role.layer, role.head): _role_names()[role.name] for role in measured.roles}
    heads = {f"{i + 1}.{j + 1}": (i, j) for i in range(view.layers) for j in range(view.heads)}
    first = next(f"{role.layer + 1}.{role.head + 1}" for role in measured.roles if role.name == FIRST_ROLE)
    settle(_HEAD, tuple(heads), first)

    def label(key: str) -> str:
        position = heads[key]
        return head_name(*position, t("L")) + (f" · {roles[position]}" if position in roles else "")

    chosen = st.selectbox(t("Head"), heads, key=_HEAD, persist_state="session", format_func=label, width=220)
    publish(_HEAD, chosen, first)
    return heads[chosen]


def _say(measured: checkpoints.CheckpointMeasures, step: int, layer: int, head: int) -> None:
    """The takeaway of this frame, from the numbers."""
    frame = measured.steps.index(step)
    parts = [
        t(
            "**{step}**: {share} of the hidden words guessed (n = {n}).",
            step=_step_name(step),
            share=percent(measured.masked[frame]),
            n=measured.n,
        )
    ]
    for role in measured.roles:
        if (role.layer, role.head) == (layer, head):
            parts.append(
                t(
                    "{head}, {role}: {score} (step 0: {null}; n = {n}).",
                    head=head_name(layer, head, t("L")),
                    role=_role_names()[role.name],
                    score=decimal(role.scores[frame], 2),
                    null=decimal(role.scores[0], 2),
                    n=role.n,
                )
            )
    st.markdown(" ".join(parts))


def _show_map(view: View, layer: int, head: int) -> None:
    """The head's matrix at this step, with the hidden answer held."""
    attention_explorer(
        view,
        Selection(layer, head, query=view.query.labels.index(QUERY)),
        mode="matrix",
        names=("[CLS]/[SEP]", ""),
        key="film_map",
        height=440,
    )
    st.caption(
        t(
            "The held row is [MASK], the hidden answer to the question: where does it look at this step? "
            "The pair jug and glass was never trained on."
        )
    )


def _show_curves(measured: checkpoints.CheckpointMeasures, step: int) -> None:
    """The score of each role over the steps, its null and the present step."""
    lines = [
        RoleLine(
            role.name,
            f"{_role_names()[role.name]} ({head_name(role.layer, role.head, t('L'))})",
            role.scores,
            role.low,
            role.high,
            role.scores[0],
        )
        for role in measured.roles
    ]
    figure = role_curves(
        measured.steps,
        lines,
        present=measured.steps.index(step),
        look=look(),
        x_title=t("step"),
        y_title=t("mean attention weight"),
        null=t("chance (step 0)"),
    )
    chart(figure, key="film_curves")
    st.caption(
        t(
            "Previous and next word: the weight on the neighbour. Agreement: from the adjective you see to "
            "its noun, less to the other noun. Answer: from the hidden "
            "answer to the noun it repeats, less to the other one. Sentences the model never saw; each head "
            "was chosen on one half of them and measured on the other. Bands: 95%."
        )
    )


def _role_names() -> dict[str, str]:
    return {"previous": t("previous word"), "next": t("next word"), "agreement": t("agreement"), "answer": t("answer")}


_frames: Shelf[Trace] = Shelf(MAX_FRAMES, MAX_FRAME_BYTES)
