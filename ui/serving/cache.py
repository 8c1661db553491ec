"""The caches of what is costly: models, traces, views and the devices of the machine.

Keys are strings and tuples, or a trace as itself (by identity), never arrays; every cache is bounded
(ui.serving.bounded_cache). A forward pass waits its turn (ui.serving.forward_slots). Not here: what is computed from a
trace."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import BadInput

from ..shell.locale import plain, t
from ..shell.state import Chosen, Precision
from .bounded_cache import Shelf
from .forward_slots import forward_slot

if TYPE_CHECKING:
    from core.analyses.steps import Steps
    from core.axes import Kind
    from core.coreference.bench import Answer, Result
    from core.coreference.evidence import Ladder
    from core.coreference.items import Item
    from core.coreference.probes import Probe
    from core.errors import Message
    from core.models.loading import LanguageModel
    from core.tracing.layer import LayerContext
    from core.tracing.trace import Trace
    from core.views.summary import SentenceSummary
    from core.views.view import Rows, View, Weight

MAX_MODELS = 4  # random twins count
MAX_TRACES = 32
MAX_VIEWS = 16
MAX_TRACE_BYTES = 512 * 2**20
MAX_ANSWERS = 16_384  # of the bench: a few hundred bytes each
MAX_AROUND = 8  # one layer of one trace each: a few MB at 512 tokens
MAX_FRAMES = 48  # traces of films: two films of one sentence each


def language_model(chosen: Chosen) -> LanguageModel:
    """A loaded model, shared by all sessions; the page says that it is loading.

    Raises:
        MiranteError: what core.load raises; failures are not remembered.
    """
    key = (chosen.model, chosen.device, chosen.precision)
    if (kept := _models.peek(key)) is not None:
        return kept
    with st.spinner(t("Loading the model {model}…", model=plain(chosen.model))):
        return _models.get(key, lambda: _load(chosen))


def trace(chosen: Chosen, text: str, target: str | tuple[int, ...] | None = None) -> Trace:
    """One sentence through one model; identical requests share one forward pass. target: as core.capture.

    Raises:
        BadInput: a blank text. MiranteError: what core.capture raises, or a full queue.
    """
    if not text.strip():
        raise BadInput("The sentence is empty. Type one in the panel at the side, or choose an example there.")
    model = language_model(chosen)
    key = (chosen.model, chosen.device, chosen.precision, text, target)
    return _traces.get(key, lambda: _capture(model, text, target))


def trace_of(chosen: Chosen, ids: tuple[int, ...]) -> Trace:
    """The same of token ids: what a model has written so far.

    Raises:
        MiranteError: as ``trace``.
    """
    model = language_model(chosen)
    return _traces.get((chosen.model, chosen.device, chosen.precision, ids), lambda: _capture(model, ids, None))


def null_trace(chosen: Chosen, text: str) -> Trace:
    """The same sentence through the model's random twin (core.twin): what the architecture alone would show.

    Raises:
        MiranteError: as ``trace``.
    """
    key = (chosen.model, chosen.device, chosen.precision, "random twin")
    return _traces.get((*key, text), lambda: _capture(null_model(chosen), text, None))


def null_model(chosen: Chosen) -> LanguageModel:
    """The model's random twin.

    Raises:
        MiranteError: as ``language_model``, or UnsupportedModel of core.twin.
    """
    return _models.get((chosen.model, chosen.device, chosen.precision, "random twin"), lambda: _twin(chosen))


def answer(asked: Asked, item: Item, *, ask: bool = True) -> Answer | None:
    """One item of the bench, asked once; without ``ask``, only what is already known.

    Raises:
        MiranteError: what core.capture raises, or a full queue.
    """
    key = (*asked.key, item, asked.rivals.get(item.id))
    return _answers.get(key, lambda: _ask(asked, item)) if ask else _answers.peek(key)


def bench_results(asked: Asked, answers: Sequence[Answer]) -> list[Result]:
    """Counted by condition; the bootstrap of each takes a moment, so once."""
    from core.coreference.bench import results

    key = (*asked.key, *((one.item, asked.rivals.get(one.item.id)) for one in answers))
    return _counted.get(key, lambda: results(answers, asked.probe))


def ladder(
    chosen: Chosen, item: Item, probe: Probe, rival: str, place: tuple[int, int] | None, *, twin: bool
) -> Ladder | Message:
    """The evidence of one item, for the model or its random twin.

    Raises:
        MiranteError: what core.capture raises, or a full queue.
    """
    asked = Asked(chosen, probe, twin=twin, causal=True)
    return _ladders.get((*asked.key, item, rival, place), lambda: _climb(asked, item, rival, place))


def frame_trace(name: str, step: int, text: str) -> Trace:
    """One sentence through a bundled model as it was at one step of its film; no spinner, so that nothing jumps while
    it plays.

    Raises:
        MiranteError: what core.models.checkpoints raises, or a full queue.
    """
    from core import capture
    from core.models import checkpoints

    base = language_model(Chosen(name, device="cpu", sentence="", language="pt"))

    def read() -> Trace:
        with forward_slot():
            return capture(checkpoints.at_step(base, step), text)

    return _frames.get((name, step, text), read)


def view(
    seen: Trace,
    kind: Kind,
    *,
    words: bool,
    specials: bool,
    renormalise: bool,
    rows: Rows = "read",
    weight: Weight = "attention",
    first: bool = True,
) -> View:
    """The maps of a trace as asked; the same object for the same question, so that it is packed for the browser
    once.
    """
    return _view(seen, kind, words, specials, renormalise, rows, weight, first)


@lru_cache(maxsize=MAX_VIEWS)
def summary(seen: Trace) -> SentenceSummary:
    """Counts of a trace and its most focused head; every head is looked at, so once per trace."""
    from core.views.summary import summarise

    return summarise(seen)


@lru_cache(maxsize=MAX_VIEWS)
def first_head(seen: Trace, kind: Kind) -> tuple[int, int]:
    """(layer, head) that an untouched page shows: in cross-attention the head that aligned most words of the model's
    gold, where that was measured; else the most focused head of the kind; the very first where there is none."""
    from core.models.catalog import alignment_head
    from core.views.summary import most_focused

    if kind == "cross" and (aligned := alignment_head(seen.provenance.model)) is not None:
        return aligned
    layer, head, _ = most_focused(seen, kind)
    return layer or 0, head or 0


def head_steps(chosen: Chosen, seen: Trace, kind: Kind, layer: int, head: int, query: int) -> Steps:
    """Every step of one head at one position; what surrounds a layer costs one more forward, once.

    Raises:
        MiranteError: UnsupportedModel for models whose steps are not seen, or a full queue.
    """
    from core.analyses.steps import steps

    model = language_model(chosen)
    key = (chosen.device, chosen.precision, seen, kind, layer)
    return _steps.get((*key, head, query), lambda: steps(model, seen, _around(model, key), layer, head, query, kind))


@lru_cache(maxsize=MAX_VIEWS)
def first_steps(seen: Trace, kind: Kind) -> tuple[int, int, int | None]:
    """(layer, head, position that looks) that an untouched page of steps shows: in a model of one stack what Home
    shows, its word by its last piece; else the first head, and no position."""
    from core.analyses.candidates import first_look

    if kind != "self":
        return *first_head(seen, kind), None
    layer, head, word = first_look(seen)
    return layer, head, max(i for i, one in enumerate(seen.tokens.word_of) if one == word)


@lru_cache(maxsize=1)
def devices() -> tuple[str, ...]:
    """Devices of this machine, best first; the first call of a process imports torch (seconds)."""
    from core.models.devices import available

    return available()


def _precision(device: str, precision: Precision) -> Precision:
    """float32 whenever the choice of device ends on the CPU, which has nothing else."""
    return precision if device != "cpu" and devices()[0] != "cpu" else "float32"


def _load(chosen: Chosen) -> LanguageModel:
    """core.load; then the loaded objects leave the garbage collector's rounds.

    Streamlit collects after every rerun: 179 ms each with a model in memory, unless it is frozen.
    """
    import core
    from core.models.sources import default_root

    precision = _precision(chosen.device, chosen.precision)
    model = core.load(chosen.model, chosen.device, precision=precision, root=default_root())
    gc.collect()
    gc.freeze()
    return model


def _twin(chosen: Chosen) -> LanguageModel:
    import core

    return core.twin(language_model(chosen))


@lru_cache(maxsize=MAX_VIEWS)
def _view(
    seen: Trace, kind: Kind, words: bool, specials: bool, renormalise: bool, rows: Rows, weight: Weight, first: bool
) -> View:
    from core.views.view import view as make

    return make(
        seen, kind, words=words, specials=specials, renormalise=renormalise, rows=rows, weight=weight, first=first
    )


def _capture(model: LanguageModel, text: str | tuple[int, ...], target: str | tuple[int, ...] | None) -> Trace:
    import core

    with forward_slot(), st.spinner(t("Reading the sentence…")):
        return core.capture(model, text, target)


def _around(model: LanguageModel, key: tuple) -> LayerContext:
    """What surrounds one layer's attention; ``key`` ends with trace, kind and layer."""
    from core.tracing.layer import layer_context

    seen, kind, layer = key[-3:]

    def run() -> LayerContext:
        with forward_slot():
            return layer_context(model, seen, layer, kind)

    return _arounds.get(key, run)


def _ask(asked: Asked, item: Item) -> Answer:
    from core.coreference import bench

    model = asked.model()
    with forward_slot():
        return bench.answer(model, item, asked.probe, asked.rivals.get(item.id) if asked.causal else None)


def _climb(asked: Asked, item: Item, rival: str, place: tuple[int, int] | None) -> Ladder | Message:
    from core.coreference import evidence

    model = asked.model()
    with forward_slot():
        return evidence.ladder(model, item, asked.probe, rival, place)


@dataclass(frozen=True)
class Asked:
    """What a run of the bench asks of whom. rivals: the other member's word of each item, for cutting edges."""

    chosen: Chosen
    probe: Probe
    twin: bool = False
    causal: bool = False
    rivals: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        return (self.chosen.model, self.chosen.device, self.chosen.precision, self.probe, self.twin, self.causal)

    def model(self) -> LanguageModel:
        """Loaded, or its random twin made."""
        return null_model(self.chosen) if self.twin else language_model(self.chosen)


_models: Shelf[LanguageModel] = Shelf(MAX_MODELS)
_traces: Shelf[Trace] = Shelf(MAX_TRACES, MAX_TRACE_BYTES)
_frames: Shelf[Trace] = Shelf(MAX_FRAMES, MAX_TRACE_BYTES)
_answers: Shelf[Answer] = Shelf(MAX_ANSWERS)
_counted: Shelf[list[Result]] = Shelf(MAX_VIEWS)
_ladders: Shelf[Ladder | Message] = Shelf(MAX_TRACES)
_arounds: Shelf[LayerContext] = Shelf(MAX_AROUND)
_steps: Shelf[Steps] = Shelf(MAX_VIEWS)
