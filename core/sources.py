"""Where a model name leads: a bundled model, a local folder, or a hub id.

Bundled names come first, then folders, then the hub. With ``root`` (the web app always gives one) a folder
is accepted only below it, links resolved: a visitor cannot read the server's disk. Loading is in models.py.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .errors import BadInput, ModelNotFound

BUNDLED = Path(__file__).resolve().parent.parent / "assets" / "models"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?")


@dataclass(frozen=True)
class Source:
    """``place`` is what transformers loads from: a folder path or a hub id."""

    name: str
    place: str
    origin: Literal["bundled", "folder", "hub"]


def bundled() -> tuple[str, ...]:
    """Names of the models that come with Mirante, sorted; each is a folder of assets/models."""
    return tuple(sorted(p.parent.name for p in BUNDLED.glob("*/config.json") if any(p.parent.glob("*.safetensors"))))


def locate(name: str, root: str | os.PathLike | None = None) -> Source:
    """The source that ``name`` stands for.

    Raises:
        BadInput: not a possible name (empty, NUL, a path that leaves ``root``).
        ModelNotFound: written as a path, but there is no such folder.
    """
    name = str(name).strip()
    if not name or not name.isprintable():
        raise BadInput("A model name was expected: a bundled name ({bundled}), a hub id such as “user/model”, or a local folder.", bundled=_listed())
    if name in bundled():
        return Source(name, str(BUNDLED / name), "bundled")
    folder = _folder(name, root)
    if folder is not None:
        return Source(name, str(folder), "folder")
    if not HUB_ID.fullmatch(name) or ".." in name:
        raise ModelNotFound(
            "No model was found for “{name}”: it is not a bundled model ({bundled}), there is no such folder{below}, and it cannot be "
            "a hub id. Check the spelling; a local model is a folder with config.json, a tokenizer and *.safetensors.",
            name=name, bundled=_listed(), below=f" ({root})" if root else "",
        )
    return Source(name, name, "hub")


def default_root() -> Path:
    """Folder below which the web app accepts local models: ``MIRANTE_MODELS``, else ``models`` in the working folder."""
    return Path(os.environ.get("MIRANTE_MODELS", "models")).expanduser()


def _folder(name: str, root: str | os.PathLike | None) -> Path | None:
    """The existing folder that ``name`` denotes, or None. With ``root``, only below it."""
    if root is None:
        path = Path(name).expanduser()
        return path.resolve() if path.is_dir() else None
    base = Path(root).resolve()
    path = (base / name).resolve()
    if path.is_relative_to(base):
        return path if path.is_dir() and path != base else None
    raise BadInput("The folder “{name}” lies outside the models folder of this server ({root}). Copy the model there, or ask whoever runs the server.", name=name, root=str(root))


def _listed() -> str:
    return ", ".join(bundled()) or "—"
