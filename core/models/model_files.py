"""The files of a stranger's model folder that a library may open: ordinary ones, inside the folder, not too large.

A file may be a link to somewhere else on the disk, a pipe that never ends, or a device; a folder may hold a million of
them. Whatever the library could open by itself is looked at, weights and texts. Not inside: what the files say.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from .bounded_json import OutOfBounds, check_bytes, check_values, count_marks, unreadable

MOST_ENTRIES = 5_000
CONFIGURATION_BYTES = 4_000_000  # ImageNet-21k names its labels twice in 2 MB
VOCABULARY_BYTES = 64_000_000  # Gemma 3 has 33 MB
TEMPLATE_BYTES = 1_000_000
MOST_ENTRIES_OF_VOCABULARY = 1_300_000  # keys and lists of a vocabulary file: Gemma 3 has 0.8, XLM-V 0.9 million
CONFIGURATION = "config.json"
PREPARATIONS = ("preprocessor_config.json", "processor_config.json")
"""Files in which a checkpoint says how pictures are prepared for it."""
TOKENIZER_CONFIGURATION = "tokenizer_config.json"
SETTINGS_FILES = (
    *(CONFIGURATION, TOKENIZER_CONFIGURATION, *PREPARATIONS, "generation_config.json", "special_tokens_map.json"),
    *("added_tokens.json", "chat_template.json", "adapter_config.json", "model.safetensors.index.json"),
)
"""Small tables that are read as a whole."""
TEMPLATES = "additional_chat_templates"
_VOCABULARY = re.compile(r".*\.(json|txt|model|spm|bpe|codes|tiktoken|vocab)")
_DISTRIBUTED = re.compile(r"shard-\d{5}-model-\d{5}-of-\d{5}\.safetensors")  # would be loaded in place of the weights


def check_files(folder: Path, name: str, *, root: Path | None) -> None:
    """Look at every file of ``folder`` that could be opened while the model called ``name`` is loaded.

    root: files must lie below it, links followed; None: wherever the links lead.

    Raises:
        BadFile: naming the file.
    """
    for path in _files(folder, name):
        try:
            _check_kind(path, root)
            _check_size(path)
        except OutOfBounds as error:
            raise unreadable(name, path.name, error.reason) from error
        except OSError as error:
            raise unreadable(name, path.name, error.strerror or type(error).__name__) from error


def most_bytes(file: str) -> int | None:
    """Largest size of a file that is read, in bytes; None for one that is not read as a text."""
    if file in SETTINGS_FILES:
        return CONFIGURATION_BYTES
    if file.endswith(".jinja"):
        return TEMPLATE_BYTES
    return VOCABULARY_BYTES if _VOCABULARY.fullmatch(file) else None


def file_names(folder: Path, name: str) -> list[str]:
    """The names of what lies in a folder, sorted, but of folders in it.

    Raises:
        BadFile: it holds more files than are looked at.
    """
    return [path.name for path in _files(folder, name) if path.parent == folder]


def _files(folder: Path, name: str) -> list[Path]:
    """What lies in the folder and in that of its templates, but folders."""
    files = []
    for place in (folder, folder / TEMPLATES):
        if not place.is_dir():
            continue
        with os.scandir(place) as entries:
            for number, entry in enumerate(entries):
                if number >= MOST_ENTRIES:
                    reason = OutOfBounds("it holds more than {limit} files", limit=MOST_ENTRIES).reason
                    raise unreadable(name, "folder", reason)
                if not entry.is_dir():
                    files.append(Path(entry.path))
    return sorted(files)


def _check_kind(path: Path, root: Path | None) -> None:
    if _DISTRIBUTED.fullmatch(path.name):
        raise OutOfBounds("it is part of a training run, not of a saved model")
    if most_bytes(path.name) is None and path.suffix != ".safetensors":
        return
    if not stat.S_ISREG(path.stat().st_mode):
        raise OutOfBounds("it is no ordinary file")
    if root is not None and not path.resolve().is_relative_to(root):
        raise OutOfBounds("it is a link to a file outside the models folder")


def _check_size(path: Path) -> None:
    most = most_bytes(path.name)
    if most is not None:
        check_bytes(path, most)
        if most == VOCABULARY_BYTES:
            marks = (b":", b"[") if path.suffix == ".json" else (b"\n",)
            check_values(count_marks(path, marks), MOST_ENTRIES_OF_VOCABULARY)
