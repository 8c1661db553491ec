"""The untrained model: the architecture of a model, freshly initialised from a fixed seed.

It is the null of what the heads of a trained model show. Its public name is ``core.twin``. It is made when asked for
and never stored: same configuration, same tokenizer, weights from the library's own initialisation. What a chart
compares with it is decided where the chart is made.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import torch

from ..attention import seam
from ..boundary import named_step
from ..errors import Message, UnsupportedModel
from .completeness import require_whole
from .loading import LanguageModel
from .locks import LOADING
from .verify import verify


@named_step(Message("building its random twin"))
def twin(lm: LanguageModel, seed: int = 0) -> LanguageModel:
    """The untrained model of the same architecture: ``lm`` with random weights; ``lm`` stays as it is.

    The same ``seed`` gives the same weights: the lock leaves torch's one global generator to this model alone. Its name
    says so, and with it the provenance of every trace: ``mirante-encoder-pt (random, seed 0)``.

    Raises:
        UnsupportedModel: its attention cannot be seen as the model's can. MiranteError: it was not built whole.
    """
    with LOADING:
        return _twin(lm, seed)


def _twin(lm: LanguageModel, seed: int) -> LanguageModel:
    implementation = "eager" if lm.layout.adapter == "outside" else seam.IMPLEMENTATION
    config = copy.deepcopy(lm.model.config)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        untrained = type(lm.model)._from_config(config, attn_implementation=implementation)
    model = untrained.to(device=lm.device, dtype=lm.dtype).eval().requires_grad_(False)
    require_whole(model, lm.name)
    layout = verify(model, lm.tokenizer, through_seam=implementation == seam.IMPLEMENTATION)
    if layout is None:
        raise UnsupportedModel("The random twin of “{name}” lets nobody see its attention.", name=lm.name)
    return replace(lm, layout=layout, name=f"{lm.name} (random, seed {seed})", model=model, revision=f"random-{seed}")
