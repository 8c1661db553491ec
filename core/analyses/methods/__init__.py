"""The methods of the page Caminhos, one a file: which inputs does what stands at a position come from?

A file of this folder that binds METHOD (definition.Method) is a method: it is found here, and from METHODS the page,
Python, ``python -m core paths``, the table of docs/maths.md (``python -m tools.method_table``) and the study of
faithfulness take it. Not here: the mathematics that several methods share (contributions.py, rollout.py, relevance.py),
running them all on one text (input_attribution.py)."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from .definition import Evidence, Method

__all__ = ["METHODS", "Evidence", "Method"]


def _registered() -> dict[str, Method]:
    """key → method of every file of this folder, in the order in which they are shown."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    methods = [module.METHOD for module in modules if hasattr(module, "METHOD")]
    return {method.key: method for method in sorted(methods, key=lambda method: method.order)}


METHODS: dict[str, Method] = _registered()
