"""How the methods of the pages Caminhos and Fidelidade are called, what each says in one line, and what misleads in it.

The texts stand in the file of each method (core/analyses/methods); here they are put into the visitor's language."""

from __future__ import annotations

from core.analyses.methods import METHODS

from ..shell.locale import error_text, t


def method_names() -> dict[str, str]:
    """key → short name, in the order of the page."""
    return {key: t(method.title.template) for key, method in METHODS.items()}


def method_summary(method: str) -> str:
    """What the method adds up."""
    return t(METHODS[method].summary.template)


def method_caution(method: str, *, causal: bool, layers: int) -> str | None:
    """What misleads in this method on such a model; None where nothing is known to."""
    caution = METHODS[method].caution(causal, layers)
    return None if caution is None else error_text(caution)
