"""One row: what a tiny model of a type shows, and what each analysis says of it.

Every check ends as ``ok``, or with the sentence that Mirante says instead: ``refused`` (a reason of ours), ``failed``
(somebody else's code, behind the boundary). ``wrong`` is a law that does not hold, ``crash`` an error that is none of
ours: neither may stand in docs/architectures.md. The laws: the maps are those of the library's eager mode; an ablated
head changes the logits; a closed edge weighs nothing; a gradient is finite; after all of one run's stream was put into
another, its answer is the first one's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

import core
from core.analyses.gradients import head_gradients
from core.analyses.input_attribution import method_maps
from core.analyses.logit_lens import lens
from core.analyses.methods import METHODS
from core.analyses.patching import replaced, require_one_stream
from core.analyses.rollout import mean_heads, rollout
from core.analyses.score import LogitDifference, logit_difference
from core.attention.edits import Ablation, Knockout
from core.axes import Kind
from core.errors import MiranteError, ModelFailure
from core.models.loading import LanguageModel
from core.tracing.blocks import states
from core.tracing.rerun import rerun
from core.tracing.trace import Trace
from core.vision.captures import capture_picture
from core.vision.models import VisionModel, load_vision

from .tiny_types import UNLIKE, text_folder, vision_folder

TEXT, TARGET = "Ela encheu o copo com água.", "O copo."
CLOSE = 1e-5  # how far a captured map may lie from the eager one
TEXT_CHECKS = ("maps", "ablation", "knockout", "gradient", "path", "lens", "patch")
VISION_CHECKS = ("maps", "ablation", "knockout", "path")
FIELDS: dict[str, Kind] = {
    "attentions": "self",
    "encoder_attentions": "encoder",
    "decoder_attentions": "decoder",
    "cross_attentions": "cross",
}


@dataclass(frozen=True)
class Outcome:
    """status: ok, refused, failed, wrong, crash, or none where there is nothing to check. said: why."""

    status: str
    said: str = ""


@dataclass
class Row:
    """One type: how it was shown, and every check's outcome; ``built`` says why there is none."""

    name: str
    built: str = ""
    kind: str = ""
    adapter: str = ""
    layers: str = ""
    outcomes: dict[str, Outcome] = field(default_factory=dict)


class Broken(Exception):
    """A law that does not hold."""


def text_row(name: str) -> Row:
    """The row of a text type."""
    return _row(name, text_folder, TEXT_CHECKS, _check_text)


def vision_row(name: str) -> Row:
    """The row of a vision type."""
    return _row(name, vision_folder, VISION_CHECKS, _check_vision)


def _row(
    name: str, build: Callable[[str, Path], Path], checks: tuple[str, ...], run: Callable[[Row, str], None]
) -> Row:
    row = Row(name)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as parent:
        try:
            where = Path(parent, name)
            if name in UNLIKE:
                raise NotImplementedError(UNLIKE[name])
            build(name, where)
        except MiranteError as refusal:
            row.outcomes["maps"] = Outcome("refused", str(refusal))
        except Exception as error:
            row.built = f"{type(error).__name__}: {_first(str(error))}"
            return row
        if not row.outcomes:
            run(row, str(where))
        for key, outcome in row.outcomes.items():
            row.outcomes[key] = Outcome(outcome.status, outcome.said.replace(str(where), name).replace(parent, ""))
    row.outcomes = {key: row.outcomes.get(key, Outcome("none")) for key in checks}
    return row


def _first(text: str) -> str:
    return (text.strip().splitlines() or [""])[0][:200]


def _outcome(check: Callable[[], str | None]) -> Outcome:
    """What a check came to; what it returns is said beside “ok”."""
    try:
        return Outcome("ok", check() or "")
    except ModelFailure as error:
        return Outcome("failed", str(error))
    except MiranteError as error:
        return Outcome("refused", str(error))
    except Broken as error:
        return Outcome("wrong", str(error))
    except Exception as error:
        return Outcome("crash", f"{type(error).__name__}: {_first(str(error))}")


def _check_text(row: Row, where: str) -> None:
    loaded: list[tuple[LanguageModel, Trace]] = []

    def maps() -> str:
        lm = core.load(where, device="cpu")
        row.kind, row.adapter = lm.kind, lm.layout.adapter
        row.layers = _sizes(lm)
        trace = core.capture(lm, TEXT, TARGET if lm.kind == "encoder-decoder" else None)
        loaded.append((lm, trace))
        notes = (_equal_eager(lm, trace, where), trace.provenance.caution)
        return " ".join(str(note) for note in notes if note is not None)

    row.outcomes["maps"] = _outcome(maps)
    if not loaded:
        return
    lm, trace = loaded[0]
    kind = trace.kinds[-1]
    question = _outcome(lambda: str(logit_difference(lm, trace).target))
    asked = logit_difference(lm, trace) if question.status == "ok" else None
    checks: dict[str, Callable[[], str | None]] = {
        "ablation": lambda: _ablated(lm, trace, kind),
        "knockout": lambda: _knocked_out(lm, trace, kind),
        "gradient": lambda: _gradient(lm, trace, asked),
        "path": lambda: _paths(lm, trace, kind, asked),
        "lens": lambda: _lens(lm, trace),
        "patch": lambda: _patched(lm, trace, asked),
    }
    row.outcomes |= {key: _outcome(check) for key, check in checks.items()}


def _sizes(model: LanguageModel | VisionModel) -> str:
    """Layers × heads of each kind of attention; of a hybrid how many of its layers have any."""
    layout, sizes = model.layout, []
    for kind, count in layout.counts.items():
        attending = len(layout.attending(kind))
        sizes.append(f"{count if attending == count else f'{attending} of {count}'} × {layout.heads[kind]}")
    return " + ".join(sizes)


def _equal_eager(lm: LanguageModel, trace: Trace, where: str) -> str | None:
    """The maps are the library's own, up to the share of sinks, which some families leave out of theirs.

    Returns what could not be compared: a family that reports nothing, or maps of another form.
    """
    plain = type(lm.model).from_pretrained(where, attn_implementation="eager").eval()
    inputs: dict[str, Any] = {"input_ids": torch.tensor([trace.tokens.ids])}
    if trace.target is not None:
        inputs |= {"decoder_input_ids": torch.tensor([trace.target.ids]), "use_cache": False}
    with torch.inference_mode():
        output = plain(**inputs, output_attentions=True, return_dict=True)
    without = [
        kind for name, kind in FIELDS.items() if kind in trace.kinds and not _compared(trace, output, name, kind)
    ]
    return f"{', '.join(without)} not compared: the library reports no such maps." if without else None


def _compared(trace: Trace, output: Any, name: str, kind: Kind) -> bool:
    """Whether the library reports the maps of a kind in the form in which they are shown."""
    layers = [layer for layer in getattr(output, name, None) or () if layer is not None]
    if len(layers) != len(trace.attending(kind)):
        return False
    for index, layer in zip(trace.attending(kind), layers, strict=True):
        mine = trace.layer_attention(index, kind)
        if getattr(layer, "shape", (0,))[1:] != mine.shape:
            return False
        expected = (
            (layer[0].softmax(-1) if bool((layer < 0).any()) else layer[0]).float().numpy()
        )  # SqueezeBERT: scores
        difference = float(np.abs(_rescaled(mine) - _rescaled(expected)).max())
        if not difference <= CLOSE:
            raise Broken(f"its {kind} maps of layer {index} differ by {difference:.1g} from the library's eager ones")
    return True


def _rescaled(maps: np.ndarray) -> np.ndarray:
    return maps / np.maximum(maps.sum(-1, keepdims=True), 1e-9)


def _seen(trace: Trace) -> np.ndarray:
    """What a run can be told apart by: its logits, or the queries of its last layer."""
    kind = trace.kinds[-1]
    return trace.query(trace.attending(kind)[-1], 0, kind) if trace.logits is None else trace.logits


def _ablated(lm: LanguageModel, trace: Trace, kind: Kind) -> None:
    edited = rerun(lm, trace, (Ablation(trace.attending(kind)[0], 0, kind),))
    if not np.isfinite(_seen(edited)).all():
        raise Broken("with a head ablated its numbers are not finite")
    if not np.abs(_seen(edited) - _seen(trace)).max() > 0:
        raise Broken("ablating a head changes nothing")


def _knocked_out(lm: LanguageModel, trace: Trace, kind: Kind) -> None:
    layer = trace.attending(kind)[0]
    weights = trace.attention(layer, 0, kind)
    query, key = max(
        ((q, k) for q in range(weights.shape[0]) for k in range(weights.shape[1]) if 0 < weights[q, k] < 0.99),
        key=lambda edge: weights[edge],
    )
    after = rerun(lm, trace, (Knockout(layer, 0, kind, (query,), (key,)),)).attention(layer, 0, kind)
    if after[query, key] != 0:
        raise Broken("a closed edge keeps a weight")
    if not np.allclose(after[query].sum(), 1, atol=1e-4) and trace.record(layer, kind).sinks is None:
        raise Broken("the row of a closed edge does not sum to 1")


def _gradient(lm: LanguageModel, trace: Trace, asked: LogitDifference | None) -> None:
    layers = head_gradients(lm, trace, asked or (lambda logits: logits[-1, 0]))
    parts = [layer.gradient for stack in layers.values() for layer in stack]
    if not all(bool(torch.isfinite(part).all()) for part in parts):
        raise Broken("its gradient is not finite")
    if not any(bool(part.any()) for part in parts):
        raise Broken("its gradient is zero everywhere")


def _paths(lm: LanguageModel, trace: Trace, kind: Kind, asked: LogitDifference | None) -> str | None:
    """Which methods it has; each layer of each is a distribution."""
    maps = method_maps(lm, trace, kind, asked)
    for method, layers in maps.layers.items():
        if not np.isfinite(layers).all():
            raise Broken(f"the paths of {method} are not finite")
    if not maps.layers:
        raise Broken("no method at all")
    offered = [key for key, method in METHODS.items() if kind != "cross" or method.cross]
    missing = [key for key in offered if key in maps.missing]
    if not missing:
        return None
    reasons = dict.fromkeys(str(maps.missing[key]) for key in missing)
    return f"without {', '.join(missing)}: " + " ".join(reasons)


def _lens(lm: LanguageModel, trace: Trace) -> None:
    lens(lm, trace)


def _patched(lm: LanguageModel, trace: Trace, asked: LogitDifference | None) -> None:
    kind: Kind = "encoder" if trace.target is not None else "self"
    ids = list(trace.tokens.ids)
    ids[2], ids[3] = ids[3], ids[2]
    other = core.capture(lm, ids, trace.target.ids if trace.target is not None else None)
    trace.require_logits()
    stream, question = states(lm, trace, kind), asked or LogitDifference(0, 0)
    require_one_stream(lm, trace, other, kind, stream, question)
    last = trace.layers(kind) - 1
    score = replaced(lm, other, kind, last, range(len(ids)), stream[last + 1], question)
    if not abs(score - question.of(trace)) <= 1e-3 * max(1.0, abs(score)):
        raise Broken("all of one run's stream, put into another after the last layer, does not give its answer")


def _check_vision(row: Row, where: str) -> None:
    loaded: list[VisionModel] = []
    pixels = np.random.default_rng(3).integers(0, 256, (24, 24, 3)).astype(np.uint8)

    def maps() -> str | None:
        vision = load_vision(where, device="cpu")
        row.kind, row.adapter = "vision", vision.layout.adapter
        row.layers = _sizes(vision)
        run = capture_picture(vision, pixels)
        total = run.trace.layer_attention(0).sum(-1)
        if not (np.allclose(total, 1, atol=1e-4) or (vision.layout.mixing.elsewhere and (total <= 1 + 1e-4).all())):
            raise Broken("its rows do not sum to 1")
        loaded.append(vision)
        return None if vision.layout.caution is None else str(vision.layout.caution)

    row.outcomes["maps"] = _outcome(maps)
    if not loaded:
        return
    vision = loaded[0]
    run = capture_picture(vision, pixels)

    def ablated() -> None:
        edited = capture_picture(vision, pixels, edits=[Ablation(0, 0)])
        if not np.abs(edited.trace.query(1, 0) - run.trace.query(1, 0)).max() > 0:
            raise Broken("ablating a head changes nothing")

    def knocked_out() -> None:
        edited = capture_picture(vision, pixels, edits=[Knockout(0, 0, queries=(0,), keys=(1,))])
        if edited.trace.attention(0, 0)[0, 1] != 0:
            raise Broken("a closed edge keeps a weight")

    def path() -> None:
        if not np.allclose(rollout(mean_heads(run.trace)).sum(-1), 1, atol=1e-3):
            raise Broken("rows of the rollout do not sum to 1")

    row.outcomes |= {
        "ablation": _outcome(ablated),
        "knockout": _outcome(knocked_out),
        "path": _outcome(path),
    }
