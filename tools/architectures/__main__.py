"""``python -m tools.architectures``: write docs/architectures.md, or print the rows of the types that are named."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from .children import Sense, rows
from .table import PAGE, ROOT, line, page
from .tiny_types import text_types, vision_types

KEPT = ROOT / "build" / "architectures"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tools.architectures", description=__doc__)
    parser.add_argument("types", nargs="*", help="model types; all of the library when left out")
    parser.add_argument("--vision", action="store_true", help="the named types are read as vision types")
    parser.add_argument("--resume", action="store_true", help="keep the rows of a run that was broken off")
    asked = parser.parse_args()
    if asked.types:
        kept = KEPT.with_name("architectures-named")
        shutil.rmtree(kept, ignore_errors=True)
        for row in rows("vision" if asked.vision else "text", asked.types, kept):
            print(line(row), flush=True)
        return
    if not asked.resume:
        shutil.rmtree(KEPT, ignore_errors=True)
    made = {sense: _all(sense, KEPT) for sense in ("text", "vision")}
    PAGE.write_text(page(made["text"], made["vision"]), encoding="utf-8")


def _all(sense: Sense, kept: Path) -> list:
    names, done = text_types() if sense == "text" else vision_types(), []
    begun = time.monotonic()
    for row in rows(sense, names, kept):
        done.append(row)
        print(f"{sense} {len(done)} / {len(names)}, {time.monotonic() - begun:.0f} s: {row.name}", file=sys.stderr)
    return done


if __name__ == "__main__":
    main()
