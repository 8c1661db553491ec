"""The caches of what is costly: models, traces, views and the devices of the machine.

Keys are strings and tuples, or a trace as itself (by identity), never arrays; every cache is bounded
(ui.serving.bounded_cache). A forward pass waits its turn (ui.serving.forward_slots). Not here: what is computed from a
trace."""

from __future__ import annotations

import gc
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import streamlit as st

from core.errors import BadInput, shortened

from ..shell import cautions
from ..shell.locale import plain, t
from ..shell.state import Chosen, Precision
from .bounded_cache import Shelf
from .forward_slots import forward_slot
from .turns import TURNS

if TYPE_CHECKING:
    from core.axes import Kind
    from core.models.loading import LanguageModel
    from core.text.tokens import Tokens
    from core.tracing.trace import Trace
    from core.views.view import Rows, View, Weight

MAX_MODELS = 4  # random twins count
MAX_TRACES = 512  # of a class, each its own; the bytes are the bound that matters
MAX_VIEWS = 512
MAX_TRACE_BYTES = 1024 * 2**20  # two hundred sentences of a class and twenty long texts; views share it


def language_model(chosen: Chosen) -> LanguageModel:
    """A loaded model, shared by all sessions; the page says that it is loading, and what must be known of it.

    Raises:
        MiranteError: what core.load raises; failures are not remembered.
    """
    key = _model_key(chosen)
    if (model := _models.peek(key)) is None:
        with st.spinner(t("Loading the model {model}…", model=plain(shortened(chosen.model)))):
            model = _models.get(key, lambda: _load_and_collect(chosen))
    cautions.note(chosen.model, model.layout.caution)
    return _between(model, chosen)


def load_early(chosen: Chosen) -> None:
    """Load a model before anybody asks for it; who asks meanwhile waits for it. The garbage of it is the caller's.

    Raises:
        MiranteError: what core.load raises.
    """
    _models.get(_model_key(chosen), lambda: _load(chosen))


def trace(chosen: Chosen, text: str, target: str | tuple[int, ...] | None = None) -> Trace:
    """One sentence through one model; identical requests share one forward pass. target: as core.capture.

    Raises:
        BadInput: a blank text. MiranteError: what core.capture raises, or a full queue.
    """
    if not text.strip():
        raise BadInput("The sentence is empty. Type one in the bar on top, or choose an example there.")
    model = language_model(chosen)
    key = ("trace", *chosen.key, text, target)
    return _traces.get(key, lambda: _capture(model, text, target))


def tokens(chosen: Chosen) -> Tokens:
    """The sentence as the chosen model's tokenizer cuts it, without a run; a text that no run could read is refused
    before anything is drawn of it.

    Raises:
        BadInput, TooLong: as ``core.capture``. MiranteError: as ``language_model``.
    """
    model = language_model(chosen)
    key = (*chosen.key, chosen.sentence)
    return _tokens.get(key, lambda: _read_tokens(model, chosen.sentence))


def trace_of(chosen: Chosen, ids: tuple[int, ...]) -> Trace:
    """The same of token ids: what a model has written so far.

    Raises:
        MiranteError: as ``trace``.
    """
    model = language_model(chosen)
    return _traces.get(("ids", *chosen.key, ids), lambda: _capture(model, ids, None))


def null_trace(chosen: Chosen, text: str) -> Trace:
    """The same sentence through the model's random twin (core.twin): what the architecture alone would show.

    Raises:
        MiranteError: as ``trace``.
    """
    key = ("random twin", *chosen.key, text)
    return _traces.get(key, lambda: _capture(null_model(chosen), text, None))


def null_model(chosen: Chosen) -> LanguageModel:
    """The model's random twin.

    Raises:
        MiranteError: as ``language_model``, or UnsupportedModel of core.twin.
    """
    key = (chosen.model, chosen.device, chosen.precision, "random twin")
    return _between(_models.get(key, lambda: _twin(chosen)), chosen)


def _between(model: LanguageModel, chosen: Chosen) -> LanguageModel:
    """The model between the languages that were chosen: the same object for the same pair; its own language where it
    has none of that name (the pickers say so).
    """
    from core.models.translating import translating
    from core.text.translation import code_for, language_ids

    if model.languages is None or chosen.languages == (None, None):
        return model
    codes = language_ids(model.tokenizer)
    pair = tuple(code_for(code or "", codes) for code in chosen.languages)
    known = _pairs.setdefault(model, {})
    if pair not in known:
        known[pair] = translating(model, *pair)
    return known[pair]


def view(
    trace: Trace,
    kind: Kind,
    *,
    words: bool,
    specials: bool,
    renormalise: bool,
    rows: Rows = "read",
    weight: Weight = "attention",
    first: bool = True,
) -> View:
    """The maps of a trace as asked.

    It is the same object for the same question, so that it is packed for the browser once.
    """
    from core.views import view as views

    options = {
        "words": words,
        "specials": specials,
        "renormalise": renormalise,
        "rows": rows,
        "weight": weight,
        "first": first,
    }
    made = _views.get((trace, kind, *options.values()), lambda: (views.view(trace, kind, **options), trace))
    return made[0]


def first_head(trace: Trace, kind: Kind) -> tuple[int, int]:
    """(layer, head) that an untouched page shows, looked for once a trace.

    Of a model's first kind it is the one of Home (``first_look``), on every page. In cross-attention it is the head
    that aligned most words of the model's gold, where that was measured; else the most focused head of the kind; the
    very first where there is none.
    """
    known = _first_heads.setdefault(trace, {})
    if kind not in known:
        known[kind] = _first_head(trace, kind)
    return known[kind]


def _first_head(trace: Trace, kind: Kind) -> tuple[int, int]:
    from core.models.catalog import alignment_head
    from core.views.head_metrics import most_focused

    if kind == "cross" and (aligned := alignment_head(trace.provenance.model)) is not None:
        return aligned
    if kind == trace.kinds[0]:
        return first_look(trace)[:2]
    layer, head, _ = most_focused(trace, kind)
    return layer or 0, head or 0


def first_look(trace: Trace) -> tuple[int, int, int]:
    """(layer, head, word) that Home shows first, looked for once a trace (core.analyses.candidates)."""
    from core.analyses import candidates

    if trace not in _first_looks:
        _first_looks[trace] = candidates.first_look(trace)
    return _first_looks[trace]


@lru_cache(maxsize=1)
def devices() -> tuple[str, ...]:
    """Devices of this machine, best first; the first call of a process imports torch (seconds)."""
    from core.models.devices import available

    return available()


def _precision(device: str, precision: Precision) -> Precision:
    """float32 whenever the choice of device ends on the CPU, which has nothing else."""
    return precision if device != "cpu" and devices()[0] != "cpu" else "float32"


def _model_key(chosen: Chosen) -> tuple[str, ...]:
    return (chosen.model, chosen.device, chosen.precision)


def _load_and_collect(chosen: Chosen) -> LanguageModel:
    """The model; its objects leave the garbage collector's rounds.

    Streamlit collects after every rerun: 179 ms each with a model in memory, unless it is frozen.
    """
    model = _load(chosen)
    gc.collect()
    gc.freeze()
    return model


def _load(chosen: Chosen) -> LanguageModel:
    import core
    from core.models.sources import default_root

    precision = _precision(chosen.device, chosen.precision)
    with TURNS.aside():  # others work while one reads files
        return core.load(chosen.model, chosen.device, precision=precision, root=default_root())


def _twin(chosen: Chosen) -> LanguageModel:
    import core

    model = language_model(chosen)
    with TURNS.aside():
        return core.twin(model)


def _read_tokens(model: LanguageModel, text: str) -> Tokens:
    from core.tracing.captures import read_tokens

    return read_tokens(model, text)


def _capture(model: LanguageModel, text: str | tuple[int, ...], target: str | tuple[int, ...] | None) -> Trace:
    import core

    with forward_slot(), st.spinner(t("Reading the sentence…")):
        return core.capture(model, text, target)


_models: Shelf[LanguageModel] = Shelf(MAX_MODELS)
_tokens: Shelf[Tokens] = Shelf(MAX_TRACES)
_traces: Shelf[Trace] = Shelf(MAX_TRACES, MAX_TRACE_BYTES)
_first_heads: WeakKeyDictionary[Trace, dict[Kind, tuple[int, int]]] = WeakKeyDictionary()
_first_looks: WeakKeyDictionary[Trace, tuple[int, int, int]] = WeakKeyDictionary()
_pairs: WeakKeyDictionary[LanguageModel, dict[tuple, LanguageModel]] = WeakKeyDictionary()
_views: Shelf[tuple[View, Trace]] = Shelf(MAX_VIEWS, MAX_TRACE_BYTES)
"""A view makes its maps from the trace, so the trace counts."""
