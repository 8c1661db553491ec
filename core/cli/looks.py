"""What the pages show of one sentence, on the command line: ``heads``, ``compare``, ``expect``, ``lens``, ``flow``,
``stages``, ``positions``, ``cut``, ``variants``; and ``classify`` and ``point``, of the classifier and of pictures.

Everything as JSON; layers, heads and positions in the output count from 0. Not inside: studies over many sentences and
the experiments of analyses.py."""

from __future__ import annotations

from typing import Annotated

import typer

from .analyses import (
    Against,
    AnswerOption,
    DeviceOption,
    KindOption,
    Model,
    Position,
    Target,
    Text,
    about_question,
    loaded_question,
    loaded_trace,
    write_json,
)

Layer = Annotated[int, typer.Option(min=1, help="Counted from 1, as on the page.")]
Head = Annotated[int, typer.Option(min=1, help="Counted from 1, as on the page.")]
_NO_LANGUAGES = (None, None)


def add_looks(app: typer.Typer) -> None:
    """Make the commands known."""
    for command in (heads, compare, expect, lens, flow, stages, positions, cut, variants, classify, point):
        app.command()(command)


def heads(
    model: Model, text: Text, target: Target = None, kind: KindOption = None, device: DeviceOption = "auto"
) -> None:
    """The eight numbers of every head on one sentence, its plane of queries and keys, distances of heads; as JSON."""
    import numpy as np

    from ..analyses.query_key_plane import query_key_plane, together
    from ..studies.profiles import divergences
    from ..views.head_metrics import HEAD_METRICS, head_metrics, summarise
    from ..views.view import view

    lm, trace = loaded_trace(model, text, target, _NO_LANGUAGES, device)
    stack = trace.checked_kind(kind)
    head_view = view(trace, stack, words=True, specials=True)
    query, key = trace.sides(stack)
    maps = np.stack([head_view.layer_and_hidden(layer)[0] for layer in head_view.attending])
    has_vectors = trace.record(trace.attending(stack)[0], stack).vectors is not None
    planes = [
        query_key_plane(*together(trace.query(layer, head, kind=stack), trace.key(layer, head, kind=stack))).variance
        for layer in trace.attending(stack)
        for head in range(trace.heads(stack) if has_vectors else 0)
    ]
    write_json(
        {
            **about_question(lm, trace, None),
            "kind": stack,
            "summary": vars(summarise(trace)),
            "layers": trace.attending(stack),
            "metrics": dict(
                zip(HEAD_METRICS, head_metrics(maps, head_view.query, head_view.key, paired=query is key), strict=True)
            ),
            "plane_variance": np.array(planes),
            "divergence_nats": divergences(np.stack([trace.layer_attention(i, stack) for i in trace.attending(stack)])),
        }
    )


def compare(
    model: Model,
    text: Text,
    other: Annotated[str, typer.Option(help="The other sentence.")],
    layer: Layer,
    head: Head,
    kind: KindOption = None,
    device: DeviceOption = "auto",
) -> None:
    """One head on two sentences: weight in the first less weight in the second, word by paired word; as JSON."""
    from ..axes import from_one
    from ..tracing.captures import capture
    from ..views.comparison import compare as paired

    lm, trace = loaded_trace(model, text, None, _NO_LANGUAGES, device)
    stack = trace.checked_kind(kind)
    layer_head = from_one(layer, head, trace.layers(stack), trace.heads(stack))
    gap = paired(trace, capture(lm, other), stack).gap(layer_head, layer_head)
    write_json(
        {
            **about_question(lm, trace, None),
            "other": other,
            "kind": stack,
            "query": gap.query.labels,
            "key": gap.key.labels,
            "difference": gap.layer_and_hidden(0)[0][0],
        }
    )


def expect(
    model: Model,
    text: Text,
    target: Target = None,
    position: Position = None,
    n: Annotated[int, typer.Option("--pieces", min=1, max=1000, help="How many pieces are listed.")] = 10,
    temperature: Annotated[float, typer.Option(min=0, max=10, help="The logits are divided by it.")] = 1.0,
    top_k: Annotated[int, typer.Option(min=0, help="Only the k most probable; 0: all.")] = 0,
    top_p: Annotated[float, typer.Option(min=0.01, max=1, help="Only the fewest that reach this share.")] = 1.0,
    timed: Annotated[bool, typer.Option("--timed", help="Measure one more token with the cache and without.")] = False,
    device: DeviceOption = "auto",
) -> None:
    """What the model expects at a mask, or next, and what it would draw; the size of its cache; as JSON."""
    import numpy as np

    from ..analyses.score import place_asked
    from ..predictions.generation import Sampling, reshaped
    from ..predictions.kv_cache import cache_shape, time_cache
    from ..predictions.top import top

    lm, trace = loaded_trace(model, text, target, _NO_LANGUAGES, device)
    answers_at = place_asked(lm, trace, position)
    drawn = reshaped(trace.require_logits()[answers_at], Sampling(temperature, top_k, top_p))
    best = np.argsort(-drawn, kind="stable")[:n]
    side = trace.target or trace.tokens
    writes = lm.kind != "encoder"
    write_json(
        {
            **about_question(lm, trace, None, answers_at),
            "pieces": [vars(piece) for piece in top(lm.tokenizer, trace, answers_at, n)],
            "drawn": dict(zip(lm.tokenizer.convert_ids_to_tokens(best.tolist()), drawn[best].tolist(), strict=True)),
            "cache_bytes": cache_shape(lm, trace).bytes(len(side)) if writes else None,
            "timed": vars(time_cache(lm, trace.tokens.ids)) if timed else None,
        }
    )


def lens(
    model: Model,
    text: Text,
    target: Target = None,
    position: Position = None,
    device: DeviceOption = "auto",
) -> None:
    """The five likeliest pieces after every layer, by the model's own head (logit lens); as JSON."""
    from ..analyses.logit_lens import lens as logit_lens
    from ..analyses.score import place_asked

    lm, trace = loaded_trace(model, text, target, _NO_LANGUAGES, device)
    answers_at = place_asked(lm, trace, position)
    result = logit_lens(lm, trace)
    write_json(
        {
            **about_question(lm, trace, None, answers_at),
            "pieces": [lm.tokenizer.convert_ids_to_tokens(ids.tolist()) for ids in result.ids[:, answers_at]],
            "probabilities": result.shares[:, answers_at],
            "error": result.error,
        }
    )


def flow(
    model: Model,
    text: Text,
    target: Target = None,
    position: Position = None,
    least: Annotated[float, typer.Option(min=0.01, max=1, help="Least share of an edge.")] = 0.1,
    device: DeviceOption = "auto",
) -> None:
    """The contributions that lead to one position, followed back through the layers, with their shares; as JSON."""
    from ..analyses.contributions import contributions
    from ..analyses.information_flow import information_flow
    from ..analyses.score import place_asked

    lm, trace = loaded_trace(model, text, target, _NO_LANGUAGES, device)
    answers_at, kind = (
        place_asked(lm, trace, position),
        "decoder" if trace.target is not None else trace.kinds[0],
    )
    drawn = information_flow(
        contributions(lm, trace, kind, measures=("residual",)).shares["residual"], answers_at, least
    )
    write_json(
        {
            **about_question(lm, trace, None, answers_at),
            "drawn": drawn.drawn,
            "edges": [vars(edge) for edge in drawn.edges],
        }
    )


def stages(
    model: Model, text: Text, target: Target = None, kind: KindOption = None, device: DeviceOption = "auto"
) -> None:
    """Every addition to the residual stream by size, and the strongest neurons of each block; as JSON."""
    import numpy as np

    from ..analyses.feed_forward import feed_forward
    from ..analyses.stages import anatomy, composition
    from ..errors import UnsupportedModel

    lm, trace = loaded_trace(model, text, target, _NO_LANGUAGES, device)
    stack = trace.checked_kind(kind or ("decoder" if trace.target is not None else None))
    parts, length = anatomy(lm, trace, stack), len(trace.sides(stack)[0])

    def strongest(layer: int) -> list[dict[str, object]] | None:
        try:
            block = feed_forward(lm, trace, layer, stack)
        except UnsupportedModel:
            return None  # experts: no single block
        return [
            {"neurons": best, "sizes": block.strength()[i, best]}
            for i, best in ((i, block.strongest(i, 5)) for i in range(length))
        ]

    write_json(
        {
            **about_question(lm, trace, None),
            "kind": stack,
            "stages": [
                {
                    "part": part.part,
                    "layer": part.layer,
                    "share": part.shares(),
                    "norm_before": np.linalg.norm(part.before, axis=1),
                    "norm_added": np.linalg.norm(part.added, axis=1),
                    "norm_after": part.norms(),
                }
                for part in parts
            ],
            "shares_of_the_last_vector": [composition(parts, position) for position in range(length)],
            "strongest_neurons": [strongest(layer) for layer in range(trace.layers(stack))],
        }
    )


def positions(
    model: Model,
    text: Text,
    seed: Annotated[int, typer.Option(min=0, help="Of the other order of the words.")] = 0,
    device: DeviceOption = "auto",
) -> None:
    """How alike two places are, what stays when the words change places, steps between two words; as JSON."""
    from ..analyses.path_lengths import NETWORKS, longest_path
    from ..analyses.positions import position_vectors, shuffled

    lm, trace = loaded_trace(model, text, None, _NO_LANGUAGES, device)
    encoding, experiment = position_vectors(lm), shuffled(lm, trace, seed)
    write_json(
        {
            **about_question(lm, trace, None),
            "how": encoding.how,
            "similarity": encoding.similarity(),
            "order": experiment.order,
            "kept": experiment.cosine,
            "kept_without_positions": experiment.cosine_without,
            "longest_path": {network: longest_path(network, len(trace.tokens)) for network in NETWORKS},
        }
    )


def cut(
    model: Model,
    text: Text,
    target: Target = None,
    kind: KindOption = None,
    position: Position = None,
    answer: AnswerOption = None,
    against: Against = None,
    device: DeviceOption = "auto",
) -> None:
    """How far the score moves when the place that answers may not look at a word, or nobody receives it; as JSON."""
    from ..analyses.ablation import edge_knockouts, zeroed

    lm, trace, question = loaded_question(model, text, target, position, answer, against, _NO_LANGUAGES, device)
    stack = trace.checked_kind(kind or ("cross" if trace.target is not None else None))
    side = trace.sides(stack)[1]
    groups = [[i for i, of in enumerate(side.word_of) if of == word] for word in range(len(side.words))]
    write_json(
        {
            **about_question(lm, trace, question),
            "kind": stack,
            "words": side.words,
            "edge_cut_nats": None if stack == "encoder" else edge_knockouts(lm, trace, question, groups, stack),
            "values_zero_nats": zeroed(lm, trace, question, groups, stack),
        }
    )


def variants(
    model: Model,
    text: Text,
    layer: Layer,
    head: Head,
    kind: KindOption = None,
    growth: Annotated[
        str | None, typer.Option(help="Lengths at which time and memory are measured too: 256,512.")
    ] = None,
    device: DeviceOption = "auto",
) -> None:
    """One head under every kind of efficient attention: error, weights, open cells, cost; as JSON."""
    from ..axes import from_one
    from ..variants.cost import variant_cost
    from ..variants.growth import measure_growth
    from ..variants.inputs import head_inputs
    from ..variants.results import Settings, compare_variants, even_error

    lengths = _lengths(growth)
    lm, trace = loaded_trace(model, text, None, _NO_LANGUAGES, device)
    stack = trace.checked_kind(kind)
    layer_head, causal = from_one(layer, head, trace.layers(stack), trace.heads(stack)), lm.layout.looks_back(stack)
    record, settings = trace.record(layer_head[0], stack), Settings()
    inputs = head_inputs(record, layer_head[1], causal=causal)
    results = compare_variants(record, layer_head[1], settings, causal=causal, square=stack != "cross")
    write_json(
        {
            **about_question(lm, trace, None),
            "even_error": even_error(inputs),
            "variants": {
                name: {
                    "error": result.error,
                    "largest_difference": result.most,
                    "mean_difference": result.mean,
                    "open_cells": result.cells,
                    "kept": result.covered,
                    **vars(variant_cost(name, inputs, settings)),
                }
                for name, result in results.items()
            },
            "growth": {curve.name: [vars(step) for step in curve.points] for curve in measure_growth(lengths)}
            if lengths
            else None,
        }
    )


def classify(
    text: Annotated[str, typer.Option(help="A text in Portuguese; “-” reads it from standard input.")],
) -> None:
    """Praise or blame of a text: each word's weight and what hiding it changes, beside an encoder's heads; as JSON."""
    from ..conv.classifier import classify as judge, evenly, load_classifier
    from ..conv.heads import agreements, by_luck
    from ..conv.linear_probe import ENCODER, load_probe, probe_text
    from ..conv.occlusion import agreement, occlusion
    from ..models.loading import load
    from ..tracing.captures import capture
    from .inputs import given_text

    classifier, sentence = load_classifier(), given_text(text)
    verdict, lm = judge(classifier, sentence), load(ENCODER)
    fell, probed, trace = occlusion(classifier, verdict), probe_text(lm, load_probe(), sentence), capture(lm, sentence)
    write_json(
        {
            "text": sentence,
            "words": verdict.words,
            "weights": verdict.attention,
            "hiding_nats": fell,
            "logit": verdict.logit,
            "probability": verdict.probability,
            "logit_with_even_weights": judge(evenly(classifier), sentence).logit,
            "agreement": agreement(verdict.attention, abs(fell)),
            "encoder": {
                "logit": probed.logit,
                "words": probed.words,
                "hiding_nats": probed.occlusion,
                "agreement_of_heads": agreements(trace, probed.places, probed.occlusion),
                "best_by_luck": by_luck(len(probed.places), trace.layers() * trace.heads()),
            },
        }
    )


def point(
    model: Annotated[str, typer.Option(help="Bundled name, hub id or folder of a vision model.")] = "mirante-vision",
    pictures: Annotated[int, typer.Option(min=2, max=10_000, help="Drawn pictures.")] = 120,
    device: DeviceOption = "auto",
) -> None:
    """How much of a head's attention falls on the red circle of drawn pictures, beside the random twin; as JSON."""
    from ..vision.captures import capture_picture
    from ..vision.causes import patch_effects
    from ..vision.models import load_vision, random_vision_twin
    from ..vision.pointing import covered, points
    from ..vision.scenes import draw

    vision = load_vision(model, device=device)
    scenes = [draw(seed) for seed in range(pictures)]
    trained, untrained = points(vision, scenes), points(random_vision_twin(vision), scenes)
    (layer, head), run = trained.best, capture_picture(vision, scenes[0].pixels)
    patches = covered(vision, scenes[0]).nonzero()[0].tolist()
    rollout, even = run.rollout
    effects = (
        patch_effects(vision, scenes[0].pixels, run, layer, head, patches, scenes[0].cell) if vision.cells else None
    )
    write_json(
        {
            "model": vision.name,
            "pictures": pictures,
            "head": [layer, head],
            "pointing": vars(trained.of(layer, head)),
            "even": vars(trained.null),
            "twin": vars(untrained.of(*untrained.best)),
            "right": None if trained.accuracy is None else vars(trained.accuracy),
            "first_picture": {
                "circle": patches,
                "weights": run.trace.attention(layer, head)[0],
                "rollout": rollout[0],
                "rollout_even": even[0],
                "effects": None if effects is None else vars(effects),
            },
        }
    )


def _lengths(text: str | None) -> tuple[int, ...]:
    """``256,512`` as numbers, 64 … 8192 each."""
    try:
        lengths = tuple(int(part) for part in (text or "").split(",") if part.strip())
    except ValueError:
        lengths = (0,)
    if any(not 64 <= length <= 8192 for length in lengths) or len(lengths) > 12:
        raise typer.BadParameter(f"“{text}” is no list of lengths from 64 to 8192", param_hint="--growth")
    return lengths
