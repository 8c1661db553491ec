"""The logit lens: what the model would answer if it stopped after each layer.

    logits_l = head(LN_final(h_l))
        (nostalgebraist 2020; for masked models the head is its transform, then the decoder)

h_l is the residual stream after layer l (l = 0: the embeddings). The head is the family's own code: a copy of the model
whose body hands over h_l instead of computing (rerun.shallow_branch), so scales, caps and biases of the head are in it.
Nothing is recognised by name alone: the final norm is the module that gave what entered the head, and the last layer
must repeat the model's logits. Not here: drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ..attention.families import size_of
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..predictions.masked import whole_word
from ..text.translation import reading
from ..tracing import captures
from ..tracing.rerun import inputs_of, module_io, shallow_branch
from ..tracing.trace import Trace

TOP = 5
_EXACT, ROUNDED = 1e-4, 3e-2  # largest difference allowed in float32 and float16, relative to the largest logit above 1


@dataclass(frozen=True, eq=False)
class Lens:
    """states (layer + 1, position, model): what would enter the head. ids, shares (layer + 1, position, TOP): the most
    probable entries, best first, and their probabilities 0 … 1. error: largest difference of the last layer from the
    model's logits.
    body: path of the module that the head reads."""

    states: np.ndarray
    ids: np.ndarray
    shares: np.ndarray
    error: float
    body: str

    @property
    def layers(self) -> int:
        return len(self.ids) - 1


@named_step(Message("the reading of earlier layers"))
def lens(lm: LanguageModel, trace: Trace, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Lens:
    """Every layer of a trace through the model's own head. Costs one or two forwards, and the head once per layer.

    progress: called with the layers done and all of them, before each.

    Raises:
        BadInput: the checkpoint has no prediction head.
        UnsupportedModel: the way from the last layer to the logits could not be repeated.
    """
    logits = trace.require_logits()
    bodies = _bodies(lm.model)
    module_values = module_io(lm, trace, (*bodies, *_norms(lm.model)))
    body = next((path for path in bodies if path in module_values), None)
    if body is None:
        raise _refusal(lm)
    states = _ready(lm, module_values, _hidden(lm, trace), module_values[body][1][0])
    best = []
    for layer, per_state in enumerate(states):
        progress(layer, len(states))
        best.append(_best(_logits(lm, body, per_state)))
    error = float(np.abs(_logits(lm, body, states[-1]).numpy() - logits).max())
    if not error <= _tolerance(lm) * max(1.0, float(np.abs(logits).max())):
        raise _refusal(lm)
    ids, shares = (np.stack([per_state[at] for per_state in best]) for at in (0, 1))
    return Lens(states.float().cpu().numpy(), ids, shares, error, body)


@named_step(Message("the reading of earlier layers"))
def by_layer(lm: LanguageModel, lens_result: Lens, position: int) -> np.ndarray:
    """Probabilities at one position after each layer, (layer + 1, vocab) float32; every row sums to 1."""
    states = torch.from_numpy(lens_result.states[:, position]).to(lm.device, lm.dtype)
    return _logits(lm, lens_result.body, states).softmax(dim=-1).numpy()


def entry_of(lm: LanguageModel, word: str) -> int | None:
    """Id of a word of the side that the model answers on, as it stands after a space, when that is one known piece."""
    if lm.kind != "encoder-decoder":
        return whole_word(lm.tokenizer, word)
    with reading(lm.tokenizer):
        ids = lm.tokenizer(text_target=word, add_special_tokens=False)["input_ids"]
    return ids[0] if len(ids) == 1 and ids[0] != lm.tokenizer.unk_token_id else None


def lens_seconds(lm: LanguageModel, trace: Trace) -> float:
    """What ``lens`` takes on one core, roughly: two forwards and the head once per layer, at 50 billion products a
    second (a BERT-base shape); choosing the best of the vocabulary costs as much as 300 products an entry."""
    positions, entries = trace.logits.shape if trace.logits is not None else (0, 0)
    layers = trace.layers("decoder" if trace.target is not None else None)
    width = size_of(lm.model.config.get_text_config(), "width") or 0
    return (
        2 * lm.parameters * (max(len(trace.tokens), positions) + 30)
        + (layers + 2) * positions * (width + 300) * entries
    ) / 5e10


def _bodies(model: nn.Module) -> list[str]:
    """Paths of modules whose output may be what the head reads, outermost first."""
    prefix = str(model.base_model_prefix)
    known = dict(model.named_modules())
    return [path for path in (prefix, "decoder", f"{prefix}.decoder") if path in known]


def _norms(model: nn.Module) -> list[str]:
    """Paths of the norms that stand outside the layers."""
    lists = tuple(f"{name}." for name, module in model.named_modules() if isinstance(module, nn.ModuleList))
    return [
        name
        for name, module in model.named_modules()
        if "norm" in type(module).__name__.lower() and not name.startswith(lists)
    ]


def _hidden(lm: LanguageModel, trace: Trace) -> list[Tensor]:
    """The residual stream, embeddings first, each (position, model); of the decoder where there are two sides."""
    if trace.hidden is not None:
        return [torch.from_numpy(state.copy()).to(lm.device, lm.dtype) for state in trace.hidden]
    output, _ = captures.forward(lm, inputs_of(lm, trace), trace.edits, output_hidden_states=True)
    states = getattr(output, "decoder_hidden_states", None) or getattr(output, "hidden_states", None)
    if not states:
        raise _refusal(lm)
    return [state[0] for state in states]


def _ready(lm: LanguageModel, module_values: dict, hidden: list[Tensor], entered: Tensor) -> Tensor:
    """(layer + 1, position, model) as the head reads it: each state through the final norm, where the model has one.

    The library's last hidden state is after that norm in most families; its input is then what the norm was heard to
    read."""
    if any(state.shape != entered.shape for state in hidden):
        raise _refusal(lm)
    for path, before in _final_norms(lm, module_values, entered):
        if _close(lm, hidden[-1], entered) or _close(lm, hidden[-1], before):
            with torch.inference_mode():
                return lm.model.get_submodule(path)(torch.stack([*hidden[:-1], before]))
    if not _close(lm, hidden[-1], entered):
        raise _refusal(lm)
    return torch.stack(hidden)


def _final_norms(lm: LanguageModel, module_values: dict, entered: Tensor) -> Iterator[tuple[str, Tensor]]:
    """(path, what it read) of the norms that gave what entered the head."""
    for path in _norms(lm.model):
        if path in module_values:
            before, after = (path.reshape(-1, path.shape[-1]) for path in module_values[path])
            if before.shape == after.shape == entered.shape and _close(lm, after, entered):
                yield path, before


def _logits(lm: LanguageModel, body: str, states: Tensor) -> Tensor:
    """The head alone: (row, model) → (row, vocab) float32 on the CPU."""
    sides = [body, "encoder"] if body == "decoder" else [body]  # T5 calls both sides itself
    model, ends = shallow_branch(lm.model, sides)
    for module in ends.values():
        module.forward = lambda *_args, **_arguments: _Given((states[None],))
    ids = torch.zeros(1, len(states), dtype=torch.long, device=lm.device)
    names = ("input_ids", "decoder_input_ids") if lm.kind == "encoder-decoder" else ("input_ids",)
    with torch.inference_mode():
        return model(**dict.fromkeys(names, ids)).logits[0].float().cpu()


class _Given(tuple):
    """An output of a body: its states, and nothing else."""

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return self[0] if name == "last_hidden_state" else None


def _best(logits: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """(ids, probabilities) of the most probable entries, each (position, TOP)."""
    shares, ids = logits.softmax(dim=-1).topk(TOP, dim=-1)
    return ids.numpy(), shares.numpy()


def _close(lm: LanguageModel, a: Tensor, b: Tensor) -> bool:
    return float((a - b).abs().max()) <= _tolerance(lm) * max(1.0, float(b.abs().max()))


def _tolerance(lm: LanguageModel) -> float:
    return _EXACT if lm.dtype == torch.float32 else ROUNDED


def _refusal(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "How “{name}” gets from its last layer to its answer could not be repeated exactly, so its earlier "
        "layers cannot be read this way. "
        "Its maps are in Explore.",
        name=lm.name,
    )
