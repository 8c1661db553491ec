"""How much memory the maps of a picture need where a model reports them itself, stated before it runs.

Through the seam a map is computed when somebody looks at it; outside it every map of every layer is made at once. The
limit is that of one capture of a text (core/tracing/memory.py).
"""

from __future__ import annotations

from transformers import PreTrainedConfig

from ..attention.families import size_of
from ..errors import TooLong
from ..tracing.memory import FLOAT_BYTES, limit_bytes


def check_map_memory(config: PreTrainedConfig, n: int) -> None:
    """Raise TooLong, with the estimate and the limit, when all maps of ``n`` positions would need more than it.

    Counted: every map as it is kept, and three of one layer while it is made.
    """
    layers, heads = size_of(config, "layers") or 1, size_of(config, "heads") or 1
    need, limit = FLOAT_BYTES * (layers + 3) * heads * n * n, limit_bytes()
    if need > limit:
        raise TooLong(
            "A picture makes {n} positions in {type}, which reports the maps of all {layers} layers at once: about "
            "{need} MB of memory, and the limit is {limit} MB (MIRANTE_MEMORY_MB). A model that reads smaller pictures "
            "can be shown.",
            n=n,
            type=config.model_type,
            layers=layers,
            need=need // 1_000_000,
            limit=limit // 1_000_000,
        )
