"""Efficient attention as the text grows: time, memory and the exponents with which they grow.

    python -m benchmarks variants

Every variant of core.variants on one head of 64 dimensions, one thread, 256 to 8,192 positions (core.variants.growth);
each point is the shortest processor time of three rounds, so that a moment in which the machine is busy does not
decide. Peak memory of the plain formula, of the fused kernel and of the window is also seen from outside, as growth of
the resident peak of a process of its own (Linux). torch's compiled flex_attention is measured under the same window
where a C++ compiler is there; compiling is not counted, and said."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import torch

from core.models.devices import one_thread
from core.variants import banded, exact, growth
from core.variants.inputs import random_inputs

from .capture import _status
from .machine import bar, write

ROUNDS = 3
OUTSIDE = ("plain", "fused", "window")
FLEX = (2048, 8192)


def measure() -> None:
    """Run everything and write results/variants.json."""
    one_thread()
    curves = best([growth.measure_growth() for _ in range(ROUNDS)])
    for curve in curves:
        print(
            f"{curve.name:10s} time ∝ n^{curve.exponent('seconds'):.2f}, memory ∝ n^{curve.exponent('bytes'):.2f}",
            flush=True,
        )
    outside = [{"n": n, "name": name, "MB": peak(name, n)} for n in (4096, 8192) for name in OUTSIDE]
    rows = {
        "settings": growth.SETTINGS,
        "from": growth.FROM,
        "rounds": ROUNDS,
        "clock": "thread processor time",
        "curves": [document(curve) for curve in curves],
        "resident_peak": outside,
        "flex_attention": flex(),
    }
    write("variants", "python -m benchmarks variants", rows, bars({curve.name: curve for curve in curves}))


def best(rounds: list[tuple[growth.GrowthCurve, ...]]) -> list[growth.GrowthCurve]:
    """The shortest time of each point."""
    found = []
    for same in zip(*rounds, strict=True):
        points = tuple(
            min(points, key=lambda point: point.seconds)
            for points in zip(*(curve.points for curve in same), strict=True)
        )
        found.append(growth.GrowthCurve(same[0].name, points))
    return found


def document(curve: growth.GrowthCurve) -> dict:
    """A curve as it is kept."""
    points = [{**asdict(point), "seconds": float(f"{point.seconds:.4g}")} for point in curve.points]
    return {
        "name": curve.name,
        "exponents": {of: round(curve.exponent(of), 3) for of in ("seconds", "bytes", "operations")},
        "points": points,
    }


def bars(curves: dict[str, growth.GrowthCurve]) -> list[dict]:
    """What the formulas promise."""
    found = [
        bar(f"{name}: time grows as n^e, e ≥ 1.7", curves[name].exponent("seconds"), at_least=1.7)
        for name in ("plain", "fused")
    ]
    found += [
        bar(f"{name}: time grows as n^e, e ≤ 1.3", curves[name].exponent("seconds"), at_most=1.3)
        for name in ("window", "longformer", "bigbird", "linformer", "performer")
    ]
    found += [
        bar(f"{name}: memory grows as n^e, e ≤ 1.05", curves[name].exponent("bytes"), at_most=1.05)
        for name in ("fused", "tiles", "window", "longformer", "bigbird", "linformer", "performer")
    ]
    last = {name: curve.points[-1] for name, curve in curves.items()}
    found.append(
        bar("plain ÷ window, time at 8,192 positions ≥ 8", last["plain"].seconds / last["window"].seconds, at_least=8)
    )
    found.append(
        bar("plain ÷ fused, memory at 8,192 positions ≥ 100", last["plain"].bytes / last["fused"].bytes, at_least=100)
    )
    found.append(
        bar(
            "a step of writing: 8 key/value heads ÷ 1, time at 8,192 ≥ 3",
            last["step_mha"].seconds / last["step_mqa"].seconds,
            at_least=3,
        )
    )
    return found


def peak(name: str, n: int) -> float | None:
    """Growth of the resident peak of one run in a process of its own, in MB; None where the system does not tell."""
    if not Path("/proc/self/clear_refs").exists():
        return None
    done = subprocess.run(
        [sys.executable, "-c", f"from benchmarks.variants import child; child({name!r}, {n})"],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def child(name: str, n: int) -> None:
    """Body of the process of ``peak``."""
    one_thread()
    with torch.inference_mode():
        growth.runs(256)[name]()()
        run = growth.runs(n)[name]()
        Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten (Linux, proc(5))
        before = _status("VmRSS")
        kept = run()
        print(round((_status("VmHWM") - before) * 1024 / 1e6, 1), flush=True)
    del kept


def flex() -> list[dict] | str:
    """Seconds of compiling (nothing taken from an earlier compilation) and running flex_attention under the window, and
    how far its output is from ours; or why it does not run here."""
    import torch._inductor.config
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    torch._inductor.config.force_disable_caches = True
    found, compiled = [], torch.compile(flex_attention)
    for n in FLEX:
        one = random_inputs(n)
        parts = [part[None, None] for part in (one.query, one.key, one.value)]
        mask = create_block_mask(_near, None, None, n, n, device="cpu")
        try:
            start = time.perf_counter()
            output = compiled(*parts, block_mask=mask, scale=one.scaling)
        except Exception as error:  # whatever a compiler says
            return f"{type(error).__name__}: does not run here"
        compiling, taken = time.perf_counter() - start, []
        for _ in range(5):
            start = time.thread_time()
            compiled(*parts, block_mask=mask, scale=one.scaling)
            taken.append(time.thread_time() - start)
        ours = banded.banded_attention(one, growth.plan("window", n))
        full = float((output[0, 0] - exact.fused_attention(one)).abs().max())
        found.append(
            {
                "n": n,
                "compiling_s": round(compiling, 1),
                "seconds": float(f"{min(taken):.4g}"),
                "away_from_ours": float(f"{(output[0, 0] - ours).abs().max():.2g}"),
                "away_from_full": round(full, 3),
            }
        )
        print(found[-1], flush=True)
    return found


def _near(batch, head, query, key):
    return (query - key).abs() <= growth.SETTINGS["window"]
