"""The coreference bench, whole: 576 container pairs and 360 pairs of other families, for the bundled encoder, its
random twin and the decoder; for the translator the English sentences that it was trained to read; and the encoder on
the Portuguese Winograd set, where MIRANTE_CORPORA has it.

    python -m benchmarks coref [encoder|twin|decoder|translator|winograd]

Every condition under every probe, cut edges included; one file per model. The timed part is what the page does first:
576 pairs, every head, one probe.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import core
from core.coreference import bench, conditions, items, learned, report, winograd
from core.coreference.conditions import ConditionResult
from core.coreference.probes import PROBES, Probe, fits
from core.models.catalog import longest_learned
from core.models.devices import one_thread
from core.models.loading import LanguageModel

from .machine import bar, write

ENCODER, DECODER, TRANSLATOR = "mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator"
MODELS = ("encoder", "twin", "decoder", "translator", "winograd")


def measure(which: Sequence[str] = MODELS) -> None:
    """Run everything and write results/coref-*.json."""
    one_thread()
    for name in which:
        if name in OTHERS:
            OTHERS[name]()
            continue
        lm = _load(name)
        found = [one for source in ("containers", "families") for one in _all(lm, items.bundled_items(source))]
        seconds = _timed(lm)
        bars = {
            "encoder": [bar("576 pairs × all heads in 60 s of one core (visible adjective)", seconds, at_most=60)],
            "twin": [
                bar(
                    "best held-out head of the random twin: share of conditions whose 95 % interval holds 50 %",
                    _on_the_line(found),
                    at_least=0.9,
                )
            ],
        }
        indices = {
            probe: {name: asdict(index) for name, index in report.indices(found, probe).items()} for probe in PROBES
        }
        timed = {"timed_pairs": len(items.bundled_items("containers")) // 2, "timed_seconds": round(seconds, 1)}
        rows = {**timed, "gender_confound": indices, "table": report.rows(found)}
        write(f"coref-{name}", f"python -m benchmarks coref {name}", rows, bars.get(name, []))


def _measure_translator() -> None:
    """Write results/coref-translator.json."""
    lm, listed = core.load(TRANSLATOR, device="cpu"), items.bundled_items("translations")
    asked = learned.learned_items(lm, listed)
    rows = {
        "sentences": len(listed),
        "asked": len(asked),
        "longest_learned": longest_learned(TRANSLATOR),
        "shortest_target": min(learned.words_and_marks(item.target) for item in asked),
        "table": report.rows(conditions.condition_results(bench.run_bench(lm, asked, "cross"), "cross")),
    }
    write("coref-translator", "python -m benchmarks coref translator", rows, [])


def _measure_winograd() -> None:
    """Write results/coref-winograd.json; nothing where the set is not at hand, which is not ours to ship."""
    path = Path(os.environ.get("MIRANTE_CORPORA", "")) / "wsc_pt.jsonl.gz"
    if not path.is_file():
        print(f"left out: no {path}", flush=True)
        return
    lm, (asked, left_out) = core.load(ENCODER, device="cpu"), winograd.read_schemas(path)
    found = [one for probe in ("adjective", "overt") for one in _results(lm, asked, probe, causal=False)]
    rows = {"asked": len(asked), "left_out": left_out, "table": report.rows(found)}
    write("coref-winograd", "python -m benchmarks coref winograd", rows, [])


OTHERS = {"translator": _measure_translator, "winograd": _measure_winograd}


def _load(name: str) -> LanguageModel:
    lm = core.load(DECODER if name == "decoder" else ENCODER, device="cpu")
    return core.twin(lm) if name == "twin" else lm


def _timed(lm: LanguageModel) -> float:
    """Seconds of one core (processor time: others use the machine too) for the first run of the page: every container
    pair, visible adjective, looks and choices, counted.
    """
    bench.run_bench(lm, items.bundled_items("containers")[:8], "adjective")
    start = time.process_time()
    conditions.condition_results(bench.run_bench(lm, items.bundled_items("containers"), "adjective"), "adjective")
    return time.process_time() - start


def _all(lm: LanguageModel, asked: Sequence[items.Item]) -> list[ConditionResult]:
    """Every probe that fits some item; where a model has no such look, its choices are still counted."""
    return [one for probe in PROBES if any(fits(item, probe) for item in asked) for one in _results(lm, asked, probe)]


def _results(
    lm: LanguageModel, asked: Sequence[items.Item], probe: Probe, *, causal: bool = True
) -> list[ConditionResult]:
    start = time.perf_counter()
    found = conditions.condition_results(bench.run_bench(lm, asked, probe, causal=causal), probe)
    print(f"{lm.name} {probe}: {time.perf_counter() - start:.0f} s", flush=True)
    return found


def _on_the_line(found: Sequence[ConditionResult]) -> float:
    """Share of the conditions of which the twin's interval holds one half."""
    seen = [
        one.looks.selected.members
        for one in found
        if one.looks is not None and one.looks.selected.members.low is not None
    ]
    return sum(one.low <= 0.5 <= one.high for one in seen) / len(seen)
