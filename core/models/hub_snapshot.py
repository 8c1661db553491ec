"""A hub id becomes a local folder: what the repository says of its files is looked at before any is fetched.

The library would fetch whatever a name leads to, 140 GB if it is so. Here the sizes are asked for first; then come the
small files, which are checked like those of any folder, and the weights only after them. Files lie in the hub's own
cache (HF_HOME), so that a model is fetched once; without a connection, what is there is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..errors import BadFile, ModelNotFound, TooLong
from .bounded_json import OutOfBounds, read_json, unreadable
from .model_files import SETTINGS_FILES, most_bytes
from .sources import Source, hub_answers
from .weight_headers import INDEX, MOST_INDEX_BYTES, SINGLE, shard_names

TIMEOUT = 10  # seconds for the list of files
_TOKENIZER = re.compile(
    r"(tokenizer|vocab|merges|dict|tekken|spiece|sentencepiece|source|target|bpe|emoji|chat_template)[\w.-]*"
    r"|[\w.-]+\.(model|spm|tiktoken)"
)


def not_found(name: str, detail: object) -> ModelNotFound:
    """The error for a hub id that leads nowhere."""
    return ModelNotFound(
        "“{name}” was not found. Tried: the bundled models, a local folder, the local hub cache and the hub "
        "itself ({detail}). "
        "Check the spelling and the connection, or download the model and give its folder.",
        name=name,
        detail=detail,
    )


def no_weights(name: str, detail: object) -> BadFile:
    """The error for a model without safetensors."""
    return BadFile(
        "The folder of “{name}” has no usable *.safetensors weights, and Mirante opens no other "
        "format (pickled weights can run code). "
        "Save the model with save_pretrained(…). Found: {detail}",
        name=name,
        detail=detail,
    )


def fetch(source: Source, revision: str | None, limit: int, check_small: Callable[[Path], None]) -> Path:
    """The folder of the hub's cache with the model's files; its name is the commit.

    limit: bytes that the weights may have. check_small: called with the folder before the weights are fetched.

    Raises:
        ModelNotFound: no such repository, or none can be reached and it is not in the cache. BadFile: a file that is
        too large. TooLong: weights beyond the limit. What ``check_small`` raises.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError, RevisionNotFoundError

    if hub_answers():
        try:
            commit = HfApi().resolve_revision(source.name, revision=revision)
            info = HfApi().model_info(source.name, revision=commit, files_metadata=True, timeout=TIMEOUT)
        except (HFValidationError, RepositoryNotFoundError, RevisionNotFoundError) as error:
            raise not_found(source.name, _first_line(error)) from error
        except Exception:  # the hub answers badly: what is in the cache may do
            pass
        else:
            sizes = {file.rfilename: file.size or 0 for file in info.siblings or () if "/" not in file.rfilename}
            return _fetched(source.name, commit, sizes, limit, check_small)
    try:
        folder = Path(snapshot_download(source.name, revision=revision, local_files_only=True))
    except Exception as error:
        raise not_found(source.name, _first_line(error)) from error
    check_small(folder)
    return folder


def cache_of(folder: Path) -> Path:
    """The part of the cache that belongs to a snapshot's repository: links of its files stay inside."""
    return folder.parent.parent.resolve()


def _fetched(name: str, commit: str, sizes: dict[str, int], limit: int, check_small: Callable[[Path], None]) -> Path:
    """Both steps of ``fetch``; sizes: bytes by file, as the hub states them."""
    small = [file for file in sizes if file in SETTINGS_FILES or (_TOKENIZER.fullmatch(file) and most_bytes(file))]
    for file in small:
        if sizes[file] > (most := most_bytes(file) or 0):
            reason = OutOfBounds(
                "it has {found} MB, and at most {limit} MB are read",
                found=round(sizes[file] / 1e6, 1),
                limit=round(most / 1e6, 1),
            ).reason
            raise unreadable(name, file, reason)
    if "config.json" not in small:
        raise unreadable(
            name, "folder", OutOfBounds("it names the file “{file}”, which is not there", file="config.json").reason
        )
    if SINGLE in sizes:
        _check_size(name, sizes[SINGLE], limit)
    folder = _download(name, commit, small)
    check_small(folder)
    _download(name, commit, _weight_names(name, folder, sizes, limit))
    return folder


def _weight_names(name: str, folder: Path, sizes: dict[str, int], limit: int) -> list[str]:
    """The files of the weights, none of them fetched yet."""
    if SINGLE in sizes:
        return [SINGLE]
    if INDEX not in sizes:
        raise no_weights(name, ", ".join(sorted(sizes)))
    try:
        names = shard_names(read_json(folder / INDEX, MOST_INDEX_BYTES))
    except OutOfBounds as error:
        raise unreadable(name, INDEX, error.reason) from error
    _check_size(name, sum(sizes.get(file, 0) for file in names), limit)
    return list(names)


def _check_size(name: str, size: int, limit: int) -> None:
    if size > limit:
        raise TooLong(
            "The weights of “{name}” have {need} MB, and the limit is {limit} MB. Choose a smaller model; whoever runs "
            "Mirante can raise the limit (MIRANTE_MODEL_MB).",
            name=name,
            need=size // 1_000_000,
            limit=limit // 1_000_000,
        )


def _download(name: str, commit: str, files: list[str]) -> Path:
    from huggingface_hub import hf_hub_download

    try:
        paths = [Path(hf_hub_download(name, file, revision=commit)) for file in files]
    except Exception as error:
        raise not_found(name, _first_line(error)) from error
    return paths[0].parent


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
