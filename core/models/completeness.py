"""Whether a model that was just loaded or built is whole: all its numbers are there, and what is tied is one tensor.

transformers builds a model on the ``meta`` device, where tensors have a shape and no numbers, and ties its output to
its embeddings afterwards; a load that was disturbed leaves either undone without an error. Not here: which tensors the
checkpoint itself lacks (loading.py).
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain

from transformers import PreTrainedModel

from ..errors import Message, MiranteError


def require_whole(model: PreTrainedModel, name: str) -> None:
    """Nothing, for a model of which every tensor has numbers and every tie holds.

    Raises:
        MiranteError: a parameter or buffer on the meta device, or two tensors that should be one.
    """
    empty = [key for key, tensor in chain(model.named_parameters(), model.named_buffers()) if tensor.is_meta]
    if empty:
        raise _not_whole(
            name, Message("{count} tensors hold no numbers, the first is “{first}”", count=len(empty), first=empty[0])
        )
    for copy, original in sorted(ties(model).items()):
        if model.get_parameter_or_buffer(copy) is not model.get_parameter_or_buffer(original):
            raise _not_whole(name, Message("“{copy}” is not the same tensor as “{first}”", copy=copy, first=original))


def require_ties(model: PreTrainedModel, missing: Collection[str], name: str) -> None:
    """Nothing, unless all that is said to be missing are copies of tensors that are there.

    Such a checkpoint lacks nothing: the library did not tie what it should have tied.

    Raises:
        MiranteError: with the first of them.
    """
    if missing and set(missing) <= ties(model).keys():
        first = min(missing)
        raise _not_whole(
            name, Message("“{copy}” is not the same tensor as “{first}”", copy=first, first=ties(model)[first])
        )


def ties(model: PreTrainedModel) -> dict[str, str]:
    """Names of tensors that are another one, and of which: the output's weights, often, are the embeddings'."""
    return dict(getattr(model, "all_tied_weights_keys", None) or {})


def _not_whole(name: str, detail: Message) -> MiranteError:
    return MiranteError(
        "“{name}” was not loaded whole: {detail}. Nothing computed with it would be true. Load it again; if this comes "
        "back, start Mirante again.",
        name=name,
        detail=detail,
    )
