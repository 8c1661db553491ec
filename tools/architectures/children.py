"""Rows, each made in a process of its own: a crash, endless work or a memory that grows ends one row and no more.

The processes are forks of one that has imported everything (``forkserver``), so a row costs no imports."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from .checks import Outcome, Row

Sense = Literal["text", "vision"]
CPU_SECONDS, WALL_SECONDS = 120, 600  # of one row
MEMORY = 6 * 2**30  # bytes of one row, beyond files that are mapped


def rows(
    sense: Sense, names: Sequence[str], kept: Path, *, wall: int = WALL_SECONDS, memory: int = MEMORY
) -> Iterator[Row]:
    """The rows of some types, in order; those that lie in the folder ``kept`` are read, the others put there."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([f"{__package__}.checks"])
    kept.mkdir(parents=True, exist_ok=True)
    for name in names:
        file = kept / f"{sense} {name}.json"
        if not file.exists():
            row = _made(context, sense, name, wall, memory)
            part = file.with_suffix(".part")
            part.write_text(json.dumps(asdict(row), ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(file)
        yield _read(file)


def _read(file: Path) -> Row:
    stated = json.loads(file.read_text(encoding="utf-8"))
    outcomes = {key: Outcome(**outcome) for key, outcome in stated.pop("outcomes").items()}
    return Row(**stated, outcomes=outcomes)


def _made(context, sense: Sense, name: str, wall: int, memory: int) -> Row:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(sense, name, memory, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(wall) else _ended(name, f"it took more than {wall} s")
    except EOFError:
        process.join(10)
        return _ended(name, f"its process ended ({process.exitcode})")
    finally:
        process.kill()
        process.join()


def _ended(name: str, how: str) -> Row:
    return Row(name, outcomes={"maps": Outcome("crash", how)})


def _make(sense: Sense, name: str, memory: int, answer: Connection) -> None:
    import resource

    from transformers.utils import logging

    from . import checks

    logging.set_verbosity_error()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    answer.send(checks.text_row(name) if sense == "text" else checks.vision_row(name))
