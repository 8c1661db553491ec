"""The training loop of the recipes (sentiment has its own): schedule, one step, checkpoints and resume, the curve.

Wall-clock aware: the learning rate follows the share of the time budget already spent (or of the steps, when steps are
given), so a run ends on its schedule on a slow machine and on a fast one. The model's shape, its data and its loss
belong to a recipe (training/encoder, training/decoder, …)."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from training.common import muon


class Batch(Protocol):
    """What the loop must know of a recipe's batch."""

    def size(self) -> int:
        """Tokens read, padding not counted."""

    def asks(self) -> bool:
        """Is there anything to learn in it?"""


Loss = Callable[[nn.Module, Batch, torch.device], torch.Tensor]
"""(model, batch, device) → mean cross-entropy in nats, a scalar with its graph."""
Probe = Callable[[nn.Module], dict[str, float]]


@dataclass(frozen=True)
class Plan:
    """Budget and optimiser. `minutes` bounds the wall clock of all runs together; `steps`, if given, decides instead of
    it.
    """

    minutes: float = 78.0
    steps: int | None = None
    rate: float = 1e-3
    warm_up: float = 0.04  # share of the budget
    final: float = 0.01  # share of the rate left at the end
    decay: float = 0.01
    clip: float = 1.0
    muon: bool = False  # Muon for the hidden matrices (muon.py)
    processor: bool = False  # on a CPU, minutes of its own time per thread: a run that waits for others loses none
    bfloat16: bool = False  # products in bfloat16 on a CPU as well; on CUDA they always are
    seed: int = 0
    report_every: int = 20
    save_minutes: float = 5.0


@dataclass
class State:
    """What a checkpoint remembers beside weights and optimiser; the one mutable thing of a run."""

    step: int = 0
    passes: int = 0  # passes over the corpus that have begun
    seconds: float = 0.0
    tokens: int = 0
    curve: list[dict[str, float]] = field(default_factory=list)
    probes: list[dict[str, float]] = field(default_factory=list)


def notes(runs: Path) -> dict[str, str]:
    """What notes.json beside the checkpoint says of stops and changes of the mix, by language (en, pt); nothing if
    there is none.
    """
    path = runs / "notes.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"en": "", "pt": ""}


def rate_at(progress: float, plan: Plan) -> float:
    """Learning rate at `progress` in [0, 1]: linear warm-up, then a cosine down to `plan.final` of the peak."""
    if progress < plan.warm_up:
        return plan.rate * max(progress, 1e-3) / plan.warm_up
    angle = math.pi * min(1.0, (progress - plan.warm_up) / (1 - plan.warm_up))
    return plan.rate * (plan.final + (1 - plan.final) * 0.5 * (1 + math.cos(angle)))


def progress_of(state: State, plan: Plan) -> float:
    """Share of the budget that is spent, 0 to 1."""
    return min(1.0, state.step / plan.steps if plan.steps else state.seconds / (60 * plan.minutes))


def device_of(name: str | None = None) -> torch.device:
    """The named device, else CUDA, else MPS, else the CPU."""
    best = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    return torch.device(name or best)


def has_bfloat16() -> bool:
    """Does this processor multiply bfloat16 itself? One that emulates it is slower than in float32."""
    return torch.cpu._is_avx512_bf16_supported()


def clock_of(model: nn.Module, plan: Plan) -> Callable[[], float]:
    """Seconds as the plan counts them: of the wall, or of this process alone, shared among its threads."""
    if plan.processor and next(model.parameters()).device.type == "cpu":
        return lambda: time.process_time() / torch.get_num_threads()
    return time.monotonic


def optimiser_of(model: nn.Module, plan: Plan) -> torch.optim.Optimizer | muon.Both:
    """AdamW, with Muon for the matrices between the embeddings if the plan says so; biases and norms (one-dimensional)
    are not decayed.
    """
    outer = {id(layer.weight) for layer in model.modules() if isinstance(layer, nn.Embedding)}
    parameters = [p for p in model.parameters() if p.requires_grad]
    hidden = [p for p in parameters if plan.muon and p.dim() == 2 and id(p) not in outer]
    rest = [p for p in parameters if not any(p is other for other in hidden)]
    groups = [
        {"params": [p for p in rest if p.dim() > 1], "weight_decay": plan.decay},
        {"params": [p for p in rest if p.dim() <= 1], "weight_decay": 0.0},
    ]
    adam = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), eps=1e-6, fused=True)
    return (
        muon.Both(adam, muon.Muon(hidden, plan.rate, weight_decay=plan.decay, bfloat16=plan.bfloat16))
        if hidden
        else adam
    )


def step(
    model: nn.Module,
    optimiser: torch.optim.Optimizer | muon.Both,
    batch: Batch,
    loss_of: Loss,
    plan: Plan,
    progress: float,
) -> float:
    """One update (bfloat16 on CUDA and where the plan says so, else float32); returns the loss before it. A batch that
    asks nothing (tiny ones can) changes nothing.
    """
    if not batch.asks():
        return math.nan
    for group in optimiser.param_groups:
        group["lr"] = rate_at(progress, plan)
    device = next(model.parameters()).device
    with torch.autocast(device.type, torch.bfloat16, enabled=plan.bfloat16 or device.type == "cuda"):
        loss = loss_of(model, batch, device)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), plan.clip)
    optimiser.step()
    return loss.item()


def run(
    model: nn.Module,
    passes: Callable[[int], Iterator[Batch]],
    loss_of: Loss,
    plan: Plan,
    folder: Path,
    *,
    probe: Probe | None = None,
    each: Callable[[nn.Module, State], None] | None = None,
    say: Callable[[str], None] = print,
) -> State:
    """Train until the budget is spent, resuming from `folder` if it holds a checkpoint.

    ``passes(i)`` gives the batches of pass i; ``probe`` measures whenever a checkpoint is written; ``each`` looks at
    the model after every step (a film is cut there) and must leave it as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    optimiser = optimiser_of(model, plan)
    state = resume(model, optimiser, folder)
    clock = clock_of(model, plan)
    model.train()
    saved = reported = state.seconds
    recent: list[float] = []
    while progress_of(state, plan) < 1:
        state.passes += 1
        last = clock()
        for batch in passes(state.passes - 1):
            recent.append(step(model, optimiser, batch, loss_of, plan, progress_of(state, plan)))
            last = _advance(state, batch, last, clock())
            if each is not None:
                each(model, state)
            finished = progress_of(state, plan) >= 1
            if state.step % plan.report_every == 0 or finished:
                reported = _report(state, plan, recent, reported, say)
                recent = []
            if state.seconds - saved > 60 * plan.save_minutes or finished:
                _probe(model, state, probe, say)
                save(model, optimiser, state, plan, folder)
                saved, last = state.seconds, clock()
            if finished:
                break
    return state


def save(model: nn.Module, optimiser: torch.optim.Optimizer, state: State, plan: Plan, folder: Path) -> None:
    """Write checkpoint.pt (weights, optimiser, state) and curve.json, each replaced in one move."""
    document = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "state": asdict(state)}
    torch.save(document, folder / "checkpoint.tmp")
    (folder / "checkpoint.tmp").replace(folder / "checkpoint.pt")
    write_curve(state, plan, folder / "curve.json")


def resume(model: nn.Module, optimiser: torch.optim.Optimizer | None, folder: Path) -> State:
    """Load the checkpoint of `folder` into model and optimiser; a fresh State where there is none."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        return State()
    document = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(document["model"])
    if optimiser is not None:
        optimiser.load_state_dict(document["optimiser"])
    return State(**document["state"])


def write_curve(state: State, plan: Plan, path: Path) -> None:
    """The loss curve, the probes and the plan as JSON."""
    path.write_text(json.dumps({"plan": asdict(plan), **asdict(state)}, indent=1) + "\n", encoding="utf-8")


def _advance(state: State, batch: Batch, last: float, now: float) -> float:
    state.step += 1
    state.seconds += now - last
    state.tokens += batch.size()
    return now


def _report(state: State, plan: Plan, recent: list[float], since: float, say: Callable[[str], None]) -> float:
    progress = progress_of(state, plan)
    losses = [value for value in recent if not math.isnan(value)]
    loss = sum(losses) / max(1, len(losses))
    left = state.seconds * (1 - progress) / max(progress, 1e-6)
    state.curve.append(
        {
            "step": state.step,
            "tokens": state.tokens,
            "seconds": round(state.seconds, 1),
            "loss": round(loss, 4),
            "rate": round(rate_at(progress, plan), 7),
        }
    )
    say(
        f"step {state.step}  loss {loss:.3f}  {state.tokens / 1e6:.2f} M tokens  {state.tokens / state.seconds:.0f} "
        f"tok/s  {left / 60:.1f} min left"
    )
    return state.seconds


def _probe(model: nn.Module, state: State, probe: Probe | None, say: Callable[[str], None]) -> None:
    if probe is None:
        return
    model.eval()
    with torch.inference_mode():
        found = probe(model)
    model.train()
    state.probes.append({"step": state.step, "tokens": state.tokens, **found})
    say("probe " + "  ".join(f"{name} {value:.3f}" for name, value in found.items()))
