"""The output matrix of an attention layer, cut by heads: what a head's vector becomes in the residual stream.

A weight says how much is looked at, not how large what is fetched is: ‖A[i,j]·v_j·W_O^h‖ says both (Kobayashi et al.
2020). The matrix lies outside the seam, so it is found by the names of the families' modules
(core/attention/families.py) and taken only if its shape is that of all heads together."""

from __future__ import annotations

import numpy as np
from torch import nn
from transformers.pytorch_utils import Conv1D

from ..attention.families import output_of
from ..attention.record import AnyRecord, wide
from ..axes import Kind
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from ..models.loading import LanguageModel


@named_step(Message("the size of what a weight fetches"))
def output_matrix(lm: LanguageModel, layer: int, kind: Kind = "self") -> np.ndarray:
    """W_O of a layer by heads, (head, dim, model) float32.

    A head's vector (dim,) times its part gives its vector in the stream.

    Raises:
        UnsupportedModel: no module of a known name has the shape of the heads.
    """
    matrix = _matrix(output_module(lm, layer, kind))
    return matrix.reshape(lm.layout.heads[kind], -1, matrix.shape[1])  # (head·dim, model) → (head, dim, model)


def output_module(lm: LanguageModel, layer: int, kind: Kind = "self") -> nn.Linear | Conv1D:
    """The module that holds W_O of a layer; one module may serve several layers (ALBERT).

    Raises:
        UnsupportedModel: no module of a known name has the shape of the heads.
    """
    modules = [module for module, module_kind in lm.layout.kind_of.items() if module_kind == kind]
    attending = lm.layout.attending(kind)
    place = attending.index(layer) * len(modules) // len(attending) if layer in attending else None
    output = _module(lm.model, modules[place]) if modules and place is not None else None
    if output is None or _matrix(output).shape[0] % lm.layout.heads[kind]:
        raise UnsupportedModel(
            "Where “{name}” keeps the output matrix of its attention is not known, so the size of what a "
            "weight fetches cannot be told.",
            name=lm.name,
        )
    return output


def fetched(record: AnyRecord, matrix: np.ndarray, query: int, keys: list[int]) -> np.ndarray:
    """What each head brings from ``keys`` to position ``query``: (head, model) = Σ_j A[query, j]·v_j·W_O^h."""
    weights = record.rows([query])[:, 0, keys].numpy()  # (head, key)
    values = record.require_vectors().values()[:, keys].numpy()  # (head, key, dim)
    return np.einsum("hk,hkd,hdm->hm", weights, values, matrix)


def _module(model: nn.Module, attention: nn.Module) -> nn.Linear | Conv1D | None:
    return output_of(attention, _parent(model, attention))


def _matrix(module: nn.Linear | Conv1D) -> np.ndarray:
    """(head·dim, model)"""
    weight = module.weight.detach()
    weight = weight.to(device="cpu", dtype=wide(weight)).numpy()
    return weight if isinstance(module, Conv1D) else weight.T


def _parent(model: nn.Module, module: nn.Module) -> nn.Module | None:
    for name, candidate in model.named_modules():
        if candidate is module:
            return model.get_submodule(name.rpartition(".")[0])
    return None
