"""Studies of a model over many sentences, as documents that are shipped with it, shown on a page or printed by the
command line.

relations   every relation of a treebank: the best head, its gain over a fixed offset, the random twin beside it
roles       the best head for each role, on random words said twice
faithfulness  every method against random orders, and how far the methods agree
Each document names the model, its revision, the data and what made it, so that the numbers of a page, of Python and of
the command line are the same. Layers and heads count from 0. Not inside: the measures themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Literal

import numpy as np

from ..errors import BadInput
from ..intervals import Estimate, mean
from ..models.loading import LanguageModel
from ..models.random_twin import twin
from ..models.sources import BUNDLED, bundled_names
from ..text.tokens import merge
from ..tracing.batches import attentions, batch_kind
from .conllu import Parsed
from .faithfulness import RANDOM, Judged, judge
from .relations import LEAST, ArcQuestions, Found, ask, most_seen, table
from .roles import ROLES, repeated, scores

Study = Literal["relations", "roles", "faithfulness"]
Progress = Callable[[int, int], None]
"""(sentences done, sentences in all); raising an exception in it stops the study."""


def shipped(name: str, study: Study) -> dict[str, Any] | None:
    """The study that comes with a bundled model; None for any other model, or where it was not made."""
    return _read(name, study) if name in bundled_names() else None


def relations(
    lm: LanguageModel,
    dev: Sequence[Parsed],
    test: Sequence[Parsed],
    *,
    data: str = "",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The document of a model on a treebank: heads chosen on ``dev``, scored on ``test``; the same for its random twin.

    Raises:
        BadInput: no sentence that the model can read has an arc.
    """
    total, null = 2 * (len(dev) + len(test)), twin(lm)
    counted = _counted(total, progress)
    own, other = ([ask_relations(model, part, counted) for part in (dev, test)] for model in (lm, null))
    return relations_document(lm, own, other, data=data)


def relations_document(
    lm: LanguageModel, own: Sequence[ArcQuestions], other: Sequence[ArcQuestions], *, data: str = ""
) -> dict[str, Any]:
    """The same from what was asked already: (dev, test) of the model and of its random twin.

    Raises:
        BadInput: no relation has arcs enough.
    """
    found, null = table(*own), {one.relation: one for one in table(*other)}
    if not found:
        raise BadInput(
            "No relation has arcs enough in both parts of this treebank: at least {n} of one relation are "
            "needed in each.",
            n=LEAST,
        )
    rows = [
        {**_row(one), "twin": _estimate(null[one.relation].accuracy) if one.relation in null else None} for one in found
    ]
    sentences = {name: int(len(np.unique(part.sentence))) for name, part in zip(("dev", "test"), own, strict=True)}
    return {
        **_head(lm, "relations", data),
        "sentences": sentences,
        "causal": lm.layout.looks_back(batch_kind(lm)),
        "rows": rows,
    }


def ask_relations(
    lm: LanguageModel, sentences: Sequence[Parsed], progress: Callable[[], None] = lambda: None
) -> ArcQuestions:
    """Every arc of some sentences, asked of every head of a model."""

    def seen() -> Iterator:
        for place, tokens, maps in attentions(lm, [one.text for one in sentences]):
            words = (
                np.stack([[merge(head, tokens, tokens) for head in layer] for layer in maps])
                if len(tokens.words) < len(tokens)
                else maps
            )
            yield place, tokens, most_seen(words, _special_words(tokens))
            progress()

    return ask(sentences, seen(), causal=lm.layout.looks_back(batch_kind(lm)))


def roles(lm: LanguageModel, *, items: int = 60, progress: Progress | None = None) -> dict[str, Any]:
    """The document of the roles on random words said twice: the best head of each role is chosen on the even texts and
    scored on the odd ones.

    Raises:
        BadInput: a vocabulary without such words.
    """
    texts, null = repeated(lm, items=items), twin(lm)
    counted = _counted(2 * len(texts), progress)
    own, other = (_role_scores(model, texts, counted) for model in (lm, null))
    rows = [row for place, role in enumerate(ROLES) if (row := _role(role, own[:, place], other[:, place])) is not None]
    return {
        **_head(lm, "roles", f"{len(texts)} texts of random words said twice"),
        "causal": lm.layout.looks_back(batch_kind(lm)),
        "rows": rows,
    }


def faithfulness(
    lm: LanguageModel, texts: Sequence[str], *, data: str = "", orders: int = RANDOM, progress: Progress | None = None
) -> dict[str, Any]:
    """The document of every method that the model has, against random orders.

    Raises:
        BadInput: no text could be asked.
    """
    found = judge(lm, texts, orders=orders, progress=progress)
    if not found.sentences:
        raise BadInput(
            "None of these sentences could be asked: between 5 and 40 words besides the one that is asked "
            "for are needed."
        )
    kind = "cross" if lm.kind == "encoder-decoder" else "self"
    return {**_head(lm, "faithfulness", data), "kind": kind, **judged(found), "orders": orders}


def judged(found: Judged) -> dict[str, Any]:
    """The numbers of a judgement, as they are kept."""
    rows = []
    for name in found.names:
        one = found.faith(name)
        rows.append(
            {"method": name, "offered": one.offered, **{key: _estimate(value) for key, value in vars(one).items()}}
        )
    return {
        "sentences": found.sentences,
        "rows": rows,
        "agreement": {"names": list(found.names), "spearman": np.round(found.agreement, 4).tolist()},
        "random": {
            "comprehensiveness": round(float(found.random[:, 0].mean()), 4),
            "sufficiency": round(float(found.random[:, 1].mean()), 4),
        },
    }


def importance(name: str, method: str, kind: str) -> bool | None:
    """Whether a method on a kind of attention may be called importance for a bundled model; None where that was not
    measured.
    """
    found = shipped(name, "faithfulness")
    rows = () if found is None or kind != found["kind"] else found["rows"]
    return next((row["offered"] for row in rows if row["method"] == method), None)


@cache
def _read(name: str, study: Study) -> dict[str, Any] | None:
    path = BUNDLED / name / f"{study}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _head(lm: LanguageModel, study: Study, data: str) -> dict[str, Any]:
    return {"study": study, "model": lm.name, "revision": lm.revision, "kind": batch_kind(lm), "data": data}


def _row(one: Found) -> dict[str, Any]:
    return {
        "relation": one.relation,
        "n": one.n,
        "looker": one.looker,
        "layer": one.head[0],
        "head": one.head[1],
        "accuracy": _estimate(one.accuracy),
        "offset": one.offset,
        "baseline": round(one.baseline, 4),
        "gain": _estimate(one.gain),
    }


def _role_scores(lm: LanguageModel, texts: Sequence[str], progress: Callable[[], None]) -> np.ndarray:
    """(text, role, layer, head)"""
    found: dict[int, np.ndarray] = {}
    for place, tokens, maps in attentions(lm, texts):
        found[place] = scores(maps, tokens, causal=lm.layout.looks_back(batch_kind(lm))).score
        progress()
    if not found:
        raise BadInput("None of these sentences could be read by this model.")
    return np.stack([found[place] for place in sorted(found)])


def _role(role: str, own: np.ndarray, other: np.ndarray) -> dict[str, Any] | None:
    """own, other: (text, layer, head) of the model and of its twin; None where no row is eligible."""
    if np.isnan(own).all():
        return None
    layer, head = _chosen(own)
    return {
        "role": role,
        "layer": layer,
        "head": head,
        "score": _estimate(mean(own[1::2, layer, head])),
        "all_heads": round(float(own.mean()), 4),
        "twin": _estimate(mean(other[1::2, *_chosen(other)])),
        "each": np.round(own.mean(0), 4).tolist(),
    }


def _chosen(values: np.ndarray) -> tuple[int, int]:
    means = values[::2].mean(0)
    place = np.unravel_index(int(means.argmax()), means.shape)
    return int(place[0]), int(place[1])


def _special_words(tokens) -> list[bool]:
    """A word is special when none of its positions stands for text."""
    special = [True] * len(tokens.words)
    for position, word in enumerate(tokens.word_of):
        special[word] &= tokens.special[position]
    return special


def _estimate(one: Estimate) -> dict[str, Any]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(one).items()}


def _counted(total: int, progress: Progress | None) -> Callable[[], None]:
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    return count
