"""A person's own files: from bytes to sentences; every format, every fault with its line.

from core.files import read_upload
read_upload(data, "frases.csv").sentences        # what the page reads from the same file
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sentences import SentenceFile, read_pasted, read_upload
    from .tables import Options

__all__ = ["Options", "SentenceFile", "read_pasted", "read_upload"]

_LAZY = {"Options": "tables", "SentenceFile": "sentences", "read_pasted": "sentences", "read_upload": "sentences"}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _LAZY:
        return getattr(import_module(f".{_LAZY[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
