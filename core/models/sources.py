"""Where a model name leads: a bundled model, a local folder, or a hub id.

Bundled names come first, then folders (as written, then below the models folder), then the hub. With ``root`` (the web
app always gives one) a folder is accepted only below it, links resolved: a visitor cannot read the server's disk. What
begins with a dot there is no model: a fetch that is not finished lies in ``.fetching``. Whether the hub answers is
asked once, quickly: left alone, its client retries an unreachable network for 40 s. Loading is in loading.py.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from ..assets import ASSETS
from ..errors import BadInput, ModelNotFound
from .bounded_json import OutOfBounds, read_json
from .model_files import CONFIGURATION_BYTES

BUNDLED = ASSETS / "models"
MOST_HASHED = 200_000_000  # bytes: about 0.2 s
LONGEST_MODEL_NAME = 1000  # characters: a hub id has at most 193, the rest is for paths
MOST_LOCAL, MOST_LOOKED_AT = 50, 1000  # models that are offered (5 ms of each run), entries of a folder looked at
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?")

_HUB_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})"
    r"(?:\.git)?(?:/(?:tree|blob|resolve)/main(?:/\S*)?)?/?(?:[?#]\S*)?"
)


@dataclass(frozen=True)
class Source:
    """``place`` is what transformers loads from: a folder path or a hub id."""

    name: str
    location: str
    origin: Literal["bundled", "folder", "hub"]


def shipped_names() -> tuple[str, ...]:
    """Names of everything trained that comes with Mirante, sorted; each is a folder of assets/models."""
    return tuple(sorted(p.parent.name for p in BUNDLED.glob("*/config.json") if any(p.parent.glob("*.safetensors"))))


def bundled_names() -> tuple[str, ...]:
    """Those that read text as transformers do, with the library's tokenizer: what the model picker offers.

    What reads pictures, and the classifier, have pages of their own.
    """
    return tuple(name for name in shipped_names() if (BUNDLED / name / "tokenizer.json").exists())


def _id_of_address(name: str) -> str:
    """The id in the hub's address of a model, as it is copied from a browser, or with a slash at its end; else the
    name as it is. An address of another branch than the main one keeps its form: the id alone would be another model.
    """
    address = _HUB_ADDRESS.fullmatch(name)
    if address is not None:
        return address.group(1)
    return name[:-1] if name.endswith("/") and HUB_ID.fullmatch(name[:-1]) and not Path(name).is_dir() else name


def locate(name: str, root: str | os.PathLike | None = None) -> Source:
    """The source that ``name`` stands for.

    Raises:
        BadInput: not a possible name (empty, NUL, too long, a path that leaves ``root``).
        ModelNotFound: written as a path, but there is no such folder.
    """
    name = _id_of_address(str(name).strip())
    if not name or not name.isprintable():
        raise BadInput(
            "A model name was expected: a bundled name ({bundled}), a hub id such as “user/model”, or a local folder.",
            bundled=_listed(),
        )
    if len(name) > LONGEST_MODEL_NAME:
        raise BadInput(
            "The name of a model has at most {limit} characters, and this one has {n}: “{name}”. Choose a model in the "
            "bar on top, or type a shorter name.",
            limit=LONGEST_MODEL_NAME,
            n=len(name),
            name=name,
        )
    if name in shipped_names():
        return Source(name, str(BUNDLED / name), "bundled")
    folder = _folder(name, root) or (_folder(name, default_root(), only=True) if root is None else None)
    if folder is not None:
        return Source(name, str(folder), "folder")
    if not HUB_ID.fullmatch(name) or ".." in name:
        raise ModelNotFound(
            "No model was found for “{name}”: it is not a bundled model ({bundled}), there is no such "
            "folder{below}, and it cannot be "
            "a hub id. Check the spelling; a local model is a folder with config.json, a tokenizer and *.safetensors.",
            name=name,
            bundled=_listed(),
            below=f" ({root})" if root else "",
        )
    return Source(name, name, "hub")


def fingerprint(source: Source) -> str:
    """First 12 hex digits of the SHA-256 of a local model's weights; its origin where they are too large to hash."""
    if source.origin == "hub":
        return source.origin
    files = sorted(Path(source.location).glob("*.safetensors"))
    if sum(file.stat().st_size for file in files) > MOST_HASHED:
        return source.origin
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            while block := opened.read(2**20):
                digest.update(block)
    return digest.hexdigest()[:12]


def hub_answers(timeout: float = 3.0) -> bool:
    """Whether the hub can be reached (seconds to wait). Behind a proxy the library decides for itself."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        return True
    address = urlsplit(constants.ENDPOINT)
    try:
        socket.create_connection((address.hostname, address.port or 443), timeout=timeout).close()
    except OSError:
        return False
    return True


def default_root() -> Path:
    """Folder below which the web app accepts local models: ``MIRANTE_MODELS``, else ``models`` where it runs."""
    return Path(os.environ.get("MIRANTE_MODELS", "models")).expanduser()


def _folder(name: str, root: str | os.PathLike | None, *, only: bool = False) -> Path | None:
    """The existing folder that ``name`` denotes, or None. With ``root``, only below it; ``only``: else None too."""
    try:
        base = Path(root).resolve() if root is not None else None
        path = (base / name if base is not None else Path(name).expanduser()).resolve()
        is_folder = path.is_dir()
    except (OSError, RuntimeError):  # a name that the disk does not allow, links in a circle, a home that is not there
        return None
    if base is None:
        return path if is_folder else None
    if path.is_relative_to(base):
        hidden = any(part.startswith(".") for part in path.relative_to(base).parts)
        return path if is_folder and path != base and not hidden else None
    if only:
        return None
    raise BadInput(
        "The folder “{name}” lies outside the models folder of this server ({root}). Copy the model there, "
        "or ask whoever runs the server.",
        name=name,
        root=str(root),
    )


def local_names(kind: Literal["text", "vision"] | None = None) -> tuple[str, ...]:
    """Names of the models that lie in the models folder (``default_root``), sorted: folders of it, or of one of its
    folders, with a configuration and safetensors; at most ``MOST_LOCAL``. kind: only those that read text, or pictures.

    What cannot be loaded is said when it is chosen.
    """
    base = default_root()
    names = []
    for folder in _folders(base):
        inner = [folder] if (folder / "config.json").is_file() else _folders(folder)
        names += [path.relative_to(base).as_posix() for path in inner if _is_whole(path) and _reads(kind, path)]
        if len(names) >= MOST_LOCAL:
            break
    shipped = set(shipped_names())
    return tuple(name for name in sorted(names)[:MOST_LOCAL] if name not in shipped)


def _folders(base: Path) -> list[Path]:
    """Folders in a folder, hidden ones left out; [] where it cannot be read."""
    try:
        with os.scandir(base) as entries:
            return [Path(entry) for entry in islice(entries, MOST_LOOKED_AT) if entry.name[0] != "." and entry.is_dir()]
    except OSError:
        return []


def _is_whole(folder: Path) -> bool:
    weights = ("model.safetensors", "model.safetensors.index.json")
    return (folder / "config.json").is_file() and any((folder / name).is_file() for name in weights)


def _reads(kind: Literal["text", "vision"] | None, folder: Path) -> bool:
    if kind is None:
        return True
    facts = (folder / "config.json").stat()
    return _reads_pictures(folder / "config.json", facts.st_size, facts.st_mtime_ns) == (kind == "vision")


@lru_cache(maxsize=1024)
def _reads_pictures(config: Path, size: int, changed: int) -> bool:
    """Whether a configuration speaks of patches; remembered for the file as it is."""
    try:
        settings = read_json(config, CONFIGURATION_BYTES)
    except (OutOfBounds, OSError):
        return False
    return isinstance(settings, dict) and "patch_size" in settings


def _listed() -> str:
    return ", ".join(bundled_names()) or "—"
