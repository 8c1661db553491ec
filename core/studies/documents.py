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
from hashlib import sha256
from typing import Any, Literal

import numpy as np

from ..boundary import named_step
from ..errors import BadInput, Message
from ..intervals import Estimate, mean
from ..models.loading import LanguageModel
from ..models.random_twin import twin
from ..models.sources import BUNDLED, bundled_names
from ..progress import Progress
from ..text.tokens import merge
from ..tracing.batches import attentions, batch_kind
from .conllu import Parsed, Treebank
from .faithfulness import RANDOM_ORDERS, Judged, judge
from .relations import LEAST_ARCS, ArcQuestions, JudgedRelation, arc_questions, most_seen, table
from .roles import ROLES, repeated, scores

Study = Literal["relations", "roles", "faithfulness"]


def shipped_document(name: str, study: Study) -> dict[str, Any] | None:
    """The study that comes with a bundled model; None for any other model, or where it was not made."""
    return _document_of(name, study) if name in bundled_names() else None


@named_step(Message("the study of relations"))
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
    answers, other = ([ask_relations(model, part, counted) for part in (dev, test)] for model in (lm, null))
    return with_counts(relations_document(lm, answers, other, data=data), dev, test)


def with_counts(
    document: dict[str, Any], dev: Sequence[Parsed], test: Sequence[Parsed], files: Sequence[Treebank] = ()
) -> dict[str, Any]:
    """The document with what was not counted: ``not_asked``, the sentences of each part that the model could not read
    or that hold no relation it could be asked; ``read``, what was read and left out of each file (``files``, or the
    parts themselves).
    """
    asked = document["sentences"]
    not_asked = {"dev": len(dev) - asked["dev"], "test": len(test) - asked["test"]}
    read = [part.summary() for part in (*files, dev, test) if isinstance(part, Treebank)]
    return {**document, "not_asked": not_asked, "read": read}


def relations_document(
    lm: LanguageModel, model_answers: Sequence[ArcQuestions], twin_answers: Sequence[ArcQuestions], *, data: str = ""
) -> dict[str, Any]:
    """The same from what was asked already: (dev, test) of the model and of its random twin.

    Raises:
        BadInput: no relation has arcs enough.
    """
    judged_relations, null = table(*model_answers), {row.relation: row for row in table(*twin_answers)}
    if not judged_relations:
        raise BadInput(
            "No relation has arcs enough in both parts of this treebank: at least {n} of one relation are "
            "needed in each.",
            n=LEAST_ARCS,
        )
    rows = [
        {**_row(row), "twin": _estimate(null[row.relation].accuracy) if row.relation in null else None}
        for row in judged_relations
    ]
    sentences = {
        name: int(len(np.unique(part.sentence))) for name, part in zip(("dev", "test"), model_answers, strict=True)
    }
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

    def most_seen_words() -> Iterator:
        for index, tokens, maps in attentions(lm, [sentence.text for sentence in sentences]):
            words = (
                np.stack([[merge(head, tokens, tokens) for head in layer] for layer in maps])
                if len(tokens.words) < len(tokens)
                else maps
            )
            yield index, tokens, most_seen(words, tokens.special_words)
            progress()

    return arc_questions(sentences, most_seen_words(), causal=lm.layout.looks_back(batch_kind(lm)))


@named_step(Message("the study of roles"))
def roles(lm: LanguageModel, *, items: int = 60, progress: Progress | None = None) -> dict[str, Any]:
    """The document of the roles on random words said twice: the best head of each role is chosen on the even texts and
    scored on the odd ones.

    Raises:
        BadInput: a vocabulary without such words.
    """
    texts, null = repeated(lm, items=items), twin(lm)
    counted = _counted(2 * len(texts), progress)
    model_scores, twin_scores = (_role_scores(model, texts, counted) for model in (lm, null))
    rows = [
        row
        for index, role in enumerate(ROLES)
        if (row := _role(role, model_scores[:, index], twin_scores[:, index])) is not None
    ]
    return {
        **_head(lm, "roles", f"{len(texts)} texts of random words said twice"),
        "causal": lm.layout.looks_back(batch_kind(lm)),
        "rows": rows,
    }


@named_step(Message("the study of faithfulness"))
def faithfulness(
    lm: LanguageModel,
    texts: Sequence[str],
    *,
    data: str = "",
    orders: int = RANDOM_ORDERS,
    seed: int = 0,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The document of every method that the model has, against random orders. ``texts`` and its digest tell later
    whether another list is the same one (the texts themselves may be under a licence, or private).

    Raises:
        BadInput: no text could be asked.
    """
    judgement = judge(lm, texts, orders=orders, seed=seed, progress=progress)
    if not judgement.sentences:
        raise BadInput(
            "None of these sentences could be asked: between 5 and 40 words besides the one that is asked "
            "for are needed."
        )
    kind = "cross" if lm.kind == "encoder-decoder" else "self"
    return {
        **_head(lm, "faithfulness", data),
        "kind": kind,
        "texts": {"n": len(texts), "sha256": digest(texts)},
        "seed": seed,
        **judgement_document(judgement),
        "orders": orders,
    }


def digest(texts: Sequence[str]) -> str:
    """SHA-256 of texts in their order, a line each, as 64 hexadecimal digits."""
    return sha256("\n".join(texts).encode()).hexdigest()


def judgement_document(judgement: Judged) -> dict[str, Any]:
    """The numbers of a judgement, as they are kept. same_as: of a method whose numbers are, on every sentence, those of
    another one: norm + residual + LN in a model that has no norm after the sum. nearest: the order nearest first,
    which reads no model.
    """
    rows = []
    for name in judgement.names:
        faith = judgement.faith(name)
        same = {"same_as": judgement.repeats[name]} if name in judgement.repeats else {}
        numbers = {key: _estimate(value) for key, value in vars(faith).items()}
        told = {"offered": faith.offered, "beyond_nearest": faith.beyond_nearest}
        rows.append({"method": name, **told, **same, **numbers})
    nearest = judgement.nearest_gains()
    return {
        "sentences": judgement.sentences,
        "rows": rows,
        "nearest": {"comprehensiveness_gain": _estimate(nearest[0]), "sufficiency_gain": _estimate(nearest[1])},
        "agreement": _agreement_document(judgement),
        "random": {
            "comprehensiveness": round(float(judgement.random[:, 0].mean()), 4),
            "sufficiency": round(float(judgement.random[:, 1].mean()), 4),
        },
    }


def _agreement_document(judgement: Judged) -> dict[str, Any]:
    """Mean correlation of every two methods; low and high: its 95 % limits, null where sentences are too few."""
    names = judgement.names
    estimates = [[_estimate(judgement.agreed(name, other)) for other in names] for name in names]
    limits = {key: [[estimate[key] for estimate in row] for row in estimates] for key in ("low", "high")}
    spearman = np.round(judgement.agreement, 4).tolist()
    return {"names": list(names), "spearman": spearman, **limits, "n": len(judgement.correlations)}


def importance(name: str, method: str, kind: str) -> bool | None:
    """Whether a method on a kind of attention may be called importance for a bundled model; None where that was not
    measured.
    """
    row = faithfulness_row(name, method, kind)
    return None if row is None else row["offered"]


def faithfulness_row(name: str, method: str, kind: str) -> dict[str, Any] | None:
    """What was measured of a method on a kind of attention of a bundled model: ``offered``, and the gains over random
    orders (``comprehensiveness_gain``, ``sufficiency_gain``: value, low, high, n); None where nothing was.
    """
    document = shipped_document(name, "faithfulness")
    rows = () if document is None or kind != document["kind"] else document["rows"]
    return next((row for row in rows if row["method"] == method), None)


@cache
def _document_of(name: str, study: Study) -> dict[str, Any] | None:
    path = BUNDLED / name / f"{study}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _head(lm: LanguageModel, study: Study, data: str) -> dict[str, Any]:
    return {"study": study, "model": lm.name, "revision": lm.revision, "kind": batch_kind(lm), "data": data}


def _row(relation: JudgedRelation) -> dict[str, Any]:
    return {
        "relation": relation.relation,
        "n": relation.n,
        "looker": relation.looker,
        "layer": relation.head[0],
        "head": relation.head[1],
        "accuracy": _estimate(relation.accuracy),
        "offset": relation.offset,
        "baseline": round(relation.baseline, 4),
        "gain": _estimate(relation.gain),
    }


def _role_scores(lm: LanguageModel, texts: Sequence[str], progress: Callable[[], None]) -> np.ndarray:
    """(text, role, layer, head)"""
    by_text: dict[int, np.ndarray] = {}
    for index, tokens, maps in attentions(lm, texts):
        by_text[index] = scores(maps, tokens, causal=lm.layout.looks_back(batch_kind(lm))).score
        progress()
    if not by_text:
        raise BadInput("None of these sentences could be read by this model.")
    return np.stack([by_text[index] for index in sorted(by_text)])


def _role(role: str, model_scores: np.ndarray, twin_scores: np.ndarray) -> dict[str, Any] | None:
    """own, other: (text, layer, head) of the model and of its twin; None where no row is eligible."""
    if np.isnan(model_scores).all():
        return None
    layer, head = _chosen(model_scores)
    return {
        "role": role,
        "layer": layer,
        "head": head,
        "score": _estimate(mean(model_scores[1::2, layer, head])),
        "all_heads": round(float(model_scores.mean()), 4),
        "twin": _estimate(mean(twin_scores[1::2, *_chosen(twin_scores)])),
        "each": np.round(model_scores.mean(0), 4).tolist(),
    }


def _chosen(values: np.ndarray) -> tuple[int, int]:
    means = values[::2].mean(0)
    best = np.unravel_index(int(means.argmax()), means.shape)
    return int(best[0]), int(best[1])


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(estimate).items()}


def _counted(total: int, progress: Progress | None) -> Callable[[], None]:
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    return count
