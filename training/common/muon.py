"""Muon for the hidden matrices, AdamW for everything else: an optimiser that needs fewer tokens than AdamW alone.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) moves a matrix by its momentum with all singular
values brought near one, found by five Newton–Schulz steps. torch.optim.Muon takes those steps in bfloat16, which a CPU
without bfloat16 emulates: 0.77 s a step for the decoder, on a quiet machine, against 0.34 s here in float32 on a busy
one, so this file has its own, otherwise equal to it (docs/decisions/0008)."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # torch.optim.Muon's
STEPS = 5
RMS = 0.2  # root mean square of an AdamW update: one rate serves both halves (Liu et al. 2025, "Muon is Scalable")


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; for two-dimensional weights only. Weight decay is decoupled, as in AdamW."""

    def __init__(
        self,
        matrices: Iterable[nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
        bfloat16: bool = False,
    ) -> None:
        self.precision = torch.bfloat16 if bfloat16 else torch.float32  # of the Newton-Schulz steps
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """Move every matrix that has a gradient."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, group)

    def _move(self, weight: nn.Parameter, group: dict) -> None:
        state = self.state[weight]
        kept = state.setdefault("momentum", torch.zeros_like(weight))
        kept.lerp_(weight.grad, 1 - group["momentum"])
        turned = orthogonal(weight.grad.lerp(kept, group["momentum"]), self.precision)
        weight.mul_(1 - group["lr"] * group["weight_decay"])
        weight.add_(turned, alpha=-group["lr"] * RMS * max(weight.shape) ** 0.5)


class Both:
    """Two optimisers that behave as one: what the loop uses of an optimiser, and nothing more."""

    def __init__(self, *parts: torch.optim.Optimizer) -> None:
        self.parts = parts

    @property
    def param_groups(self) -> list[dict]:
        """The groups of all parts."""
        return [group for part in self.parts for group in part.param_groups]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for part in self.parts:
            part.zero_grad(set_to_none=set_to_none)

    def step(self) -> None:
        """One update of all."""
        for part in self.parts:
            part.step()

    def state_dict(self) -> dict:
        """The parts' states, in order."""
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state: dict) -> None:
        """Put back what `state_dict` gave."""
        for part, found in zip(self.parts, state["parts"], strict=True):
            part.load_state_dict(found)


def orthogonal(matrix: torch.Tensor, precision: torch.dtype = torch.float32) -> torch.Tensor:
    """The matrix (rows, columns) with its singular values brought to about 1 (0.7 to 1.2), vectors kept."""
    a, b, c = COEFFICIENTS
    tall = matrix.shape[0] > matrix.shape[1]
    found = (matrix.mT if tall else matrix).float()
    found = (found / found.norm().clamp(min=1e-7)).to(precision)
    for _ in range(STEPS):
        gram = found @ found.mT
        found = torch.addmm(found, torch.addmm(gram, gram, gram, beta=b, alpha=c), found, beta=a)
    return found.mT if tall else found
