"""Bringing a model of the hub into the local cache before it is loaded, so that nobody waits for another's download.

Fetched is what the loaders open: the small files beside the configuration, and the weights in safetensors, whole or as
the index names them. Pickled weights, other formats and subfolders stay where they are. What is fetched in another way
(a conversion to safetensors that the hub keeps beside the model) still comes while it is loaded. Not here: where a name
leads (sources.py).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from .sources import Source

SMALL = ["*.json", "*.txt", "*.model", "*.jinja"]
WHOLE, INDEX = "model.safetensors", "model.safetensors.index.json"
SUBFOLDERS = ["*/*"]
SHARD = re.compile(r"[\w.-]+\.safetensors")  # a name, and no pattern of names


def download(source: Source, revision: str | None) -> None:
    """Fetch a hub model's files into the library's cache; of what is there already only the version is asked.

    Raises:
        OSError, ValueError: what huggingface_hub raises (no such model, no connection, a login needed).
    """
    from huggingface_hub import snapshot_download

    folder = Path(
        snapshot_download(source.location, revision=revision, allow_patterns=SMALL, ignore_patterns=SUBFOLDERS)
    )
    weights = sorted({WHOLE, *_shards(folder / INDEX)})
    snapshot_download(source.location, revision=revision, allow_patterns=weights, ignore_patterns=SUBFOLDERS)


def _shards(index: Path) -> set[str]:
    """Files that an index names; none where there is no index, or one that cannot be read (the loader says so)."""
    try:
        names = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        return {name for name in names if SHARD.fullmatch(name)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return set()
