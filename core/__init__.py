"""Mirante's core: real transformers, captured; no user interface.

    from core import load, capture
    lm = load("mirante-encoder-pt")
    trace = capture(lm, "Ela derramou água da jarra para o copo até que ficasse cheio.")
    trace.attention(layer=2, head=1)        # (query, key) float32

The heavy imports (torch, transformers) happen at the first use of ``load`` or ``capture``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import BadFile, BadInput, MiranteError, ModelFailure, ModelNotFound, TooLong, UnsupportedModel
from .version import __version__

if TYPE_CHECKING:
    from .models.loading import LanguageModel, load
    from .models.random_twin import twin
    from .models.translating import translating
    from .tracing.captures import capture
    from .tracing.trace import Trace

__all__ = [
    "BadFile",
    "BadInput",
    "LanguageModel",
    "MiranteError",
    "ModelFailure",
    "ModelNotFound",
    "TooLong",
    "Trace",
    "UnsupportedModel",
    "__version__",
    "capture",
    "load",
    "translating",
    "twin",
]

_LAZY = {
    "LanguageModel": "models.loading",
    "Trace": "tracing.trace",
    "capture": "tracing.captures",
    "load": "models.loading",
    "translating": "models.translating",
    "twin": "models.random_twin",
}


def __getattr__(name: str):
    from importlib import import_module

    if name in _LAZY:
        return getattr(import_module(f".{_LAZY[name]}", __name__), name)
    if name == "files":  # core.files.read_upload is public without an import of its own
        return import_module(".files", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
