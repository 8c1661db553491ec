"""What every variant starts from: the queries, keys and values of one head, as the model made them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..attention.record import AnyRecord
from ..errors import BadInput


@dataclass(frozen=True, eq=False)
class Inputs:
    """query (Q, D), key (K, D), value (K, D′) of one dtype; scaling: of q·k; causal: whether this head's model looks
    back only, so that Q = K.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    scaling: float
    causal: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """(query, key) lengths."""
        return len(self.query), len(self.key)

    def double(self) -> Inputs:
        """The same in float64."""
        return Inputs(self.query.double(), self.key.double(), self.value.double(), self.scaling, self.causal)


def head_inputs(record: AnyRecord, head: int, *, causal: bool) -> Inputs:
    """The vectors of one query head, float32 (grouped heads: those that it shares). Biases, caps and sinks of the model
    stay behind.

    Raises:
        UnsupportedModel: the model shows its maps, but not the vectors that made them.
    """
    vectors = record.require_vectors()
    group = vectors.shared(head)
    return Inputs(vectors.query[head], vectors.key[group], vectors.value[group], float(vectors.scaling), causal)


def random_inputs(n: int, *, dim: int = 64, seed: int = 0, causal: bool = False) -> Inputs:
    """Random normal vectors (n, dim), scaled by 1/√dim: for measuring time and memory, which do not depend on the
    values.

    Raises:
        BadInput: n or dim below 1.
    """
    if n < 1 or dim < 1:
        raise BadInput(
            "A head needs at least one position and one dimension; {n} and {dim} were asked for.", n=n, dim=dim
        )
    generator = torch.Generator().manual_seed(seed)
    query, key, value = (torch.randn(n, dim, generator=generator) for _ in range(3))
    return Inputs(query, key, value, dim**-0.5, causal)
