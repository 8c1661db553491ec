"""Runs of the bench on a page: started by a button, stopped by a click, continued where they stood.

Every answer is cached as soon as the model gave it, so a stopped or interrupted run loses nothing, and two visitors
share theirs. Not here: what is counted from the answers (core.coreference.bench), the choice of items (the pages).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from core.coreference.bench import rivals_of
from core.coreference.probes import fits

from ..serving import cache
from ..serving.bounded_cache import Shelf
from ..serving.forward_slots import forward_slot, let_others
from ..shell.locale import t
from ..shell.state import Chosen

if TYPE_CHECKING:
    from core.coreference.bench import ItemAnswer
    from core.coreference.conditions import ConditionResult
    from core.coreference.evidence import Ladder
    from core.coreference.items import Item
    from core.coreference.probes import Probe
    from core.errors import Message
    from core.models.loading import LanguageModel

_AT_ONCE = 16
"""Up to so many missing answers are asked for without a button: about a second."""
_MAX_ANSWERS = 16_384  # a few hundred bytes each
_MAX_COUNTED = 16
_MAX_LADDERS = 32


@dataclass(frozen=True)
class BenchRun:
    """What a run of the bench asks of which model. rivals: the other member's word of each item, for cutting edges."""

    chosen: Chosen
    probe: Probe
    untrained: bool = False
    causal: bool = False
    rivals: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        return (*self.chosen.key, self.probe, self.untrained, self.causal)

    def model(self) -> LanguageModel:
        """Loaded, or its random twin made."""
        return cache.null_model(self.chosen) if self.untrained else cache.language_model(self.chosen)


def bench_run(
    chosen: Chosen, items: Sequence[Item], probe: Probe, *, untrained: bool = False, causal: bool = False
) -> BenchRun:
    """The run over some items: the same for the same choices, whatever is known already."""
    return BenchRun(chosen, probe, untrained, causal, rivals_of(items) if causal else {})


def answer(run: BenchRun, item: Item) -> ItemAnswer:
    """One item of the bench, asked of the model once.

    Raises:
        MiranteError: what core.capture raises, or a full queue.
    """
    return _answers.get(_answer_key(run, item), lambda: _ask(run, item))


def answers(run: BenchRun, items: Sequence[Item]) -> list[ItemAnswer]:
    """The answers that are known already, in the order of the items."""
    known = (_answers.peek(_answer_key(run, item)) for item in items if fits(item, run.probe))
    return [answer for answer in known if answer is not None]


def ask_all(runs: Sequence[tuple[BenchRun, Sequence[Item]]], *, label: str, key: str) -> bool:
    """Whether every answer of every run is known.

    Asks for the missing ones, by a button ``label`` where there are many.

    Raises:
        MiranteError: what a model raises; what was answered before stays.
    """
    missing = [
        (run, item)
        for run, items in runs
        for item in items
        if fits(item, run.probe) and _answers.peek(_answer_key(run, item)) is None
    ]
    running = f"_asking_{key}"
    if not missing:
        st.session_state[running] = False
        return True
    if len(missing) > _AT_ONCE and not st.session_state.get(running):
        st.button(label, type="primary", key=f"{key}_start", on_click=_set, args=(running, True))
        return False
    _run(missing, sum(len(items) for _, items in runs), running, key)
    return True


def bench_results(run: BenchRun, answers: Sequence[ItemAnswer]) -> list[ConditionResult]:
    """Counted by condition; the bootstrap of each takes a moment, so once."""
    from core.coreference.conditions import condition_results

    key = (*run.key, *((answer.item, run.rivals.get(answer.item.id)) for answer in answers))
    return _counted.get(key, lambda: condition_results(answers, run.probe))


def ladder(
    chosen: Chosen, item: Item, probe: Probe, rival: str, head: tuple[int, int] | None, *, untrained: bool
) -> Ladder | Message:
    """The evidence of one item, for the model or its random twin; ``head``: (layer, head), or None for all of them.

    Raises:
        MiranteError: what core.capture raises, or a full queue.
    """
    run = BenchRun(chosen, probe, untrained=untrained, causal=True)
    return _ladders.get((*run.key, item, rival, head), lambda: _climb(run, item, rival, head))


def _run(missing: Sequence[tuple[BenchRun, Item]], total: int, running: str, key: str) -> None:
    """One item after the other.

    Any click starts the page again (Streamlit): the run goes on, unless the click was on Stop.
    """
    stop, bar = st.empty(), st.empty()
    stop.button(t("Stop"), key=f"{key}_stop", on_click=_set, args=(running, False))
    done = total - len(missing)
    for number, (run, item) in enumerate(missing, done):
        if number % 8 == 0:
            bar.progress(min(number / total, 1.0), text=t("{n} of {total} sentences asked", n=number, total=total))
        answer(run, item)
        let_others()
    st.session_state[running] = False
    stop.empty()
    bar.empty()


def _set(name: str, value: bool) -> None:
    st.session_state[name] = value


def _answer_key(run: BenchRun, item: Item) -> tuple:
    return (*run.key, item, run.rivals.get(item.id))


def _ask(run: BenchRun, item: Item) -> ItemAnswer:
    from core.coreference import bench

    model = run.model()
    with forward_slot():
        return bench.answer(model, item, run.probe, run.rivals.get(item.id) if run.causal else None)


def _climb(run: BenchRun, item: Item, rival: str, head: tuple[int, int] | None) -> Ladder | Message:
    from core.coreference import evidence

    model = run.model()
    with forward_slot():
        return evidence.ladder(model, item, run.probe, rival, head)


_answers: Shelf[ItemAnswer] = Shelf(_MAX_ANSWERS)
_counted: Shelf[list[ConditionResult]] = Shelf(_MAX_COUNTED)
_ladders: Shelf[Ladder | Message] = Shelf(_MAX_LADDERS)
