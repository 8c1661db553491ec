"""What reading a file costs: seconds of the processor and the growth of the process at its highest, in a process of its
own that has read a small file of the kind before. ``python -m tests.hostile.meter READER FOLDER`` writes one JSON line
per file."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import MiranteError

SECONDS, MEGABYTES = 1.0, 50.0
"""What a file may cost at most."""


def lists(data: bytes, name: str) -> object:
    from core.files import read_upload

    return read_upload(data, name)


def treebanks(data: bytes, name: str) -> object:
    from core.studies.conllu import read_conllu
    from ui.pages.roles.treebank import MAX_WORDS_READ, TREEBANK_BYTES

    return read_conllu(data, name=name, most_words=MAX_WORDS_READ, most_bytes=TREEBANK_BYTES)


def pairs(data: bytes, name: str) -> object:
    from core.coreference.pair_files import read_csv
    from core.coreference.pair_rows import read_rows

    return read_rows(read_csv(data, name))


def schemas(data: bytes, name: str) -> object:
    from core.coreference.winograd import read_schemas

    path = Path(name)
    return read_schemas(path.rename(path.with_suffix(".jsonl.gz")) if data[:2] == b"\x1f\x8b" else path)


def items(data: bytes, name: str) -> object:
    from core.coreference.items import parse_items

    return parse_items(data.decode("utf-8", "replace"))


def links(data: bytes, name: str) -> object:
    from core.coreference.pair_files import unpack_rows

    return unpack_rows(data.decode("utf-8"))


def pictures(data: bytes, name: str) -> object:
    from core.vision.images import read_picture

    return read_picture(data, name)


READERS: dict[str, Callable[[bytes, str], object]] = {
    read.__name__: read for read in (lists, treebanks, pairs, schemas, items, links, pictures)
}
"""Every reader of a stranger's file, with the limits that the pages set."""


def memory(field: str) -> int:
    """kB of VmRSS, or of VmHWM: the highest since it was last reset."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise ValueError(field)


def cost(read: Callable[[], object]) -> tuple[float, float, str]:
    """(seconds, MB, what came out: a refusal's message, "read", or the name of an error that is none of ours)."""
    Path("/proc/self/clear_refs").write_text("5")  # the highest is now
    before, start = memory("VmRSS"), time.process_time()
    try:
        outcome, result = "read", read()
    except MiranteError as error:
        outcome, result = str(error)[:300], None
    except BaseException as error:
        outcome, result = f"!{type(error).__name__}: {error}"[:300], None
    seconds = time.process_time() - start
    del result
    return seconds, (memory("VmHWM") - before) / 1000, outcome


def main(reader: str, folder: str) -> None:
    read = READERS[reader]
    with suppress(MiranteError):
        read(b"a", os.devnull)  # imports are not the file's cost
    gc.collect()
    gc.freeze()  # as the server does once its models are there
    for path in sorted(Path(folder).iterdir()):
        data = path.read_bytes()
        seconds, megabytes, outcome = cost(lambda data=data, path=path: read(data, str(path)))
        print(json.dumps({"file": path.name, "seconds": seconds, "mb": megabytes, "outcome": outcome}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
