"""What the page "Layers" computes from a trace, kept as ui.cache keeps what is costly: bounded, keyed by strings and the trace itself.

Work of more than ``FREE`` seconds waits for a button that says what it costs. Not here: models and traces (ui.cache).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.axes import Kind
from core.trace import Trace

from .. import cache
from ..locale import t
from ..shelf import Shelf
from ..slots import forward_slot
from ..state import Chosen

if TYPE_CHECKING:
    from core.contributions import Contributions
    from core.lens import Lens

FREE = 2.0  # seconds
MAX_KEPT, MAX_BYTES = 8, 256 * 2**20


def lens(chosen: Chosen, trace: Trace) -> Lens | None:
    """The trace through the model's own head, layer by layer; None while a long one was not asked for.

    Raises:
        MiranteError: what core.lens raises, or a full queue.
    """
    from core import lens as core_lens

    model = cache.language_model(chosen)
    key = (chosen.device, chosen.precision, trace)

    def make() -> Lens:
        with forward_slot(), st.spinner(t("Reading every layer…")):
            return core_lens.lens(model, trace)

    known = _lenses.peek(key) is not None
    return _lenses.get(key, make) if known or _wanted(core_lens.seconds(model, trace), "lens") else None


def contributions(chosen: Chosen, trace: Trace, kind: Kind) -> Contributions | None:
    """What each position gives to each other, in every layer; None while a long one was not asked for.

    Raises:
        MiranteError: what core.contributions raises, or a full queue.
    """
    from core import contributions as core_contributions

    model = cache.language_model(chosen)
    key = (chosen.device, chosen.precision, trace, kind)

    def make() -> Contributions:
        with forward_slot(), st.spinner(t("Following every layer…")):
            return core_contributions.contributions(model, trace, kind)

    known = _contributions.peek(key) is not None
    return _contributions.get(key, make) if known or _wanted(core_contributions.seconds(model, trace, kind), "flow") else None


def _wanted(seconds: float, key: str) -> bool:
    """Whether work may start: at once when it is short, else when its button was clicked."""
    asked = f"_layers_{key}"
    if seconds <= FREE or st.session_state.pop(asked, False):
        return True
    st.info(t("For this sentence and this model it takes about {n} seconds; afterwards it is kept.", n=max(1, round(seconds))))
    st.button(t("Compute"), key=f"layers_{key}", type="primary", on_click=_ask, args=(asked,))
    return False


def _ask(name: str) -> None:
    """Callback: the next run computes."""
    st.session_state[name] = True


_lenses: Shelf[Lens] = Shelf(MAX_KEPT, MAX_BYTES)
_contributions: Shelf[Contributions] = Shelf(MAX_KEPT, MAX_BYTES)
