"""A stranger's tokenizer is opened in another process first (tokenizer_worker.py), with limits of time and memory.

The library that reads tokenizers can hang, panic or take all memory on a file made for it, and a thread cannot be
stopped. Cost: a tenth of a second and what the file itself takes, once per file. Not inside: bundled models, which skip
this.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path

from ..errors import Message, MiranteError
from .bounded_json import unreadable

TRIAL_SECONDS = 0.7  # of processor time, for a small file
TRIAL_SECONDS_PER_MB = 0.4  # three times what 250,000 scored pieces (10 MB) take
TRIAL_WAIT = 12  # times that, by the clock: the machine may be busy
TRIAL_BYTES = 1_000_000_000  # bytes of addresses, for a small file
TRIAL_BYTES_PER_BYTE = 24
TRIALS_AT_ONCE = 2
_WORKER = Path(__file__).with_name("tokenizer_worker.py")
_OUT_OF_TIME = getattr(signal, "SIGPROF", 0)
_places = threading.BoundedSemaphore(TRIALS_AT_ONCE)


def try_tokenizer(folder: Path, name: str) -> None:
    """Open the tokenizer in ``folder`` as a trial; ``name`` is the model's.

    Raises:
        BadFile: it cannot be read within the limits. MiranteError: the machine is too busy to try.
    """
    files = [path for path in folder.iterdir() if path.name == "tokenizer.json" or path.suffix in (".model", ".spm")]
    if not files:
        return
    state = tuple(sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files))
    problem = _problem(folder, state)
    if problem is not None:
        part = "tokenizer.json" if (folder / "tokenizer.json").is_file() else "tokenizer"
        raise unreadable(name, part, problem)


@lru_cache(maxsize=256)
def _problem(folder: Path, state: tuple[tuple[str, int, int], ...]) -> Message | str | None:
    """What is wrong; remembered for the files as they are."""
    size = sum(part[1] for part in state)
    seconds = TRIAL_SECONDS + TRIAL_SECONDS_PER_MB * size / 1e6
    memory = TRIAL_BYTES + TRIAL_BYTES_PER_BYTE * size
    with _places:
        status, output = _run(folder, seconds, memory)
    if status == -_OUT_OF_TIME:
        return Message("reading it takes longer than {limit} s", limit=round(seconds, 1))
    try:
        problem = json.loads(output).get("problem")
    except ValueError:
        problem = "memory"  # the process was ended before it could say anything
    if problem == "memory":
        return Message("reading it takes more memory than {limit} MB", limit=memory // 1_000_000)
    if problem == "numbers":
        return Message("the numbers of its tokens leave gaps that are too large")
    if problem == "grows":
        return Message("it makes long texts of single characters")
    return problem


def _run(folder: Path, seconds: float, memory: int) -> tuple[int, bytes]:
    """(exit status, output) of the worker, which knows nothing of our environment but its machine's paths."""
    environment = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if key in os.environ}
    environment |= {"TOKENIZERS_PARALLELISM": "false", "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    command = [sys.executable, "-I", str(_WORKER), str(folder), str(seconds), str(memory)]
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=TRIAL_WAIT * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise MiranteError("The server is too busy to open this model now. Try again in a moment.") from error
    return result.returncode, result.stdout[:4096]
