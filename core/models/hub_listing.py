"""What the hub says of a repository: commit, licence, and the files at its root with size and digest.

One request, whose answer is bounded in bytes, values and seconds before it is parsed: a repository may hold millions of
files, and a server may send without end. Names that are no plain file name (``../x``, ``a/b``) are left out. Not
inside: fetching a file (hub_snapshot.py into the hub's cache, core/fetching into the models folder).
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..errors import BadFile, MiranteError, ModelNotFound
from .bounded_json import OutOfBounds, parse, unreadable
from .hub_answer import hub_answer

ANSWER_SECONDS = 10  # for any one piece of an answer
LISTING_SECONDS = 30  # for all of it
MOST_LISTING_BYTES = 16_000_000
_FILE = re.compile(r"\w[\w.-]{0,150}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGESTS = {"sha256": re.compile(r"[0-9a-f]{64}"), "git": re.compile(r"[0-9a-f]{40}")}
MOST_LICENCE = 60  # characters


@dataclass(frozen=True)
class HubFile:
    """size: bytes, as the hub states them. digest: ("sha256", …) of the file, or ("git", …), the SHA-1 of the file as
    git stores it; None where the hub gives neither."""

    size: int
    digest: tuple[str, str] | None


@dataclass(frozen=True)
class Listing:
    """A repository at one commit. files: by name, those at its root. licence: as its card names it; None: it does not.

    gated: files come only to those who accepted terms.
    """

    commit: str
    files: Mapping[str, HubFile]
    licence: str | None
    gated: bool

    @property
    def sizes(self) -> dict[str, int]:
        return {name: file.size for name, file in self.files.items()}


def read_listing(name: str, revision: str | None = None) -> Listing:
    """Ask the hub for a repository.

    Raises:
        MiranteError: an answer beyond the bounds, or none that can be read; what ``explain_refusal`` gives for a
        repository that is not there or not open to us. Exception: the library's own, where the hub cannot be reached or
        answers badly.
    """
    from huggingface_hub import constants
    from huggingface_hub.utils import (  # type: ignore[attr-defined]
        build_hf_headers,
        hf_raise_for_status,
        validate_repo_id,
    )

    validate_repo_id(name)
    address = (
        f"{constants.ENDPOINT}/api/models/{name}/revision/{quote(revision or constants.DEFAULT_REVISION, safe='')}"
    )
    options: dict[str, Any] = {"params": {"blobs": True}, "headers": build_hf_headers(), "timeout": ANSWER_SECONDS}
    with hub_answer(address, **options) as response:
        data = _bounded_body(name, response)
        hf_raise_for_status(response)
    try:
        return _listing(parse(data))
    except OutOfBounds as error:
        raise unreadable(name, "folder", error.reason) from error


def explain_refusal(name: str, error: Exception, revision: str | None = None) -> MiranteError | None:
    """One of our errors for a repository that the hub does not open to us; None where that is not what happened."""
    from huggingface_hub import constants, errors, get_token

    if isinstance(error, MiranteError):
        return error
    if isinstance(error, errors.GatedRepoError):
        return ModelNotFound(
            "“{name}” is open only to those who accepted its terms. Accept them at {address}, make a token there, and "
            "start again with HF_TOKEN=….",
            name=name,
            address=f"{constants.ENDPOINT}/{name}",
        )
    if isinstance(error, errors.DisabledRepoError):
        return ModelNotFound("The hub has closed “{name}”: nobody can fetch it.", name=name)
    if isinstance(error, errors.RevisionNotFoundError):
        return ModelNotFound("“{name}” has no revision “{revision}”.", name=name, revision=revision or "main")
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        return not_found(name, _first_line(error))
    if isinstance(error, errors.HfHubHTTPError) and error.response.status_code in (401, 403):
        if get_token() is None:
            return not_found(name, _first_line(error))
        return ModelNotFound(
            "The hub does not accept the token in HF_TOKEN for “{name}”: make a new one that may read it.", name=name
        )
    return None


def not_found(name: str, detail: object) -> ModelNotFound:
    """The error for a hub id that leads nowhere."""
    return ModelNotFound(
        "“{name}” was not found. Tried: the bundled models, a local folder, the local hub cache and the hub "
        "itself ({detail}). "
        "Check the spelling and the connection, or download the model and give its folder. Of a private one the hub "
        "says the same: it opens with HF_TOKEN=….",
        name=name,
        detail=detail,
    )


def _bounded_body(name: str, response: Any) -> bytes:
    """The whole answer, also of a refusal."""
    end, data = time.monotonic() + LISTING_SECONDS, bytearray()
    for block in response.iter_bytes():
        data += block
        if len(data) > MOST_LISTING_BYTES or time.monotonic() > end:
            raise BadFile(
                "What the hub says of “{name}” is more than is read: {found} MB in {seconds} s (at most {limit} MB, "
                "{most} s). A repository with fewer files is read.",
                name=name,
                found=round(len(data) / 1e6, 1),
                seconds=round(time.monotonic() - end + LISTING_SECONDS, 1),
                limit=MOST_LISTING_BYTES // 1_000_000,
                most=LISTING_SECONDS,
            )
    return bytes(data)


def _listing(answer: Any) -> Listing:
    if not isinstance(answer, dict) or not _COMMIT.fullmatch(str(answer.get("sha"))):
        raise OutOfBounds("the hub names no commit")
    siblings = answer.get("siblings")
    entries = [entry for entry in siblings if isinstance(entry, dict)] if isinstance(siblings, list) else []
    files = {entry["rfilename"]: _file(entry) for entry in entries if _is_file_name(entry.get("rfilename"))}
    return Listing(answer["sha"], files, _licence(answer), bool(answer.get("gated")))


def _is_file_name(name: Any) -> bool:
    return isinstance(name, str) and _FILE.fullmatch(name) is not None


def _file(entry: dict[str, Any]) -> HubFile:
    size, large = entry.get("size"), entry.get("lfs")
    if isinstance(large, dict):  # git's digest is that of a pointer then
        kind, digest = "sha256", str(large.get("sha256"))
    else:
        kind, digest = "git", str(entry.get("blobId"))
    known = (kind, digest) if _DIGESTS[kind].fullmatch(digest) else None
    return HubFile(size if isinstance(size, int) and size >= 0 else 0, known)


def _licence(answer: dict[str, Any]) -> str | None:
    """The licence of the card, else that of the tags the hub makes of it."""
    card, tags = answer.get("cardData"), answer.get("tags")
    stated = card.get("license_name") or card.get("license") if isinstance(card, dict) else None
    names = [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
    if not names and isinstance(tags, list):
        names = [tag.partition(":")[2] for tag in tags if isinstance(tag, str) and tag.startswith("license:")]
    text = ", ".join(name for name in names if isinstance(name, str) and name.isprintable())
    return text[:MOST_LICENCE] or None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
