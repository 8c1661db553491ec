"""Threads on one shared model never see each other's calls: 8 threads × 15 captures, 0 mix-ups, in both adapters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from threading import Event

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

import core
from core.attention.tape import current, recording
from core.errors import ModelFailure
from core.models.locks import turn
from core.tracing.trace import Trace
from tests.tiny import CORPUS, TARGET, folder

THREADS, CAPTURES = 8, 15
TEXTS = [" ".join(CORPUS[i % len(CORPUS)].split()[: 3 + i // len(CORPUS)]) for i in range(THREADS * CAPTURES)]
TEXTS = [f"{text} {i}" for i, text in enumerate(TEXTS)]  # all different, in length too
# seam encoder, decoder with sinks, encoder–decoder; outside, with and without a hook of the library's own
MODELS = ["bert", "gpt_oss", "marian", "deberta-v2", "gpt_neo", "xglm"]


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


def run(name: str, text: str) -> Trace:
    lm = loaded(name)
    return core.capture(lm, text, TARGET if lm.kind == "encoder-decoder" else None)


def print_of(trace: Trace) -> list[np.ndarray]:
    """Everything that a mix-up would change: ids, logits, every map and value."""
    found = [np.array(trace.tokens.ids), trace.logits]
    for kind in trace.kinds:
        for layer in range(trace.layers(kind)):
            found += [trace.layer_attention(layer, kind), trace.value(layer, 1, kind)]
    return found


def same(a: Trace, b: Trace) -> bool:
    pairs = list(zip(print_of(a), print_of(b), strict=True))
    return all(x.shape == y.shape and np.allclose(x, y, atol=1e-6) for x, y in pairs)


@pytest.fixture(autouse=True)
def one_thread_per_forward():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", [*MODELS[:4], *(pytest.param(name, marks=pytest.mark.slow) for name in MODELS[4:])])
def test_threads_on_one_model_do_not_mix(name):
    expected = [run(name, text) for text in TEXTS]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda text: run(name, text), TEXTS))
    mixed = [text for text, a, b in zip(TEXTS, found, expected, strict=True) if not same(a, b)]
    assert mixed == []
    assert not same(found[0], found[1])  # the comparison can tell sentences apart


def test_two_models_and_both_adapters_at_once():
    jobs = [(name, text) for text in TEXTS[:40] for name in ("bert", "deberta-v2", "gpt_oss")]
    expected = [run(*job) for job in jobs]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda job: run(*job), jobs))
    assert [job for job, a, b in zip(jobs, found, expected, strict=True) if not same(a, b)] == []


def test_a_forward_beside_a_capture_writes_on_no_tape():
    """Another thread's plain forward, while a tape is open here, leaves this tape empty."""
    lm = loaded("bert")
    ids = torch.tensor([[1, 7, 8, 2]])
    with recording() as tape, ThreadPoolExecutor(1) as pool:
        pool.submit(lm.model, ids).result()
        assert tape.calls == []
        lm.model(ids)
        assert len(tape.calls) == 3
    assert current() is None


def test_a_failed_capture_closes_its_tape(monkeypatch):
    lm = loaded("bert")
    with pytest.raises(RuntimeError), recording():
        raise RuntimeError
    assert current() is None

    def fails(*_, **__):
        assert current() is not None
        raise RuntimeError("in the middle of the forward")

    with monkeypatch.context() as patch:
        patch.setattr(lm.model.bert.encoder.layer[1], "forward", fails)
        with pytest.raises(ModelFailure, match="in the middle"):
            core.capture(lm, TEXTS[0])
    assert current() is None and same(run("bert", TEXTS[0]), run("bert", TEXTS[0]))


class Pause(TorchFunctionMode):
    """In this thread, after the first write in place: say so, and wait for ``finished`` (or give up waiting)."""

    def __init__(self, reached: Event, finished: Event) -> None:
        super().__init__()
        self.reached, self.finished = reached, finished

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if func is torch.Tensor.copy_ and not self.reached.is_set():
            self.reached.set()
            self.finished.wait(1)
        return result


def test_a_model_that_rewrites_a_buffer_takes_turns():
    """LongRoPE picks its frequencies by length and keeps them in a buffer: a short sentence must not slip in
    between.
    """
    long, short = CORPUS[0], "copo"
    expected, other = run("phi3-longrope", long), run("phi3-longrope", short)
    assert len(expected.tokens.ids) > 24 > len(other.tokens.ids)
    reached, finished = Event(), Event()

    def slow() -> Trace:
        with Pause(reached, finished):
            return run("phi3-longrope", long)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        assert reached.wait(30)
        second = pool.submit(run, "phi3-longrope", short)
        second.add_done_callback(lambda _: finished.set())
        assert same(first.result(), expected) and same(second.result(), other)


def test_other_models_run_in_parallel():
    assert isinstance(turn(loaded("bert").model), nullcontext)
