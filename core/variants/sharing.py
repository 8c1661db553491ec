"""Multi-query and grouped-query attention: H query heads share G key/value heads (Shazeer 2019; Ainslie et al. 2023).

The shared keys and values are the means of those of their group, which is how the second paper starts from a trained
multi-head model; it then trains on for a while, which is not done here. G = H is the model itself, G = 1 is MQA. What
it saves is not work on a whole text but memory: the cache of a model that writes holds G heads of keys and values
instead of H, and every step reads all of it."""

from __future__ import annotations

import torch
from torch import Tensor

from ..attention.record import AnyRecord
from ..errors import BadInput
from .inputs import Inputs


def options(heads: int) -> tuple[int, ...]:
    """The numbers of groups that divide the heads evenly, from 1 (MQA) to all."""
    return tuple(groups for groups in range(1, heads + 1) if heads % groups == 0)


def pooled(shared: Tensor, groups: int) -> Tensor:
    """(H, K, D) keys or values → (groups, K, D), the mean of each group of neighbouring heads.

    Raises:
        BadInput: the heads cannot be divided so.
    """
    heads = shared.shape[0]
    if groups not in options(heads):
        raise BadInput(
            "{heads} heads cannot share {groups} groups of keys and values evenly; possible are {options}.",
            heads=heads,
            groups=groups,
            options=", ".join(map(str, options(heads))),
        )
    return shared.unflatten(0, (groups, heads // groups)).mean(1)


def shared_inputs(record: AnyRecord, head: int, groups: int, *, causal: bool) -> Inputs:
    """One query head with the keys and values that its group would share.

    Raises:
        BadInput, UnsupportedModel: as of `pooled` and of the record.
    """
    vectors = record.require_vectors()
    key, value = pooled(vectors.keys(), groups), pooled(vectors.values(), groups)
    group = head * groups // vectors.heads
    return Inputs(vectors.query[head], key[group], value[group], float(vectors.scaling), causal)


def step(query: Tensor, key: Tensor, value: Tensor, scaling: float) -> Tensor:
    """One step of writing, (H, D′): query (H, D) of the newest token against the cached key (G, K, D) and value (G, K,
    D′), none of them copied.
    """
    groups = len(key)
    grouped = query.unflatten(0, (groups, -1))  # (H, D) → (G, H/G, D)
    weights = torch.matmul(grouped, key.transpose(1, 2)).mul_(scaling).softmax(-1)  # (G, H/G, K)
    return (weights @ value).flatten(0, 1)
