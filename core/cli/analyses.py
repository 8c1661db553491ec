"""The analyses on the command line: the same functions, and so the same numbers, as the pages and Python.

``paths``, ``ablate``, ``patch``, ``parts``, ``profile`` are of one sentence or a few; ``relations``, ``roles`` and
``faithfulness`` are studies (studies/documents.py), whose JSON is what a bundled model ships.
Layers, heads and positions in the output count from 0."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import BadInput, UnsupportedModel
from .inputs import SourceLanguage, TargetLanguage, file_sentences, given_text, say

if TYPE_CHECKING:
    from ..analyses.input_attribution import Maps
    from ..analyses.score import LogitDifference
    from ..axes import Kind as AttentionKind
    from ..models.loading import LanguageModel
    from ..tracing.trace import Trace

Model = Annotated[str, typer.Option(help="Bundled name, hub id or folder.")]
Text = Annotated[
    str, typer.Option(help="The sentence; “-” reads it from standard input. A masked model is asked at its mask token.")
]
Target = Annotated[str | None, typer.Option(help="Target text of an encoder–decoder; generated when left out.")]
KindOption = Annotated[str | None, typer.Option(help="encoder, decoder or cross, where the model has more than one.")]
Position = Annotated[
    int | None,
    typer.Option(min=0, help="Position that answers, from 0; the first mask, or before the last word, when left out."),
]
AnswerOption = Annotated[
    str | None, typer.Option(help="The word whose logit is explained; the model's own best when left out.")
]
Against = Annotated[
    str | None, typer.Option(help="The word that it competes with: then a logit difference is explained.")
]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")]


def add(app: typer.Typer) -> None:
    """Make the commands known."""
    for command in (paths, ablate, patch, parts, profile, scan, relations, roles, faithfulness):
        app.command()(command)


def paths(
    model: Model,
    text: Text,
    target: Target = None,
    kind: KindOption = None,
    position: Position = None,
    answer: AnswerOption = None,
    against: Against = None,
    source_language: SourceLanguage = None,
    target_language: TargetLanguage = None,
    device: DeviceOption = "auto",
) -> None:
    """What each input gave to the answer, by every method, beside attention spread evenly, as JSON.

    A model without a prediction head gives no answer: then what each input gave to the vector at the position, by every
    method that needs none.
    """
    from ..analyses.input_attribution import method_maps, method_row
    from ..analyses.methods import METHODS
    from ..analyses.score import logit_difference, place_asked

    lm, trace = loaded_trace(model, text, target, (source_language, target_language), device)
    place = place_asked(lm, trace, position)
    explained = lm.has_head or answer is not None or against is not None  # without an answer all but one are the same
    question = logit_difference(lm, trace, position=place, target=answer, foil=against) if explained else None
    stack = trace.checked_kind(kind or ("cross" if trace.target is not None else None))
    if stack == "encoder":
        raise BadInput("The position that answers is in the decoder: choose cross or decoder.")
    maps = method_maps(lm, trace, stack, question)
    even = _uniform_maps(lm, trace, stack, question)
    methods = [method for method in METHODS if method not in maps.missing]
    write_json(
        {
            **about_question(lm, trace, question, place),
            "kind": stack,
            "tokens": list(trace.sides(stack)[1].pieces),
            "methods": {
                method: {
                    "row": method_row(maps, method, place),
                    "even": None if even is None or method in even.missing else method_row(even, method, place),
                }
                for method in methods
            },
            "missing": {method: str(reason) for method, reason in maps.missing.items()},
            "mixing": {name: float(values.mean()) for name, values in maps.mixing.items()},
        }
    )


def ablate(
    model: Model,
    text: Text,
    target: Target = None,
    kind: KindOption = None,
    position: Position = None,
    answer: AnswerOption = None,
    against: Against = None,
    source_language: SourceLanguage = None,
    target_language: TargetLanguage = None,
    mean_over: Annotated[
        Path | None,
        typer.Option(
            help="A file with sentences: a head's output becomes its mean over them. Zero when left out.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    heads: Annotated[
        str | None,
        typer.Option(
            help="Heads to take out together, layer.head from 0: 3.3,3.4; with as many at random beside them."
        ),
    ] = None,
    device: DeviceOption = "auto",
) -> None:
    """How much the score moves when each head's output becomes zero, or its mean, one at a time; as JSON."""
    from ..analyses.ablation import ablations, disagreement, effect, mean_outputs, weights_on
    from ..analyses.head_sets import named_heads, random_ablations, set_edits
    from ..tracing.captures import capture

    lm, trace, question = loaded_question(
        model, text, target, position, answer, against, (source_language, target_language), device
    )
    stack = trace.checked_kind(kind)
    sentences = [] if mean_over is None else file_sentences(mean_over)
    means = mean_outputs([capture(lm, sentence) for sentence in sentences], stack) if sentences else None
    changes, kl = ablations(lm, trace, question, stack, means=means)
    document = {
        **about_question(lm, trace, question),
        "kind": stack,
        "replaced_by": "zero" if means is None else "mean",
        "mean_over": len(sentences) or None,
        "change_nats": changes,
        "kl_nats": kl,
    }
    if stack != "encoder":  # whose heads have no row at the place that answers
        side = trace.sides(stack)[1]
        groups = [[i for i, of in enumerate(side.word_of) if of == word] for word in range(len(side.words))]
        weights = [weights_on(trace, question.position, group, stack) for group in groups]
        document["looking_and_mattering"] = {
            "words": side.words,
            "rank_correlation": [disagreement(of_word, changes) for of_word in weights],
        }
    if heads is not None:
        together = named_heads(heads, trace, stack)
        measured = effect(lm, trace, question, set_edits(together, stack, means))
        null = random_ablations(lm, trace, question, together, stack, means=means)
        document["together"] = {
            "heads": together,
            **vars(measured),
            "random": {"sets": null.changes.size, "change": null.changes, "as_far": null.as_far(measured.change)},
        }
    write_json(document)


def patch(
    model: Model,
    text: Text,
    other: Annotated[str, typer.Option(help="The other sentence, of as many tokens: one word exchanged.")],
    target: Target = None,
    kind: KindOption = None,
    position: Position = None,
    answer: AnswerOption = None,
    against: Against = None,
    source_language: SourceLanguage = None,
    target_language: TargetLanguage = None,
    device: DeviceOption = "auto",
) -> None:
    """What each activation of this sentence restores in the run of another one (1: all of it); as JSON."""
    from ..analyses.patching import patch as exchanged
    from ..tracing.captures import capture

    lm, trace, question = loaded_question(
        model, text, target, position, answer, against, (source_language, target_language), device
    )
    stack = trace.checked_kind(kind)
    corrupted = capture(lm, other, trace.target.text if trace.target is not None else None)
    patched = exchanged(lm, trace, corrupted, question, stack)
    write_json(
        {
            **about_question(lm, trace, question),
            "kind": stack,
            "other": corrupted.text,
            "tokens": list(trace.sides(stack)[0].pieces),
            "clean_nats": patched.clean,
            "corrupted_nats": patched.corrupted,
            "stream": patched.streams,
            "attention": patched.attention,
            "heads": patched.heads,
        }
    )


def parts(
    model: Model,
    text: Text,
    target: Target = None,
    position: Position = None,
    answer: AnswerOption = None,
    against: Against = None,
    source_language: SourceLanguage = None,
    target_language: TargetLanguage = None,
    device: DeviceOption = "auto",
) -> None:
    """The score as the sum of what every head and block wrote (direct logit attribution); as JSON."""
    from ..analyses.logit_attribution import attribution

    lm, trace, question = loaded_question(
        model, text, target, position, answer, against, (source_language, target_language), device
    )
    attributed = attribution(lm, trace, question)
    write_json(
        {
            **about_question(lm, trace, question),
            "heads": dict(attributed.heads),
            "blocks": attributed.blocks,
            "embeddings": attributed.embeddings,
            "biases": attributed.biases,
            "error": attributed.error,
        }
    )


def profile(
    model: Model,
    texts: Annotated[Path, typer.Option(help="A file with one sentence per line.", exists=True, dir_okay=False)],
    fetched: Annotated[
        bool, typer.Option("--fetched", help="Also the sink's share of what is fetched: a forward per sentence.")
    ] = False,
    device: DeviceOption = "auto",
) -> None:
    """Metrics and roles of every head over the sentences of a file, with n and 95 % intervals, as JSON."""
    import numpy as np

    from ..analyses.contributions import value_norms
    from ..models.loading import load
    from ..studies.profiles import METRICS, profile as run
    from ..studies.roles import ROLES
    from ..tracing.batches import attentions, batch_kind
    from ..tracing.captures import capture

    sentences = file_sentences(texts)
    lm = load(model, device=device)
    kind = batch_kind(lm)

    def sizes(text: str) -> np.ndarray | None:
        return value_norms(lm, capture(lm, text), kind) if fetched else None

    behaviour = run(
        ((tokens, maps, sizes(sentences[index])) for index, tokens, maps in attentions(lm, sentences)),
        causal=lm.layout.looks_back(batch_kind(lm)),
    )
    if unread := len(sentences) - behaviour.sentences:
        say(f"{unread} of {len(sentences)} sentences were left out: {lm.name} cannot read them (too long, or blank).")
    heads = [
        {
            "layer": layer,
            "head": head,
            **{
                name: vars(behaviour.estimate(name, layer, head))
                for name in (*METRICS, *ROLES)
                if fetched or name != "sink_norm"
            },
        }
        for layer in range(lm.layout.counts[batch_kind(lm)])
        for head in range(lm.layout.heads[batch_kind(lm)])
    ]
    write_json(
        {
            "model": lm.name,
            "revision": lm.revision,
            "kind": batch_kind(lm),
            "sentences": behaviour.sentences,
            "left_out": unread,
            "eligible_rows": behaviour.rows,
            "even": behaviour.even,
            "heads": heads,
        }
    )


def scan(
    model: Model,
    text: Text,
    references: Annotated[
        Path | None,
        typer.Option(help="Other sentences to compare with, one per line, instead of the ordinary ones.", exists=True),
    ] = None,
    device: DeviceOption = "auto",
) -> None:
    """What is surprising about a sentence for a model, beyond 59 other sentences and 19 untrained twins; as JSON."""
    from ..models.loading import load
    from ..studies import scan as scanning

    others = None if references is None else file_sentences(references)
    lm = load(model, device=device)
    result = scanning.scan(lm, given_text(text), references=others)
    write_json({"model": lm.name, "revision": lm.revision, **scanning.scan_document(result)})


def relations(
    model: Model,
    dev: Annotated[Path, typer.Option(help="CoNLL-U (.gz) on which heads are chosen.", exists=True)],
    test: Annotated[Path, typer.Option(help="CoNLL-U (.gz) on which they are scored.", exists=True)],
    treebank: Annotated[str | None, typer.Option(help="Only the sentences under “# treebank = NAME”.")] = None,
    device: DeviceOption = "auto",
) -> None:
    """For every relation of a treebank the best head, its gain over a fixed step, and the random twin, as JSON."""
    from ..studies import documents
    from ..studies.conllu import read_conllu

    sides = [read_conllu(path, treebank=treebank) for path in (dev, test)]
    for remark in [remark for side in sides for remark in side.remarks()]:
        say(remark)
    name = " ".join([treebank or "", *(path.name for path in (dev, test))]).strip()
    document = documents.relations(_alone(model, device), *sides, data=name, progress=_progress_line("sentences"))
    for part, n in document["not_asked"].items():
        if n:
            say(f"{part}: {n} sentences were not asked: too long for {model}, or without a relation that it could see.")
    write_json(document)


def roles(model: Model, device: DeviceOption = "auto") -> None:
    """The best head for each role on random words said twice, beside the random twin; as JSON."""
    from ..studies import documents

    write_json(documents.roles(_alone(model, device), progress=_progress_line("texts")))


def faithfulness(
    model: Model,
    texts: Annotated[Path, typer.Option(help="A file with one sentence per line.", exists=True, dir_okay=False)],
    orders: Annotated[int, typer.Option(min=2, help="Random orders per sentence.")] = 100,
    device: DeviceOption = "auto",
) -> None:
    """Every method's order of the words against random orders and the nearest first; how far they agree; as JSON."""
    from ..studies import documents

    sentences = file_sentences(texts)
    write_json(
        documents.faithfulness(
            _alone(model, device), sentences, data=texts.name, orders=orders, progress=_progress_line("sentences")
        )
    )


def _alone(model: str, device: str) -> LanguageModel:
    from ..models.devices import one_thread
    from ..models.loading import load

    one_thread()  # short sentences: a second thread costs more than it brings
    return load(model, device=device)


def loaded_question(
    model: str,
    text: str,
    target: str | None,
    position: int | None,
    answer: str | None,
    against: str | None,
    languages: tuple[str | None, str | None],
    device: str,
) -> tuple[LanguageModel, Trace, LogitDifference]:
    from ..analyses.score import logit_difference

    lm, trace = loaded_trace(model, text, target, languages, device)
    return lm, trace, logit_difference(lm, trace, position=position, target=answer, foil=against)


def loaded_trace(
    model: str, text: str, target: str | None, languages: tuple[str | None, str | None], device: str
) -> tuple[LanguageModel, Trace]:
    from ..models.loading import load
    from ..models.translating import translating
    from ..tracing.captures import capture

    lm = translating(load(model, device=device), *languages)
    return lm, capture(lm, given_text(text), target)


def _uniform_maps(
    lm: LanguageModel, trace: Trace, kind: AttentionKind, question: LogitDifference | None
) -> Maps | None:
    """The null of every method; None where the model's attention cannot be edited."""
    from ..analyses.input_attribution import uniform_maps

    try:
        return uniform_maps(lm, trace, kind, question)
    except UnsupportedModel:
        return None


def about_question(
    lm: LanguageModel, trace: Trace, question: LogitDifference | None, place: int | None = None
) -> dict[str, Any]:
    """What was asked; place: where, when it is not the question's."""
    side = trace.target or trace.tokens
    position = question.position if question is not None else place or 0
    known = lm.tokenizer.convert_ids_to_tokens
    return {
        "model": lm.name,
        "revision": lm.revision,
        "text": trace.text,
        "position": position,
        "reads": side.pieces[position],
        "answer": None if question is None else known(question.target),
        "against": None if question is None or question.foil is None else known(question.foil),
        "score_nats": None if question is None else question.of(trace),
    }


def _progress_line(name: str) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            typer.echo(f"{name}: {done} / {total}", err=True)

    return report


def write_json(document: dict[str, Any]) -> None:
    """Arrays become lists; a number that is none becomes null."""
    typer.echo(json.dumps(_plain(document), ensure_ascii=False, indent=1))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return None if isinstance(value, float) and value != value else value
