"""What a bundled model says about itself: its card in two languages, its evaluation, its training curve, its shape.

Read from the files beside its weights; the weights are not loaded. Nothing is computed here: the numbers were measured
by training/ and written with their intervals."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BadFile, ModelNotFound
from .architecture import Architecture, architecture_of
from .catalog import CatalogEntry, describe
from .sources import BUNDLED, shipped_names

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_PORTUGUESE = re.compile(r"^# .*\(português\)$", re.MULTILINE)


@dataclass(frozen=True)
class EvaluationRow:
    """One row of the evaluation: names and baselines by language (en, pt), the value, its 95 % interval, n items."""

    name: dict[str, str]
    baseline: dict[str, str]
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class TrainingCurve:
    """Training loss in nats against tokens read, as reported along the run."""

    tokens: tuple[int, ...]
    loss: tuple[float, ...]


@dataclass(frozen=True)
class Card:
    """``text``: Markdown by language (en, pt). ``licence``: of the weights, an SPDX id in lower case."""

    entry: CatalogEntry
    shape: Architecture
    licence: str
    text: dict[str, str]
    measures: tuple[EvaluationRow, ...]
    curve: TrainingCurve


def read_card(name: str) -> Card:
    """The card of a bundled model.

    Raises:
        ModelNotFound: no bundled model has that name. BadFile: one of its files cannot be read.
    """
    if name not in shipped_names():
        raise ModelNotFound(
            "“{name}” is not one of the bundled models: {bundled}.", name=name, bundled=", ".join(shipped_names())
        )
    folder = BUNDLED / name
    try:
        readme = (folder / "README.md").read_text(encoding="utf-8")
        return Card(
            entry=describe(folder),
            shape=architecture_of({"vocab_size": describe(folder).vocabulary, **_json(folder / "config.json")}),
            licence=_licence(readme),
            text=_texts(readme),
            measures=tuple(EvaluationRow(**row) for row in _json(folder / "evaluation.json")["table"]),
            curve=_curve(_json(folder / "training_curve.json")),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFile("The bundled model “{name}” is damaged: {detail}", name=name, detail=error) from error


def _curve(document: dict[str, Any]) -> TrainingCurve:
    points = [(point["tokens"], point["loss"]) for point in document["curve"]]
    return TrainingCurve(*(tuple(column) for column in zip(*points, strict=True))) if points else TrainingCurve((), ())


def _texts(readme: str) -> dict[str, str]:
    """The English card, and the Portuguese one below the heading that names it; the front matter belongs to neither."""
    body = _FRONT.sub("", readme)
    heading = _PORTUGUESE.search(body)
    if heading is None:
        raise ValueError("README.md has no heading in Portuguese")
    return {"en": body[: heading.start()].strip(), "pt": body[heading.start() :].strip()}


def _licence(readme: str) -> str:
    front = _FRONT.match(readme)
    lines = front[1].splitlines() if front else []
    return next(line.partition(":")[2].strip() for line in lines if line.startswith("license:"))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
