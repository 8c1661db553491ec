"""What pydantic says of a lesson, as sentences of ours: which field, what it holds, what it may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..errors import Message, shortened
from .texts import LessonFault

Path = tuple[str | int, ...]
_SHOWN = 60  # characters of what a field holds


def faults_of(error: ValidationError) -> Iterator[tuple[Path, Message]]:
    """(where, what is wrong), of every fault once; a list is not called short for the items that have faults."""
    reported: set[tuple[Path, str]] = set()
    every = error.errors(include_url=False)
    for details in every:
        if details["type"] == "too_short" and any(_inside(details["loc"], other["loc"]) for other in every):
            continue
        path, reason = _sentence(details)
        if (path, str(reason)) not in reported:
            reported.add((path, str(reason)))
            yield path, reason


def _inside(path: Path, other: Path) -> bool:
    return len(other) > len(path) and other[: len(path)] == path


def _sentence(details: ErrorDetails) -> tuple[Path, Message]:
    path: Path = tuple(details["loc"])
    context: Mapping[str, Any] = details.get("ctx", {})
    fault = context.get("error")
    if isinstance(fault, LessonFault):
        return (*path, *fault.path), fault.message
    make = _SENTENCES.get(details["type"], _wrong)
    return path, make({"name": _name(path), "shown": _excerpt(details["input"]), **context})


def _name(path: Path) -> str:
    """The field as the file calls it."""
    return next((step for step in reversed(path) if isinstance(step, str)), "lesson")


def _excerpt(value: object) -> str:
    return shortened(str(value), _SHOWN) if not isinstance(value, dict | list) else "…"


def _missing(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” is missing here.", name=said["name"])


def _unknown(said: Mapping[str, Any]) -> Message:
    return Message("There is no field “{name}” here; look for a slip of the pen.", name=said["name"])


def _no_text(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” is a text; put {shown} in quotation marks.", name=said["name"], shown=said["shown"])


def _no_whole_number(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” is a whole number, not “{shown}”.", name=said["name"], shown=said["shown"])


def _no_number(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” is a number, not “{shown}”.", name=said["name"], shown=said["shown"])


def _no_truth(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” is true or false, not “{shown}”.", name=said["name"], shown=said["shown"])


def _no_list(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” is a list: one line for each, beginning with a dash.", name=said["name"])


def _no_mapping(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” has fields of its own, one a line, further to the right.", name=said["name"])


def _no_option(said: Mapping[str, Any]) -> Message:
    return Message(
        "“{name}” is one of these: {expected}; not “{shown}”.",
        name=said["name"],
        expected=str(said["expected"]).replace(" or ", ", "),
        shown=said["shown"],
    )


def _no_kind(said: Mapping[str, Any]) -> Message:
    return Message(
        "“{kind}: {tag}” is none that Mirante knows; there are {expected}.",
        kind=str(said["discriminator"]).strip("'"),
        tag=shortened(str(said["tag"]), _SHOWN),
        expected=str(said["expected_tags"]).replace("'", ""),
    )


def _nameless(said: Mapping[str, Any]) -> Message:
    return Message("“{kind}” is missing here: it says which one this is.", kind=str(said["discriminator"]).strip("'"))


def _too_small(said: Mapping[str, Any]) -> Message:
    least = next(said[key] for key in ("ge", "gt", "min_length") if key in said)
    return Message("“{name}” is too small or too short: {least} at least.", name=said["name"], least=least)


def _too_large(said: Mapping[str, Any]) -> Message:
    most = next(said[key] for key in ("le", "lt", "max_length") if key in said)
    return Message("“{name}” is too large or too long: {most} at most.", name=said["name"], most=most)


def _no_code(said: Mapping[str, Any]) -> Message:
    return Message(
        "“{name}” is made of small letters, digits and hyphens, 32 at most, not “{shown}”.",
        name=said["name"],
        shown=said["shown"],
    )


def _wrong(said: Mapping[str, Any]) -> Message:
    return Message("“{name}” cannot be “{shown}”.", name=said["name"], shown=said["shown"])


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], Message]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "string_type": _no_text,
    "int_type": _no_whole_number,
    "int_parsing": _no_whole_number,
    "int_from_float": _no_whole_number,
    "float_type": _no_number,
    "float_parsing": _no_number,
    "bool_type": _no_truth,
    "tuple_type": _no_list,
    "dict_type": _no_mapping,
    "model_type": _no_mapping,
    "model_attributes_type": _no_mapping,
    "literal_error": _no_option,
    "union_tag_invalid": _no_kind,
    "union_tag_not_found": _nameless,
    "too_short": _too_small,
    "string_too_short": _too_small,
    "greater_than": _too_small,
    "greater_than_equal": _too_small,
    "too_long": _too_large,
    "string_too_long": _too_large,
    "less_than": _too_large,
    "less_than_equal": _too_large,
    "string_pattern_mismatch": _no_code,
}
"""By the names of pydantic's faults (pydantic.dev/errors)."""
