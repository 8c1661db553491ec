"""What the command line asks of the bench, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import BadInput
from .items import FOLDER, Item, bundled, read
from .probes import PROBES, Probe


def read_items(name: str, conditions: Sequence[str] | None) -> list[Item]:
    """Bundled items by name, or those of a JSON file; only the conditions that are asked for.

    Raises:
        BadInput: no such file, or a condition that it does not have. BadFile: no file of items.
    """
    path = Path(name)
    if (FOLDER / f"{name}.json").is_file():
        found = bundled(name)
    elif path.is_file():
        found = read(path.read_text(encoding="utf-8", errors="replace"))
    else:
        raise BadInput("“{name}” is neither containers, nor families, nor a file of items.", name=name)
    known = tuple(dict.fromkeys(item.condition for item in found))
    for one in conditions or ():
        if one not in known:
            raise BadInput("There is no condition “{name}” among these items; there are: {known}.", name=one, known=", ".join(known))
    return [item for item in found if not conditions or item.condition in conditions]


def read_probes(names: Sequence[str] | None) -> tuple[Probe, ...]:
    """The probes that are asked for, all of them when none is.

    Raises:
        BadInput: no such probe.
    """
    for one in names or ():
        if one not in PROBES:
            raise BadInput("There is no probe “{name}”; there are: {known}.", name=one, known=", ".join(PROBES))
    return tuple(probe for probe in PROBES if not names or probe in names)
