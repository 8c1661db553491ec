"""What the evaluation asks and training never wrote, as one JSON document: container nouns and pairs, family nouns,
word orders.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.common import families, grammar
from training.common.lexicon import SPLIT_SEED, containers


def document() -> dict[str, Any]:
    """The split, sorted; it depends on the code alone."""
    split = containers()
    return {
        "seed": SPLIT_SEED,
        "unit": "unordered pairs of containers; either may be the source",
        "held_out_nouns": sorted(entry.text for entry in split.held_out_nouns),
        "held_out_pairs": sorted(sorted(pair) for pair in split.held_out_pairs),
        "train_pairs": sorted(sorted(pair) for pair in split.train_pairs),
        "held_out_family_nouns": sorted(filler.text for filler in families.fillers() if families.held_out(filler)),
        "held_out_word_orders": [opening.__name__ for opening in grammar.UNSEEN_OPENINGS],
    }


def write(path: Path) -> None:
    """heldout.json."""
    path.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
