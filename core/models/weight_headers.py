"""Headers of safetensors files: which tensors are in them, checked before any library opens the file.

A file is an 8-byte little-endian length, a JSON header of that length, then the numbers. A header may lie: about its
length, about shapes that the file does not hold, about places that overlap. Source: the format's README
(github.com/huggingface/safetensors). Not inside: reading numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .bounded_json import OutOfBounds, parse, read_json

MOST_HEADER_BYTES = 4_000_000  # a tensor takes about 100
MOST_SHARDS = 512
MOST_INDEX_BYTES = 4_000_000
MOST_DIMENSIONS = 8
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
_SHARD = re.compile(r"\w[\w.-]{0,150}\.safetensors", re.ASCII)
_BITS = {
    dtype: bits
    for bits, dtypes in (
        (64, "F64 I64 U64 C64"),
        (32, "F32 I32 U32"),
        (16, "F16 BF16 I16 U16"),
        (8, "I8 U8 BOOL F8_E4M3 F8_E5M2 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ"),
        (6, "F6_E2M3 F6_E3M2"),
        (4, "F4"),
    )
    for dtype in dtypes.split()
}


@dataclass(frozen=True)
class StoredTensor:
    """One tensor of a file: its type as the format spells it (F32, BF16 …) and its shape."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def numbers(self) -> int:
        return math.prod(self.shape)


def read_header(path: Path) -> dict[str, StoredTensor]:
    """The tensors of one file by name.

    Raises:
        OutOfBounds: a header that lies about the file, or is longer than is read. OSError: no such file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(MOST_HEADER_BYTES, size - 8):
            raise OutOfBounds(
                "its header says that it is {length} bytes long, in a file of {size}", length=length, size=size
            )
        header = parse(file.read(length))
    if not isinstance(header, dict):
        raise OutOfBounds("its header is not a table of tensors")
    header.pop("__metadata__", None)
    places = sorted(_place(name, entry, size - 8 - length) for name, entry in header.items())
    for (_, end), (start, _) in zip(places, places[1:], strict=False):
        if start < end:
            raise OutOfBounds("two of its tensors lie in the same place")
    return {name: StoredTensor(entry["dtype"], tuple(entry["shape"])) for name, entry in header.items()}


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The files that hold a folder's weights: one, or those that its index names; () where it has neither.

    Raises:
        OutOfBounds: an index that names too many files, or any that does not lie beside it.
    """
    if (folder / SINGLE).is_file():
        return (folder / SINGLE,)
    if not (folder / INDEX).is_file():
        return ()
    files = tuple(folder / name for name in shard_names(read_json(folder / INDEX, MOST_INDEX_BYTES)))
    missing = next((file.name for file in files if not file.is_file()), None)
    if missing is not None:
        raise OutOfBounds("it names the file “{file}”, which is not there", file=missing)
    return files


def shard_names(index: Any) -> tuple[str, ...]:
    """The files that an index names, sorted.

    Raises:
        OutOfBounds: no index, too many files, or a name that is more than a file's.
    """
    where = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(where, dict) or not all(isinstance(name, str) for name in where.values()):
        raise OutOfBounds("it does not say in which file each tensor lies")
    names = sorted(set(where.values()))
    if len(names) > MOST_SHARDS:
        raise OutOfBounds("it names {found} files, and at most {limit} are read", found=len(names), limit=MOST_SHARDS)
    strange = next((name for name in names if not _SHARD.fullmatch(name)), None)
    if strange is not None:
        raise OutOfBounds("it names “{file}”, which is not a *.safetensors file of the same folder", file=strange)
    return tuple(names)


def _place(name: str, entry: Any, room: int) -> tuple[int, int]:
    """(first byte, byte behind the last) of a tensor, in a file with ``room`` bytes of numbers."""
    if not isinstance(entry, Mapping):
        raise _lie(name)
    dtype: Any = entry.get("dtype")
    shape: Any = entry.get("shape")
    place: Any = entry.get("data_offsets")
    if not (isinstance(dtype, str) and dtype in _BITS and _counts(shape, MOST_DIMENSIONS) and _counts(place, 2)):
        raise _lie(name)
    if len(place) != 2 or not place[0] <= place[1] <= room:
        raise _lie(name)
    if math.prod(shape) * _BITS[dtype] != 8 * (place[1] - place[0]):
        raise _lie(name)
    return place[0], place[1]


def _counts(value: Any, most: int) -> bool:
    """Whether a value is a list of at most ``most`` whole numbers from 0, each below 2**48."""
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**48 for number in value)
    )


def _lie(name: str) -> OutOfBounds:
    return OutOfBounds("its header says of the tensor “{tensor}” what the file does not hold", tensor=name)
