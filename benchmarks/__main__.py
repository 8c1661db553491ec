"""``python -m benchmarks [PART|all]``: measure, compare with the bars, write benchmarks/results (names: ``PARTS``)."""

from __future__ import annotations

import argparse

PARTS = ("payload", "capture", "analyses", "variants", "coref", "browser", "classroom", "cold_start", "bertviz")


def main() -> None:
    """Run the asked parts, one after the other: they would disturb each other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure and write benchmarks/results.")
    parser.add_argument("part", nargs="?", choices=(*PARTS, "all"), default="all")
    parser.add_argument(
        "model", nargs="?", choices=("encoder", "twin", "decoder"), help="of the coref part; all three when left out"
    )
    parser.add_argument("--visitors", type=int, nargs="*", default=[40, 100, 200], help="sizes of the classroom part")
    parser.add_argument("--churn", type=float, default=0, help="minutes of coming and going of the classroom part")
    parser.add_argument("--longest", type=int, default=4096, help="longest sentence of the capture part, in tokens")
    parser.add_argument("--trials", type=int, default=20, help="fresh servers of the cold_start part")
    asked = parser.parse_args()
    for part in PARTS if asked.part == "all" else (asked.part,):
        print(f"== {part}", flush=True)
        if part == "classroom":
            from .classroom import measure

            measure(asked.visitors, asked.churn)
        else:
            run(part, asked.longest, asked.model, asked.trials)


def run(part: str, longest: int, model: str | None = None, trials: int = 20) -> None:
    """One part; imported late, so that payload does not wait for a browser."""
    if part == "capture":
        from .capture import measure

        measure(longest)
    elif part == "analyses":
        from .analyses import measure

        measure()
    elif part == "variants":
        from .variants import measure

        measure()
    elif part == "payload":
        from .payload import measure

        measure()
    elif part == "coref":
        from .coref import MODELS, measure

        measure(MODELS if model is None else (model,))
    elif part == "browser":
        from .browser import measure

        measure()
    elif part == "cold_start":
        from .cold_start import measure

        measure(trials)
    else:
        from .bertviz import measure

        measure()


if __name__ == "__main__":
    main()
