"""The curves of the roles: the numbers as they are, fixed colours, the null and the present step."""

from __future__ import annotations

import pytest

from core.figures.roles import COLOURS, RoleLine, role_curves
from core.figures.theme import Look, ramps

STEPS = (0, 10, 1000)


def line(role: str, scores: tuple[float, ...]) -> RoleLine:
    return RoleLine(role, f"<{role}>", scores, [s - 0.1 for s in scores], [s + 0.1 for s in scores], scores[0])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_role_is_a_line_in_its_colour_over_a_dashed_null(mode: str) -> None:
    lines = [line("next", (0.1, 0.3, 0.9)), line("answer", (0.0, -0.3, 0.8))]
    figure = role_curves(STEPS, lines, present=1, look=Look(mode), x_title="passo", y_title="peso", null="acaso")
    drawn = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert [list(trace.y) for trace in drawn] == [[0.1, 0.3, 0.9], [0.0, -0.3, 0.8]]
    assert [trace.line.color for trace in drawn] == [
        ramps()["heads"][mode][COLOURS[name]] for name in ("next", "answer")
    ]
    nulls = [trace for trace in figure.data if trace.line.dash == "dash"]
    assert [list(trace.y) for trace in nulls] == [[0.1, 0.1], [0.0, 0.0]] and [n.showlegend for n in nulls] == [
        True,
        False,
    ]
    assert drawn[0].name == "&lt;next&gt;"


def test_steps_are_evenly_spaced_and_the_frame_does_not_move_with_the_present_step() -> None:
    lines = [line("next", (0.1, 0.3, 0.9))]
    first, last = (
        role_curves(STEPS, lines, present=i, look=Look(), x_title="x", y_title="y", null="0") for i in (0, 2)
    )
    assert first.layout.xaxis.ticktext == ("0", "10", "1000") and list(first.layout.xaxis.tickvals) == [0, 1, 2]
    assert first.layout.yaxis.range == last.layout.yaxis.range and first.layout.yaxis.range[1] >= 1
    assert [figure.layout.shapes[0].x0 for figure in (first, last)] == [0, 2]
