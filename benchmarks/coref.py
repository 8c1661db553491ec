"""The coreference bench, whole: 512 container pairs and 360 pairs of other families, for the bundled encoder, its random twin and the decoder.

    python -m benchmarks coref

Every condition under every probe, cut edges included. The timed part is what the page does first: 512 pairs, every head, one probe.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import core
from core.coreference import bench, items, report
from core.coreference.bench import Result
from core.coreference.probes import PROBES, Probe
from core.devices import one_thread
from core.models import LanguageModel

from .machine import bar, write

ENCODER, DECODER = "mirante-encoder-pt", "mirante-decoder-pt"


def measure() -> None:
    """Run everything and write results/coref.json."""
    one_thread()
    encoder = core.load(ENCODER, device="cpu")
    seconds = _timed(encoder)
    models = (encoder, core.twin(encoder), core.load(DECODER, device="cpu"))
    found = {lm.name: [one for source in ("containers", "families") for one in _all(lm, items.bundled(source))] for lm in models}
    rows = [{"model": name, **row} for name, results in found.items() for row in report.rows(results)]
    indices = {name: {probe: report.indices(results, probe) for probe in PROBES} for name, results in found.items()}
    twin = found[models[1].name]
    write("coref", "python -m benchmarks coref", {"gender_confound": indices, "table": rows}, [
        bar("512 pairs × all heads of the bundled encoder in 60 s (adjective; one thread)", seconds, at_most=60),
        bar("best held-out head of the random twin: conditions whose 95 % interval holds 50 %", _on_the_line(twin), at_least=0.9),
    ])  # fmt: skip


def _timed(lm: LanguageModel) -> float:
    """Seconds of the first run of the page: every container pair, visible adjective, looks and choices, counted."""
    bench.run(lm, items.bundled("containers")[:8], "adjective")
    start = time.perf_counter()
    bench.results(bench.run(lm, items.bundled("containers"), "adjective"), "adjective")
    return time.perf_counter() - start


def _all(lm: LanguageModel, asked: Sequence[items.Item]) -> list[Result]:
    return [one for probe in PROBES for one in _results(lm, asked, probe)]


def _results(lm: LanguageModel, asked: Sequence[items.Item], probe: Probe) -> list[Result]:
    start = time.perf_counter()
    found = bench.results(bench.run(lm, asked, probe, causal=True), probe)
    print(f"{lm.name} {probe}: {time.perf_counter() - start:.0f} s", flush=True)
    return found


def _on_the_line(found: Sequence[Result]) -> float:
    """Share of the conditions of which the twin's interval holds one half."""
    seen = [one.looked.selected.members for one in found if one.looked is not None and one.looked.selected.members.low is not None]
    return sum(one.low <= 0.5 <= one.high for one in seen) / len(seen)
