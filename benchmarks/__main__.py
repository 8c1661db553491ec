"""``python -m benchmarks [PART|all]``: measure, compare with the bars, write benchmarks/results (names: ``PARTS``)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module

MODELS = ("encoder", "twin", "decoder", "translator", "winograd")
Asked = argparse.Namespace
PARTS: Mapping[str, Callable[[Asked], tuple]] = {
    "payload": lambda asked: (),
    "capture": lambda asked: (asked.longest,),
    "analyses": lambda asked: (),
    "variants": lambda asked: (),
    "coref": lambda asked: ((asked.model,),) if asked.model else (),
    "preferences": lambda asked: (),
    "browser": lambda asked: (),
    "classroom": lambda asked: (asked.visitors,),
    "phones": lambda asked: (asked.phones,),
    "cold_start": lambda asked: (asked.trials,),
    "churn": lambda asked: (asked.minutes,),
    "links": lambda asked: (asked.links,),
    "bertviz": lambda asked: (),
}
"""Part (the module of the same name) → what its ``measure`` takes from the command line."""


def main() -> None:
    """Run the asked parts, one after the other: they would disturb each other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure and write benchmarks/results.")
    parser.add_argument("part", nargs="?", choices=(*PARTS, "all"), default="all")
    parser.add_argument("model", nargs="?", choices=MODELS, help="of the coref part; all when left out")
    parser.add_argument("--visitors", type=int, nargs="*", default=[40, 100, 200], help="sizes of the classroom part")
    parser.add_argument("--phones", type=int, default=200, help="phones of the phones part")
    parser.add_argument("--minutes", type=float, default=30, help="how long visitors come and go in the churn part")
    parser.add_argument("--longest", type=int, default=4096, help="longest sentence of the capture part, in tokens")
    parser.add_argument("--trials", type=int, default=20, help="fresh servers of the cold_start part")
    parser.add_argument("--links", type=int, default=1000, help="links of the links part, in each mode of serving")
    asked = parser.parse_args()
    for part in PARTS if asked.part == "all" else (asked.part,):
        print(f"== {part}", flush=True)
        import_module(f"benchmarks.{part}").measure(*PARTS[part](asked))  # late: payload waits for no browser


if __name__ == "__main__":
    main()
