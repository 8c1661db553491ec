"""The boundary to code that is not ours: whatever a model's own code, or a library, raises becomes a `ModelFailure`.

    with boundary("load", name, Message("reading its configuration")): …    a part of a function
    @named_step(Message("the lens"))                                        an analysis that takes a model first

The message names the model, the step and what to do; the error itself is its ``__cause__``. Errors of ours pass as they
are, and so does whatever has an answer of its own elsewhere: no memory, what is no failure (KeyboardInterrupt,
Streamlit's own control flow), and what the caller's own ``progress`` raises, by which it stops the work. Boundaries may
lie inside each other: the innermost names the step, so that whoever catches a `MiranteError` there goes on with the
rest. tests/core/test_boundary.py finds analyses that lack one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, ParamSpec, TypeVar, cast

from .errors import Message, MiranteError, ModelFailure, is_failure

Phase = Literal["load", "capture", "analysis"]
P = ParamSpec("P")
R = TypeVar("R")

_OF_CALLER = "_of_caller"
"""Attribute of an exception that the caller raised in its ``progress``."""
WHAT_TO_DO: dict[Phase, str] = {
    "load": (
        "“{model}” could not be loaded: {step} failed ({error}). Its files may be incomplete, or made for another "
        "version of transformers. Fetch it again, or choose another model."
    ),
    "capture": (
        "“{model}” could not read this text: {step} failed ({error}). Try another sentence; where that fails too, "
        "choose another model."
    ),
    "analysis": (
        "“{model}” cannot be analysed in this way: {step} failed ({error}). Its maps are in Explore; for this analysis "
        "choose another model."
    ),
}
"""What a visitor reads when a step of each stage failed."""


@contextmanager
def boundary(stage: Phase, model: str, step: Message) -> Iterator[None]:
    """Whatever fails inside is a `ModelFailure` of ``model`` at ``step``.

    Raises:
        ModelFailure: from the error of somebody else's code. Errors of ours, and of memory, as they are.
    """
    try:
        yield
    except BaseException as error:
        if not is_foreign(error):
            raise
        raise ModelFailure(WHAT_TO_DO[stage], model=model, step=step, error=described(error)) from error


def named_step(step: Message, stage: Phase = "analysis") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function, or generator, whose first argument has a ``name``: it runs inside the boundary of that model."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def iterate(*args: P.args, **named: P.kwargs) -> Iterator[Any]:
                bound = _bound(signature, args, named)
                with boundary(stage, _name(args, named), step):
                    yield from function(*bound.args, **bound.kwargs)

            return cast("Callable[P, R]", iterate)

        @functools.wraps(function)
        def call(*args: P.args, **named: P.kwargs) -> R:
            bound = _bound(signature, args, named)
            with boundary(stage, _name(args, named), step):
                return function(*bound.args, **bound.kwargs)

        return call

    return decorate


def described(error: BaseException) -> str:
    """An error in one line: its class, and the first line of what it says, at most 300 characters."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__


def is_foreign(error: BaseException) -> bool:
    """Whether an error is a failure, and has no answer of its own."""
    if isinstance(error, MiranteError | MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return False
    return is_failure(error) and not getattr(error, _OF_CALLER, False)


def _bound(signature: inspect.Signature, args: tuple[Any, ...], named: dict[str, Any]) -> inspect.BoundArguments:
    """The arguments of a call, with the caller's ``progress`` marking what it raises as the caller's.

    Raises:
        TypeError: a wrong call: the caller's error, not the model's.
    """
    bound = signature.bind(*args, **named)
    if callable(progress := bound.arguments.get("progress")):
        bound.arguments["progress"] = _marking(progress)
    return bound


def _marking(progress: Callable[..., object]) -> Callable[..., None]:
    def tell(*args: Any, **named: Any) -> None:
        try:
            progress(*args, **named)
        except BaseException as error:
            setattr(error, _OF_CALLER, True)
            raise

    return tell


def _name(args: tuple[Any, ...], named: dict[str, Any]) -> str:
    first = args[0] if args else next(iter(named.values()), "")
    return str(getattr(first, "name", first))
