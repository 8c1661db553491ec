"""What the numbers were measured on, and how they are summed up and written."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"


def machine() -> dict:
    """Processor, memory, system and versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_GB": round(memory / 1e9),
        "load_at_start": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "transformers", "streamlit")},
    }


def spread(values: Sequence[float], digits: int = 4) -> dict:
    """min, median, p95, max and n."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]
    found = {"min": ordered[0], "median": statistics.median(ordered), "p95": p95, "max": ordered[-1]}
    return {name: round(value, digits) for name, value in found.items()} | {"n": len(ordered)}


def write(name: str, command: str, rows: object, bars: Sequence[dict]) -> None:
    """benchmarks/results/NAME.json: command, machine, rows, and each bar with what was measured against it."""
    report = {"command": command, "machine": machine(), "bars": list(bars), "rows": rows}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for each in bars:
        print(f"{'met   ' if each['met'] else 'MISSED'} {each['bar']}: {each['measured']}", flush=True)


def bar(text: str, measured: float, *, at_most: float | None = None, at_least: float | None = None) -> dict:
    """One bar of docs/architecture: its text, the measurement, and whether it was met."""
    met = (at_most is None or measured <= at_most) and (at_least is None or measured >= at_least)
    return {"bar": text, "measured": round(measured, 4), "met": bool(met)}


def _processor() -> str:
    """Model name of the processor; Linux tells it in /proc, other systems through platform."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
