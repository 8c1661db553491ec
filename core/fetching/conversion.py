"""Pickled weights become safetensors, in a process of its own that runs no code and has limits (pickle_worker.py).

The files of a folder are converted one after the other, so that memory follows from the largest of them. What the
weights say stays bit for bit what it was. Not inside: whether the model then loads (bringing.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import BadFile, MiranteError, TooLong
from ..models.bounded_json import OutOfBounds, read_json, unreadable
from ..models.other_weights import PICKLED, PICKLED_INDEX, PICKLED_SHARD
from ..models.weight_headers import INDEX, MOST_INDEX_BYTES, MOST_SHARDS, SINGLE

CONVERSION_SECONDS = 20  # of processor time, for a small file
CONVERSION_SECONDS_PER_GB = 60
CONVERSION_WAIT = 10  # times that, by the clock: the machine may be busy
GROWTH = 1.5  # bytes that may come from one of the file: several names of one tensor are written one by one
SPARE_GROWTH = 1_000_000  # bytes beyond that
_WORKER = Path(__file__).with_name("pickle_worker.py")


def pickled_files(folder: Path, name: str) -> tuple[Path, ...]:
    """The files of a folder's pickled weights: one, or those that their index names; () where it has none.

    Raises:
        BadFile: an index that cannot be read, or names what is not beside it.
    """
    if (folder / PICKLED).is_file():
        return (folder / PICKLED,)
    if not (folder / PICKLED_INDEX).is_file():
        return ()
    try:
        files = tuple(folder / file for file in pickled_shards(read_json(folder / PICKLED_INDEX, MOST_INDEX_BYTES)))
        missing = next((file.name for file in files if not file.is_file()), None)
        if missing is not None:
            raise OutOfBounds("it names the file “{file}”, which is not there", file=missing)
    except OutOfBounds as error:
        raise unreadable(name, PICKLED_INDEX, error.reason) from error
    return files


def pickled_shards(index: Any) -> tuple[str, ...]:
    """The files that an index of pickled weights names, sorted.

    Raises:
        OutOfBounds: no index, too many files, or a name that is no pickled file's.
    """
    where = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(where, dict) or not all(isinstance(name, str) for name in where.values()):
        raise OutOfBounds("it does not say in which file each tensor lies")
    names = sorted(set(where.values()))
    if len(names) > MOST_SHARDS:
        raise OutOfBounds("it names {found} files, and at most {limit} are read", found=len(names), limit=MOST_SHARDS)
    strange = next((name for name in names if not PICKLED_SHARD.fullmatch(name)), None)
    if strange is not None:
        raise OutOfBounds("it names “{file}”, which is not a file of pickled weights beside it", file=strange)
    return tuple(names)


def convert(files: Sequence[Path], out: Path, name: str, tell: Callable[[Path], None] | None = None) -> list[str]:
    """Write safetensors for these pickled files of the model called ``name`` into the folder ``out``; their names.

    One file becomes model.safetensors; several become as many, and an index, which comes last. tell: called with each
    file before it is opened.

    Raises:
        BadFile: a pickle that asks for code, or holds anything but tensors by name. TooLong: it takes more time or
        memory than its size explains. MiranteError: the process could not be started or had to wait too long.
    """
    names = [SINGLE] if len(files) == 1 else [_shard_name(number, len(files)) for number in range(len(files))]
    where: dict[str, str] = {}
    total = 0
    for file, written in zip(files, names, strict=True):
        if tell is not None:
            tell(file)
        tensors = _convert_file(file, out / written, name)
        repeated = next((tensor for tensor in tensors if tensor in where), None)
        if repeated is not None:
            reason = OutOfBounds("the tensor “{tensor}” stands in several files", tensor=repeated).reason
            raise unreadable(name, file.name, reason)
        where |= dict.fromkeys(tensors, written)
        total += sum(tensors.values())
    if len(files) > 1:
        index = {"metadata": {"total_size": total}, "weight_map": where}
        (out / INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
        names.append(INDEX)
    return names


def _shard_name(number: int, count: int) -> str:
    return f"model-{number + 1:05d}-of-{count:05d}.safetensors"


def _convert_file(file: Path, out: Path, name: str) -> Mapping[str, int]:
    """Bytes by tensor; ``out`` appears when it is whole."""
    size = file.stat().st_size
    most, seconds = int(GROWTH * size) + SPARE_GROWTH, CONVERSION_SECONDS + int(CONVERSION_SECONDS_PER_GB * size / 1e9)
    unfinished = out.with_name(out.name + ".part")
    try:
        status, answer = _run_worker(file, unfinished, seconds, most)
        if "tensors" not in answer:
            raise _refusal(name, file, status, answer, seconds, most)
        os.replace(unfinished, out)
    finally:
        unfinished.unlink(missing_ok=True)
    return answer["tensors"]


def _run_worker(file: Path, out: Path, seconds: int, most: int) -> tuple[int, dict[str, Any]]:
    """(exit status, answer) of the worker, which knows nothing of our environment but its machine's paths."""
    environment = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if key in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    command = [sys.executable, "-I", str(_WORKER), str(file.resolve()), str(out.resolve()), str(seconds), str(most)]
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=CONVERSION_WAIT * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise MiranteError(
            "The machine is too busy to convert “{file}” now. Try again later.", file=file.name
        ) from error
    try:
        answer = json.loads(result.stdout)
    except ValueError:
        answer = {}  # the process was ended before it could say anything
    return result.returncode, answer if isinstance(answer, dict) else {}


def _refusal(name: str, file: Path, status: int, answer: Mapping[str, Any], seconds: int, most: int) -> MiranteError:
    """Why a file was not converted. status: of the process; below 0, the signal that ended it."""
    problem, detail = answer.get("problem"), answer.get("detail")
    if problem == "code":
        return BadFile(
            "“{file}” of “{name}” asks for “{detail}” to be run when it is opened, and is refused: weights need no "
            "code. Nothing was run.",
            file=file.name,
            name=name,
            detail=detail,
        )
    if problem == "grows":
        return TooLong(
            "“{file}” of “{name}” holds {found} MB of numbers in {size} MB, and at most {limit} MB are written.",
            file=file.name,
            name=name,
            found=detail,
            size=round(file.stat().st_size / 1e6, 1),
            limit=most // 1_000_000,
        )
    if problem == "table":
        return unreadable(
            name, file.name, OutOfBounds("it is no table of tensors by name ({kind})", kind=detail).reason
        )
    if problem == "tensor":
        reason = OutOfBounds("“{tensor}” is not a plain tensor of numbers", tensor=detail).reason
        return unreadable(name, file.name, reason)
    if problem == "unreadable":
        return unreadable(name, file.name, detail)
    return TooLong(
        "Opening “{file}” of “{name}” takes more than its size explains: over {seconds} s of processor time or "
        "{limit} MB of memory. It is refused (exit status {status}).",
        file=file.name,
        name=name,
        seconds=seconds,
        limit=3 * most // 1_000_000 + 400,
        status=status,
    )
