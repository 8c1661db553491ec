"""The caches of what is costly: models, traces, views and the devices of the machine.

Keys are strings and tuples, or a trace as itself (by identity), never arrays; every cache is bounded. A forward pass runs on one
thread, at most as many at a time as there are cores (measured: more throughput than one lock),
and the queue before it is bounded and visible. Not here: what is computed from a trace.
"""

from __future__ import annotations

import gc
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

import streamlit as st

from core.errors import BadInput, MiranteError

from .locale import plain, t
from .state import Chosen, Precision

if TYPE_CHECKING:
    from core.axes import Kind
    from core.models import LanguageModel
    from core.summary import SentenceSummary
    from core.trace import Trace
    from core.view import Rows, View

Kept = TypeVar("Kept")

CORES = os.cpu_count() or 1
MAX_WAITING = 64  # requests in the queue; the next one is refused politely
MAX_WAIT_SECONDS = 60.0
MAX_MODELS = 4  # random twins count
MAX_TRACES = 32
MAX_VIEWS = 16
MAX_TRACE_BYTES = 512 * 2**20
MAX_FRAMES = 48  # traces of films: two films of one sentence each

_slots = threading.BoundedSemaphore(CORES)
_waiting = 0
_counter = threading.Lock()


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


def trace(chosen: Chosen, text: str, target: str | None = None) -> Trace:
    """One sentence through one model; identical requests share one forward pass.

    Raises:
        BadInput: a blank text. MiranteError: what core.capture raises, or a full queue.
    """
    if not text.strip():
        raise BadInput("The sentence is empty. Type one in the panel at the side, or choose an example there.")
    model = language_model(chosen)
    key = (chosen.model, chosen.device, chosen.precision, text, target)
    return _traces.get(key, lambda: _capture(model, text, target))


def null_trace(chosen: Chosen, text: str) -> Trace:
    """The same sentence through the model's random twin (core.twin): what the architecture alone would show.

    Raises:
        MiranteError: as ``trace``.
    """
    key = (chosen.model, chosen.device, chosen.precision, "random twin")
    return _traces.get((*key, text), lambda: _capture(_models.get(key, lambda: _twin(chosen)), text, None))


def frame_trace(name: str, step: int, text: str) -> Trace:
    """One sentence through a bundled model as it was at one step of its film; no spinner, so that nothing jumps while it plays.

    Raises:
        MiranteError: what core.film raises, or a full queue.
    """
    from core import capture, film

    base = language_model(Chosen(name, device="cpu", sentence="", language="pt"))

    def read() -> Trace:
        with forward_slot():
            return capture(film.at(base, step), text)

    return _frames.get((name, step, text), read)


def view(
    seen: Trace, kind: Kind, *, words: bool, specials: bool, renormalise: bool, rows: Rows = "read"
) -> View:
    """The maps of a trace as asked; the same object for the same question, so that it is packed for the browser once."""
    return _view(seen, kind, words, specials, renormalise, rows)


@lru_cache(maxsize=MAX_VIEWS)
def summary(seen: Trace) -> SentenceSummary:
    """Counts of a trace and its most focused head; every head is looked at, so once per trace."""
    from core.summary import summarise

    return summarise(seen)


@lru_cache(maxsize=MAX_VIEWS)
def first_head(seen: Trace, kind: Kind) -> tuple[int, int]:
    """(layer, head) that an untouched page shows: in cross-attention the head that aligned most words of the model's gold, where that was
    measured; else the most focused head of the kind; the very first where there is none."""
    from core.catalog import alignment_head
    from core.summary import most_focused

    if kind == "cross" and (aligned := alignment_head(seen.provenance.model)) is not None:
        return aligned
    layer, head, _ = most_focused(seen, kind)
    return layer or 0, head or 0


@lru_cache(maxsize=1)
def devices() -> tuple[str, ...]:
    """Devices of this machine, best first; the first call of a process imports torch (seconds)."""
    from core.devices import available

    return available()


def _precision(device: str, precision: Precision) -> Precision:
    """float32 whenever the choice of device ends on the CPU, which has nothing else."""
    return precision if device != "cpu" and devices()[0] != "cpu" else "float32"


def _load(chosen: Chosen) -> LanguageModel:
    """core.load; then the loaded objects leave the garbage collector's rounds.

    Streamlit collects after every rerun: 179 ms each with a model in memory, unless it is frozen.
    """
    import core
    from core.sources import default_root

    precision = _precision(chosen.device, chosen.precision)
    model = core.load(chosen.model, chosen.device, precision=precision, root=default_root())
    gc.collect()
    gc.freeze()
    return model


def _twin(chosen: Chosen) -> LanguageModel:
    import core

    return core.twin(language_model(chosen))


@lru_cache(maxsize=MAX_VIEWS)
def _view(seen: Trace, kind: Kind, words: bool, specials: bool, renormalise: bool, rows: Rows) -> View:
    from core.view import view as make

    return make(seen, kind, words=words, specials=specials, renormalise=renormalise, rows=rows)


def _capture(model: LanguageModel, text: str, target: str | None) -> Trace:
    import core

    with forward_slot(), st.spinner(t("Reading the sentence…")):
        return core.capture(model, text, target)


@contextmanager
def forward_slot() -> Iterator[None]:
    """One of the ``CORES`` places for a one-thread forward pass; waits its turn, and says how many are before it.

    Raises:
        MiranteError: the queue is full, or the turn did not come in ``MAX_WAIT_SECONDS``.
    """
    if not _slots.acquire(blocking=False):
        _queue()
    try:
        from core.devices import one_thread

        one_thread()
        yield
    finally:
        _slots.release()


def _queue() -> None:
    global _waiting
    with _counter:
        ahead = _waiting
        if ahead >= MAX_WAITING:
            raise _busy(ahead)
        _waiting += 1
    try:
        with st.spinner(t("Waiting for a free processor: {n} before you…", n=ahead)):
            if not _slots.acquire(timeout=MAX_WAIT_SECONDS):
                raise _busy(ahead)
    finally:
        with _counter:
            _waiting -= 1


def _busy(ahead: int) -> MiranteError:
    return MiranteError("The server is busy: {n} requests are waiting. Try again in a moment.", n=ahead)


class Shelf(Generic[Kept]):
    """The latest models or traces, bounded by number and by bytes; the same key asked twice at once is computed once.

    A visit costs microseconds (Streamlit's own cache, with its spinner: about 2 ms of every rerun).
    """

    def __init__(self, max_entries: int, max_bytes: float = math.inf) -> None:
        self.max_entries, self.max_bytes = max_entries, max_bytes
        self._items: OrderedDict[tuple, tuple[Kept, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[tuple, threading.Lock] = {}

    def peek(self, key: tuple) -> Kept | None:
        """What is kept, without waiting for what is being made."""
        with self._lock:
            return self._take(key)

    def get(self, key: tuple, make: Callable[[], Kept]) -> Kept:
        """What is kept, or the one that ``make`` gives; an error of ``make`` is not kept."""
        with self._lock:
            if (found := self._take(key)) is not None:
                return found
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if (found := self._take(key)) is not None:
                    return found
            try:
                made = make()
                with self._lock:
                    self._put(key, made)
                return made
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()

    def __len__(self) -> int:
        return len(self._items)

    def _take(self, key: tuple) -> Kept | None:
        if key not in self._items:
            return None
        self._items.move_to_end(key)
        return self._items[key][0]

    def _put(self, key: tuple, made: Kept) -> None:
        self._items[key] = (made, size_of(made))
        while len(self._items) > 1 and self._too_much():
            self._items.popitem(last=False)

    def _too_much(self) -> bool:
        total = sum(size for _, size in self._items.values())
        return len(self._items) > self.max_entries or total > self.max_bytes


def size_of(item: object) -> int:
    """Bytes of the arrays that a trace holds: every q, k, v, whatever shaped the scores, logits and hidden states."""
    parts = [item, *(record for kind in getattr(item, "records", {}).values() for record in kind)]
    values = (value for part in parts for value in getattr(part, "__dict__", {}).values())
    return sum(getattr(value, "nbytes", 0) for value in values)


_models: Shelf[LanguageModel] = Shelf(MAX_MODELS)
_traces: Shelf[Trace] = Shelf(MAX_TRACES, MAX_TRACE_BYTES)
_frames: Shelf[Trace] = Shelf(MAX_FRAMES, MAX_TRACE_BYTES)
