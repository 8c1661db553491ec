"""What of a trace is shown: words or pieces, special tokens or not, rescaled rows, which attention.

The options stand in ui/components/choices.py; each is bound to the link. Hiding never loses mass in silence: the
explorer says how much is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.axes import Kind
from core.tracing.trace import Trace
from core.views.view import View

from ..components.choices import KIND, SHOWN, UNIT, Choice
from ..serving import cache
from ..shell.locale import error_text, t
from ..shell.state import publish, settle


def pick_view(trace: Trace) -> View:
    """The view that the widgets of this row ask for."""
    kind = pick_kind(trace)
    choices = {UNIT.name: pick(UNIT, labelled=False)}
    with st.popover(t("Options")):
        for choice in SHOWN[1:]:
            if choice.applies(trace, kind):
                choices[choice.name] = pick(choice, disabled=choice.idle(choices))
            else:
                choices[choice.name] = choice.otherwise
    return cache.view(
        trace,
        kind,
        **{choice.argument: choice.means.get(choices[choice.name], choices[choice.name]) for choice in SHOWN},
    )


def pick(choice: Choice, values: Sequence[Any] | None = None, *, disabled: bool = False, labelled: bool = True) -> Any:
    """The widget of one option: a switch, or its values side by side (``values``: those that there are here); without
    its label where the values say what they are.
    """
    title, values = error_text(choice.title), tuple(values or choice.values)
    explained = error_text(choice.help) if choice.help else None
    if isinstance(choice.default, bool):
        return st.toggle(
            title, value=choice.default, key=choice.name, bind="query-params", help=explained, disabled=disabled
        )
    settle(choice.name, values, choice.default)
    value = st.segmented_control(
        title,
        values,
        key=choice.name,
        persist_state="session",
        format_func={value: error_text(name) for value, name in choice.names.items()}.get,
        required=True,
        help=explained if labelled else None,
        label_visibility="visible" if labelled else "collapsed",
    )
    publish(choice.name, value, choice.default)
    return value


def budget_names(trace: Trace, view: View) -> tuple[str, str]:
    """What the budget calls the special tokens that are shown, and what is hidden, of the side that is looked at:
    (``[CLS]/[SEP]``, ``Ela``).
    """
    tokens = trace.sides(view.kind)[1]
    labels = tokens.words if view.words else tokens.pieces
    gone = sorted(set(range(len(labels))) - set(view.key.positions))
    special_labels = (label for label, special in zip(view.key.labels, view.key.special, strict=True) if special)
    return "/".join(dict.fromkeys(special_labels)), "/".join(dict.fromkeys(labels[position] for position in gone))


def pick_kind(trace: Trace) -> Kind:
    """Encoder, decoder or cross-attention, where the model has more than one."""
    if len(trace.kinds) == 1:
        return trace.kinds[0]
    return pick(KIND, trace.kinds, labelled=False)


def say_weight(view: View) -> None:
    """One line where the shares are not the attention itself."""
    if view.weight == "value_norm":
        st.caption(
            t("Shown: attention × norm of the value vector, as shares of each row. It is not the attention itself.")
        )
