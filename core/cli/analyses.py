"""The analyses on the command line: the same functions, and so the same numbers, as the pages and Python.

``paths``, ``ablate``, ``parts``, ``profile`` are of one sentence or a few; ``relations``, ``roles`` and
``faithfulness`` are studies (studies.py), whose JSON is what a bundled model ships. Layers, heads and positions in the
output count from 0."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import BadInput, UnsupportedModel

Model = Annotated[str, typer.Option(help="Bundled name, hub id or folder.")]
Text = Annotated[
    str, typer.Option(help="The sentence; “-” reads it from standard input. A masked model is asked at its mask token.")
]
Target = Annotated[str | None, typer.Option(help="Target text of an encoder–decoder; generated when left out.")]
Kind = Annotated[str | None, typer.Option(help="encoder, decoder or cross, where the model has more than one.")]
Position = Annotated[
    int | None,
    typer.Option(min=0, help="Position that answers, from 0; the first mask, or before the last word, when left out."),
]
Answer = Annotated[
    str | None, typer.Option(help="The word whose logit is explained; the model's own best when left out.")
]
Against = Annotated[
    str | None, typer.Option(help="The word that it competes with: then a logit difference is explained.")
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")]


def add(app: typer.Typer) -> None:
    """Make the commands known."""
    for command in (paths, ablate, parts, profile, relations, roles, faithfulness):
        app.command()(command)


def paths(
    model: Model,
    text: Text,
    target: Target = None,
    kind: Kind = None,
    position: Position = None,
    answer: Answer = None,
    against: Against = None,
    device: Device = "auto",
) -> None:
    """What each input gave to the position that answers, by every method, beside attention spread evenly through the
    same mask; as JSON.
    """
    from ..analyses.input_attribution import method_maps, method_row, uniform_maps
    from ..analyses.methods import METHODS

    lm, trace, asked = _asked(model, text, target, position, answer, against, device)
    kind = trace.checked_kind(kind or ("cross" if trace.target is not None else None))
    if kind == "encoder":
        raise BadInput("The position that answers is in the decoder: choose cross or decoder.")
    own = method_maps(lm, trace, kind, asked)
    try:
        even = uniform_maps(lm, trace, kind, asked)
    except UnsupportedModel:  # its attention cannot be edited, so there is no such null
        even = None
    methods = [method for method in METHODS if method not in own.missing]
    _write(
        {
            **_about(lm, trace, asked),
            "kind": kind,
            "tokens": list(trace.sides(kind)[1].pieces),
            "methods": {
                method: {
                    "row": method_row(own, method, asked.position),
                    "even": None
                    if even is None or method in even.missing
                    else method_row(even, method, asked.position),
                }
                for method in methods
            },
            "missing": {method: str(reason) for method, reason in own.missing.items()},
            "mixing": {name: float(values.mean()) for name, values in own.mixing.items()},
        }
    )


def ablate(
    model: Model,
    text: Text,
    target: Target = None,
    kind: Kind = None,
    position: Position = None,
    answer: Answer = None,
    against: Against = None,
    device: Device = "auto",
) -> None:
    """How much the score moves when each head's output becomes zero, one at a time; as JSON."""
    from ..analyses.ablation import ablations

    lm, trace, asked = _asked(model, text, target, position, answer, against, device)
    changes, kl = ablations(lm, trace, asked, kind)
    _write({**_about(lm, trace, asked), "kind": trace.checked_kind(kind), "change_nats": changes, "kl_nats": kl})


def parts(
    model: Model,
    text: Text,
    target: Target = None,
    position: Position = None,
    answer: Answer = None,
    against: Against = None,
    device: Device = "auto",
) -> None:
    """The score as the sum of what every head and block wrote (direct logit attribution); as JSON."""
    from ..analyses.logit_attribution import attribution

    lm, trace, asked = _asked(model, text, target, position, answer, against, device)
    found = attribution(lm, trace, asked)
    _write(
        {
            **_about(lm, trace, asked),
            "heads": dict(found.heads),
            "blocks": found.blocks,
            "embeddings": found.embeddings,
            "biases": found.biases,
            "error": found.error,
        }
    )


def profile(
    model: Model,
    texts: Annotated[Path, typer.Option(help="A file with one sentence per line.", exists=True, dir_okay=False)],
    device: Device = "auto",
) -> None:
    """Metrics (all but the sink's share of what is fetched) and roles of every head over the sentences of a file, with
    n and 95 % intervals; as JSON.
    """
    from ..models.loading import load
    from ..studies.profiles import METRICS, profile as run
    from ..studies.roles import ROLES
    from ..tracing.batches import attentions, batch_kind

    lm = load(model, device=device)
    found = run(
        ((tokens, maps, None) for _, tokens, maps in attentions(lm, _lines(texts))),
        causal=lm.layout.looks_back(batch_kind(lm)),
    )
    heads = [
        {
            "layer": layer,
            "head": head,
            **{name: vars(found.estimate(name, layer, head)) for name in (*METRICS, *ROLES) if name != "sink_norm"},
        }
        for layer in range(lm.layout.counts[batch_kind(lm)])
        for head in range(lm.layout.heads[batch_kind(lm)])
    ]
    _write(
        {
            "model": lm.name,
            "revision": lm.revision,
            "kind": batch_kind(lm),
            "sentences": found.sentences,
            "eligible_rows": found.rows,
            "even": found.even,
            "heads": heads,
        }
    )


def relations(
    model: Model,
    dev: Annotated[Path, typer.Option(help="CoNLL-U (.gz) on which heads are chosen.", exists=True)],
    test: Annotated[Path, typer.Option(help="CoNLL-U (.gz) on which they are scored.", exists=True)],
    treebank: Annotated[str | None, typer.Option(help="Only the sentences under “# treebank = NAME”.")] = None,
    device: Device = "auto",
) -> None:
    """For every relation of a treebank the best head, its gain over the best fixed step with interval, and the random
    twin; as JSON.
    """
    from ..studies import documents
    from ..studies.conllu import read

    sides = [read(path, treebank=treebank) for path in (dev, test)]
    name = " ".join([treebank or "", *(path.name for path in (dev, test))]).strip()
    _write(documents.relations(_alone(model, device), *sides, data=name, progress=_told("sentences")))


def roles(model: Model, device: Device = "auto") -> None:
    """The best head for each role on random words said twice, beside the random twin; as JSON."""
    from ..studies import documents

    _write(documents.roles(_alone(model, device), progress=_told("texts")))


def faithfulness(
    model: Model,
    texts: Annotated[Path, typer.Option(help="A file with one sentence per line.", exists=True, dir_okay=False)],
    orders: Annotated[int, typer.Option(min=2, help="Random orders per sentence.")] = 100,
    device: Device = "auto",
) -> None:
    """Every method's order of the words against random orders, and how far the methods agree; as JSON."""
    from ..studies import documents

    _write(
        documents.faithfulness(
            _alone(model, device), _lines(texts), data=texts.name, orders=orders, progress=_told("sentences")
        )
    )


def _alone(model: str, device: str):
    from ..models.devices import one_thread
    from ..models.loading import load

    one_thread()  # short sentences: a second thread costs more than it brings
    return load(model, device=device)


def _asked(
    model: str,
    text: str,
    target: str | None,
    position: int | None,
    answer: str | None,
    against: str | None,
    device: str,
) -> tuple:
    from ..analyses.score import logit_difference
    from ..models.loading import load
    from ..tracing.captures import capture

    lm = load(model, device=device)
    trace = capture(lm, sys.stdin.read() if text == "-" else text, target)
    return lm, trace, logit_difference(lm, trace, position=position, target=answer, foil=against)


def _about(lm, trace, asked) -> dict[str, Any]:
    side = trace.target or trace.tokens
    known = lm.tokenizer.convert_ids_to_tokens
    return {
        "model": lm.name,
        "revision": lm.revision,
        "text": trace.text,
        "position": asked.position,
        "reads": side.pieces[asked.position],
        "answer": known(asked.target),
        "against": None if asked.foil is None else known(asked.foil),
        "score_nats": asked.of(trace),
    }


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _told(name: str) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            typer.echo(f"{name}: {done} / {total}", err=True)

    return told


def _write(document: dict[str, Any]) -> None:
    """Arrays become lists; a number that is none becomes null."""
    typer.echo(json.dumps(_plain(document), ensure_ascii=False, indent=1))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and value != value else value
