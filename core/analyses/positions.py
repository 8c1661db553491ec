"""How a model knows the order of its words: the table that is added to the embeddings, or the angles by which queries
and keys are turned, and the run without them.

    sinusoidal  PE[p, i] = sin(p / 10000^{2i/d}), cos(·)
        (Vaswani et al. 2017; families differ in how they lay sines and cosines side by side)
    learned     a table like any other weight
    rotary      q·k depends on the distance alone: Σᵢ |qᵢ||kᵢ| cos(Δ·θᵢ + φ)      (Su et al. 2021)

The module is found by what it gives in a run: an embedding called with positions, or the pair (cos, sin). Relative
biases (T5, ALiBi) are part of the scores and not shown here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ..attention.families import position_modules
from ..boundary import named_step
from ..errors import BadInput, Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..tracing import captures
from ..tracing.blocks import states
from ..tracing.rerun import shallow_branch
from ..tracing.trace import Trace

How = Literal["sinusoidal", "learned", "rotary"]


@dataclass(frozen=True, eq=False)
class Positions:
    """how: the family. table: (position, dim), what is added, or the cosines of the angles; sines: (position, dim) of
    rotary positions, else None.
    """

    how: How
    table: np.ndarray
    sines: np.ndarray | None = None

    def similarity(self) -> np.ndarray:
        """(position, position) −1 … 1: cosine of what is added; of rotary positions the mean cosine of the angles
        between two positions.
        """
        if self.sines is not None:
            return (self.table @ self.table.T + self.sines @ self.sines.T) / self.table.shape[1]
        unit = self.table / np.maximum(np.linalg.norm(self.table, axis=1, keepdims=True), 1e-12)
        return unit @ unit.T


@dataclass(frozen=True, eq=False)
class Shuffled:
    """The same tokens in another order. order: place of each token of the shuffled text in the original one. cosine,
    cosine_without: (position,) −1 … 1, cosine of each token's last vector in the two orders, with positions and without
    them."""

    order: tuple[int, ...]
    cosine: np.ndarray
    cosine_without: np.ndarray


@named_step(Message("the look at its positions"))
def position_vectors(lm: LanguageModel, n: int = 64) -> Positions:
    """What the model knows of the first ``n`` places (fewer where it has fewer).

    Raises:
        UnsupportedModel: positions that are neither added nor turned by.
    """
    n = n if lm.max_positions is None else min(n, lm.max_positions)
    paths = _paths(lm)
    outputs: list[tuple[Tensor, ...] | Tensor] = []
    model, ends = shallow_branch(lm.model, paths)
    for module in ends.values():
        module.register_forward_hook(lambda _module, _args, output: outputs.append(output))
    captures.forward(replace(lm, model=model), _dummy(lm, n))
    output = outputs[0]
    if isinstance(output, tuple):
        cos, sin = (turn.reshape(-1, turn.shape[-1])[:n].float().cpu().numpy() for turn in output[:2])
        return Positions("rotary", cos, sin)
    table = output.detach().reshape(-1, output.shape[-1])[:n].float().cpu().numpy()
    return Positions("sinusoidal" if _waves(table) else "learned", table)


@named_step(Message("the run without positions"))
def without_positions(lm: LanguageModel) -> LanguageModel:
    """The model with its positions switched off: nothing is added, nothing is turned. Shares all weights with ``lm``,
    which stays as it is.

    Raises:
        UnsupportedModel: as ``positions``.
    """
    model, ends = shallow_branch(lm.model, _paths(lm))
    for module in ends.values():
        module.register_forward_hook(_nowhere)
    return replace(lm, model=model)


@named_step(Message("the run with the words in another order"))
def shuffled(lm: LanguageModel, trace: Trace, seed: int = 0) -> Shuffled:
    """The text's own tokens (special ones stay) in another order, with positions and without.

    Raises:
        BadInput: fewer than three tokens to shuffle. UnsupportedModel: positions or blocks that are not known.
    """
    order = _order(trace, seed)
    ids = [trace.tokens.ids[position] for position in order]
    kind = trace.kinds[0]
    cosines, target = [], None if trace.target is None else trace.target.ids
    for model in (lm, without_positions(lm)):
        pair = [states(model, captures.capture(model, text, target), kind)[-1] for text in (trace.tokens.ids, ids)]
        cosines.append(torch.cosine_similarity(pair[0][list(order)], pair[1], dim=-1).numpy())
    return Shuffled(order, *cosines)


def sines(n: int, width: int) -> np.ndarray:
    """The table of Vaswani et al. 2017, (position, width): sines in the even dimensions, cosines in the odd ones."""
    angles = np.arange(n)[:, None] / 10000 ** (2 * (np.arange(width) // 2) / width)
    return np.where(np.arange(width) % 2 == 0, np.sin(angles), np.cos(angles))


def _waves(table: np.ndarray) -> bool:
    """Whether the table is that of sines, in any order of its dimensions: PE·PEᵀ tells, as it does not depend on the
    order.
    """
    return table.shape[1] % 2 == 0 and bool(
        np.abs(table @ table.T - sines(len(table), table.shape[1]) @ sines(len(table), table.shape[1]).T).max()
        < 1e-2 * table.shape[1] ** 0.5
    )


def _paths(lm: LanguageModel) -> list[str]:
    """Modules that make positions: rotary ones, or embeddings of places."""
    paths = position_modules(lm.model)
    if not paths:
        raise _refusal(lm)
    return paths


def _refusal(lm: LanguageModel) -> UnsupportedModel:
    return UnsupportedModel(
        "“{name}” has no table or angles of positions that were found: it may build them into its scores, "
        "or keep them where Mirante does not look.",
        name=lm.name,
    )


def _dummy(lm: LanguageModel, n: int) -> dict[str, Tensor]:
    """``n`` times one ordinary token: what is asked depends on the places alone."""
    token = next(i for i in range(len(lm.tokenizer) - 1, -1, -1) if i not in set(lm.tokenizer.all_special_ids))
    ids = torch.full((1, n), token, device=lm.device)
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    return inputs | ({"decoder_input_ids": ids} if lm.kind == "encoder-decoder" else {})


def _nowhere(_module, _args: tuple, output):
    if isinstance(output, tuple):
        return (torch.ones_like(output[0]), torch.zeros_like(output[1]), *output[2:])
    return torch.zeros_like(output)


def _order(trace: Trace, seed: int) -> tuple[int, ...]:
    """A permutation that moves at least one of the tokens that are not special."""
    places = [
        position
        for position, special in enumerate(trace.tokens.special)
        if not special and position not in trace.tokens.typed_control
    ]
    if len(places) < 3:
        raise BadInput("At least three tokens are needed to change their order, and the text has {n}.", n=len(places))
    rng = np.random.default_rng(seed)
    moved = rng.permutation(places)
    while (moved == places).all():
        moved = rng.permutation(places)
    order = list(range(len(trace.tokens)))
    for position, source in zip(places, moved.tolist(), strict=True):
        order[position] = source
    return tuple(order)
