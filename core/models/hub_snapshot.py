"""A hub id becomes a local folder: what the repository says of its files is looked at before any is fetched.

The library would fetch whatever a name leads to, 140 GB if it is so. Here the sizes are asked for first; then come the
small files, which are checked like those of any folder, and the weights only after them. Files lie in the hub's own
cache (HF_HOME), so that a model is fetched once; without a connection, what is there is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from ..errors import TooLong
from .bounded_json import OutOfBounds, read_json, unreadable
from .hub_listing import Listing, explain_refusal, not_found, read_listing
from .model_files import CONFIGURATION, SETTINGS_FILES, most_bytes
from .other_weights import no_safetensors
from .sources import Source, hub_answers
from .weight_headers import INDEX, MOST_INDEX_BYTES, SINGLE, shard_names

_TOKENIZER = re.compile(
    r"(tokenizer|vocab|merges|dict|tekken|spiece|sentencepiece|source|target|bpe|emoji|chat_template)[\w.-]*"
    r"|[\w.-]+\.(model|spm|tiktoken)"
)


def fetch(source: Source, revision: str | None, limit: int, check_small: Callable[[Path], None]) -> Path:
    """The folder of the hub's cache with the model's files; its name is the commit.

    limit: bytes that the weights may have. check_small: called with the folder before the weights are fetched.

    Raises:
        ModelNotFound: no such repository, or none can be reached and it is not in the cache. BadFile: a file that is
        too large. TooLong: weights beyond the limit. What ``check_small`` raises.
    """
    from huggingface_hub import snapshot_download

    if hub_answers():
        listing = _listed(source.name, revision)
        if listing is not None:
            return _fetched(source.name, listing, limit, check_small)
    try:
        folder = Path(snapshot_download(source.name, revision=revision, local_files_only=True))
    except Exception as error:
        raise not_found(source.name, _first_line(error)) from error
    check_small(folder)
    return folder


def cache_of(folder: Path) -> Path:
    """The part of the cache that belongs to a snapshot's repository: links of its files stay inside."""
    return folder.parent.parent.resolve()


def small_files(name: str, sizes: Mapping[str, int]) -> list[str]:
    """The configuration and the tokenizer among a repository's files.

    Raises:
        BadFile: one that is larger than is read, or no configuration.
    """
    small = [file for file in sizes if file in SETTINGS_FILES or (_TOKENIZER.fullmatch(file) and most_bytes(file))]
    for file in small:
        if sizes[file] > (most := most_bytes(file) or 0):
            reason = OutOfBounds(
                "it has {found} MB, and at most {limit} MB are read",
                found=round(sizes[file] / 1e6, 1),
                limit=round(most / 1e6, 1),
            ).reason
            raise unreadable(name, file, reason)
    if CONFIGURATION not in small:
        raise unreadable(
            name, "folder", OutOfBounds("it names the file “{file}”, which is not there", file=CONFIGURATION).reason
        )
    return small


def check_size(name: str, size: int, limit: int) -> None:
    """Raise TooLong where the weights of a repository have more bytes than the limit."""
    if size > limit:
        raise TooLong(
            "The weights of “{name}” have {need} MB, and the limit is {limit} MB. Choose a smaller model; whoever runs "
            "Mirante can raise the limit (MIRANTE_MODEL_MB).",
            name=name,
            need=size // 1_000_000,
            limit=limit // 1_000_000,
        )


def _listed(name: str, revision: str | None) -> Listing | None:
    """What the hub says; None where it answers badly: what is in the cache may do."""
    from huggingface_hub import HfApi

    try:
        listing = read_listing(name, revision)
        HfApi().resolve_revision(name, revision=revision)  # keeps which commit it was, for a time without a connection
    except Exception as error:
        refusal = explain_refusal(name, error, revision)
        if refusal is not None:
            raise refusal from error
        return None
    return listing


def _fetched(name: str, listing: Listing, limit: int, check_small: Callable[[Path], None]) -> Path:
    """Both steps of ``fetch``."""
    sizes = listing.sizes
    small = small_files(name, sizes)
    if SINGLE not in sizes and INDEX not in sizes:
        raise no_safetensors(name, sizes)
    if SINGLE in sizes:
        check_size(name, sizes[SINGLE], limit)
    folder = _download(name, listing.commit, small)
    check_small(folder)
    _download(name, listing.commit, _weight_names(name, folder, sizes, limit))
    return folder


def _weight_names(name: str, folder: Path, sizes: Mapping[str, int], limit: int) -> list[str]:
    """The files of the weights, none of them fetched yet."""
    if SINGLE in sizes:
        return [SINGLE]
    try:
        names = shard_names(read_json(folder / INDEX, MOST_INDEX_BYTES))
    except OutOfBounds as error:
        raise unreadable(name, INDEX, error.reason) from error
    check_size(name, sum(sizes.get(file, 0) for file in names), limit)
    return list(names)


def _download(name: str, commit: str, files: list[str]) -> Path:
    from huggingface_hub import hf_hub_download

    try:
        paths = [Path(hf_hub_download(name, file, revision=commit)) for file in files]
    except Exception as error:
        raise not_found(name, _first_line(error)) from error
    return paths[0].parent


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
