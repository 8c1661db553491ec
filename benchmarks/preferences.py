"""What the question form of the bench says over all conditions, and what its trivial causes would have said.

    python -m benchmarks preferences

Pooled: how often the preference moves to the right noun within pairs, over the eight container conditions that have a
question and over the families, with intervals over nouns. Banned: ``heldout.json`` beside the weights names the
containers that no generated sentence of the training held; where gender says nothing (P2 and P3; P8, where the places
are exchanged too), how often is the choice right where the right noun was banned, where its rival was, both, or
neither? Beside it the contrast within pairs by how many of its nouns were banned. Heads: three of the encoder's, by
name. Everything for the random twin too, to which no noun was ever banned.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import core
from core.analyses.candidates import won
from core.coreference import bench, conditions, contrast, items
from core.coreference.bench import ItemAnswer
from core.coreference.contrast import Pair
from core.intervals import NOTHING, Estimate, clustered, clustered_mean
from core.models.devices import one_thread
from core.models.sources import BUNDLED

from .coref import DECODER, ENCODER
from .machine import write

MODELS = ("encoder", "decoder", "twin")
BANNED_SETS = {"P2, P3": ("P2", "P3"), "P8": ("P8",)}
BY_CHOICE = ("right", "rival", "both", "neither")
BY_PAIR = ("neither", "one", "both")
HEADS = ((3, 2), (2, 3), (2, 1))  # (layer, head) from 0: L4·3, L3·4, L3·2


def measure() -> None:
    """Ask and write results/coref-preferences.json."""
    one_thread()
    pooled, by_ban, heads = [], [], []
    for name in MODELS:
        pairs = _pairs(name)
        pooled += [{"model": name, "items": source, **_pooled(found)} for source, found in pairs.items()]
        banned = _banned(DECODER if name == "decoder" else ENCODER)
        for title, chosen in BANNED_SETS.items():
            asked = [pair for pair in pairs["containers"] if pair[0].item.condition in chosen]
            by_ban.append({"model": name, "conditions": title, **counted(asked, banned)})
        if name != "decoder":
            heads += [{"model": name, **row} for row in _heads(pairs["containers"])]
    rows = {"pooled": pooled, "banned": by_ban, "heads": heads, "banned_nouns": sorted(_banned(ENCODER))}
    write("coref-preferences", "python -m benchmarks preferences", rows, [])


def counted(pairs: Sequence[Pair], banned: frozenset[str]) -> dict[str, Any]:
    """choice: share of right sentences by which noun was banned; contrast: share of pairs whose preference moves to the
    right side by how many were. Intervals over nouns."""
    by_kind = {kind: [pair for pair in pairs if _number(pair, banned) == kind] for kind in BY_PAIR}
    return {
        "choice": {
            kind: asdict(_choice(pairs, lambda one, kind=kind: _kind(one, banned) == kind)) for kind in BY_CHOICE
        },
        "contrast": {kind: _pooled(chosen)["moved"] for kind, chosen in by_kind.items()},
    }


def _pairs(name: str) -> dict[str, list[Pair]]:
    lm = core.load(DECODER if name == "decoder" else ENCODER, device="cpu")
    lm = core.twin(lm) if name == "twin" else lm
    return {
        source: conditions.pairs_of(bench.run_bench(lm, items.bundled_items(source), "question"))
        for source in ("containers", "families")
    }


def _pooled(pairs: Sequence[Pair]) -> dict[str, Any]:
    """The contrast over all of some pairs."""
    found = contrast.paired_contrast(pairs)
    return {
        "moved": asdict(NOTHING if found is None else found.moved),
        "shift": asdict(NOTHING if found is None else found.shift),
    }


def _choice(pairs: Sequence[Pair], wanted: Callable[[ItemAnswer], bool]) -> Estimate:
    answers = [one for pair in pairs for one in pair if one.right is not None and wanted(one)]
    return clustered([float(bool(one.right)) for one in answers], [_nouns(one) for one in answers])


def _heads(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Per head and condition: share of right sentences, and the mean weight on the true noun and on the other one."""
    found = []
    for head in HEADS:
        for condition in dict.fromkeys(pair[0].item.condition for pair in pairs):
            answers = [one for pair in pairs for one in pair if one.item.condition == condition]
            nouns, weights = [_nouns(one) for one in answers], [one.weights[head] for one in answers]
            golds = [one.item.gold for one in answers]
            right = [float(bool(won(row, gold))) for row, gold in zip(weights, golds, strict=True)]
            true = [float(row[gold]) for row, gold in zip(weights, golds, strict=True)]
            other = [float(row.sum() - row[gold]) for row, gold in zip(weights, golds, strict=True)]
            found.append(
                {
                    "layer": head[0],
                    "head": head[1],
                    "condition": condition,
                    "right": asdict(clustered(right, nouns, most=1)),
                    "true_noun": asdict(clustered_mean(true, nouns)),
                    "other_noun": asdict(clustered_mean(other, nouns)),
                }
            )
    return found


def _kind(answer: ItemAnswer, banned: frozenset[str]) -> str:
    """Which of the two nouns is among the banned ones."""
    right = answer.item.candidates[answer.item.gold].text
    rivals = _nouns(answer) - {right}
    if right in banned:
        return "both" if rivals & banned else "right"
    return "rival" if rivals & banned else "neither"


def _number(pair: Pair, banned: frozenset[str]) -> str:
    return BY_PAIR[len(_nouns(pair[0]) & banned)]


def _nouns(answer: ItemAnswer) -> set[str]:
    return {candidate.text for candidate in answer.item.candidates}


def _banned(name: str) -> frozenset[str]:
    document = json.loads((BUNDLED / name / "heldout.json").read_text(encoding="utf-8"))
    return frozenset(document["held_out_nouns"])
