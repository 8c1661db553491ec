"""What the command line asks of the bench, read and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os.path import isfile  # false where pathlib raises: a name that is too long
from pathlib import Path

from ..coreference import winograd
from ..coreference.items import ITEMS_FOLDER, Item, bundled_items, parse_items
from ..coreference.pair_files import read_csv
from ..coreference.pair_rows import read_rows
from ..coreference.probes import PROBES, Probe
from ..errors import BadInput, Message
from ..files.local import local_bytes, local_text


def read_items(
    name: str, conditions: Sequence[str] | None, tell: Callable[[Message], object] | None = None
) -> list[Item]:
    """Bundled items by name, those of a JSON file, own pairs of a CSV, or the Winograd schemas of a JSONL; only the
    conditions that are asked for.

    tell: is handed what a person should know of the file.

    Raises:
        BadInput: no such file, or a condition that it does not have. BadFile: no file of items.
    """
    path = Path(name)
    items: Sequence[Item]
    if isfile(ITEMS_FOLDER / f"{name}.json"):
        items = bundled_items(name)
    elif path.suffix.lower() in (".csv", ".tsv") and isfile(path):
        items = _own_items(path)
    elif path.name.lower().endswith(winograd.ENDINGS) and isfile(path):
        items = _schemas(path, tell)
    elif isfile(path):
        items = parse_items(local_text(path))
    else:
        raise BadInput(
            "“{name}” is neither containers, families nor translations, nor a file of items (JSON, CSV of "
            "pairs, or JSONL of Winograd schemas).",
            name=name,
        )
    known = tuple(dict.fromkeys(item.condition for item in items))
    for unknown in conditions or ():
        if unknown not in known:
            raise BadInput(
                "There is no condition “{name}” among these items; there are: {known}.",
                name=unknown,
                known=", ".join(known),
            )
    return [item for item in items if not conditions or item.condition in conditions]


def _own_items(path: Path) -> list[Item]:
    """A person's own pairs; here a row with a fault stops, with its place."""
    items, faults = read_rows(read_csv(local_bytes(path), path.name))
    for fault in faults:
        raise BadInput(
            "Row {row}, “{column}”: {problem}", row=fault.row + 1, column=fault.column, problem=fault.message
        )
    return list(items)


def _schemas(path: Path, tell: Callable[[Message], object] | None) -> tuple[Item, ...]:
    """The Portuguese Winograd schemas that a person brought."""
    items, unused = winograd.read_schemas(path)
    if unused and tell is not None:
        tell(
            Message(
                "{name}: {n} of {all} lines were left out: a field is missing, or where a noun stands would "
                "be a guess.",
                name=path.name,
                n=unused,
                all=unused + len(items),
            )
        )
    return items


def read_probes(names: Sequence[str] | None) -> tuple[Probe, ...]:
    """The probes that are asked for, all of them when none is.

    Raises:
        BadInput: no such probe.
    """
    for name in names or ():
        if name not in PROBES:
            raise BadInput("There is no probe “{name}”; there are: {known}.", name=name, known=", ".join(PROBES))
    return tuple(probe for probe in PROBES if not names or probe in names)
