"""One file of the hub, into a folder of ours: what is there already is not sent again, and the digest is checked.

Addresses, headers (the token), errors and the client (proxies) are the library's. Its own download deletes what it has
when it is stopped, so the bytes are received here: into ``<file>.part``, which the next try goes on from. No more is
written than was announced, and a server that sends next to nothing is left. Not inside: which files
(repository.py), and their move into the models folder (bringing.py).
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import BadFile, MiranteError
from ..models.hub_answer import hub_answer
from ..models.hub_listing import HubFile, explain_refusal

TRIES = 5  # without a single new byte
PAUSE = 1.0  # seconds before the first of them; twice as many before each further one
SLOWEST = 1000  # bytes a second, over ``RATE_SECONDS``
RATE_SECONDS = 30.0  # seconds
ERROR_BYTES = 65_536  # of the page of a refusal
ERROR_SECONDS = 5.0
_OF_BODY = ("content-length", "content-encoding", "transfer-encoding")
_BLOCK = 2**20


class _Broken(Exception):
    """The connection ended, or answered what cannot be used: to be tried again."""


def download(
    name: str,
    commit: str,
    file: str,
    facts: HubFile,
    folder: Path,
    received: Callable[[int], None],
    *,
    pause: float = PAUSE,
    patience: float = RATE_SECONDS,
) -> Path:
    """``file`` of the repository ``name`` at a commit, whole, in ``folder``.

    received: called with the bytes that are new on this disk, those of an earlier try first. pause, patience: seconds,
    as ``PAUSE`` and ``RATE_SECONDS``.

    Raises:
        BadFile: more bytes than announced, or other ones than the hub's digest says. MiranteError: the connection broke
        off or is too slow; the disk is full. ModelNotFound: the hub does not open it to us.
    """
    done, part = folder / file, folder / f"{file}.part"
    if done.is_file():
        received(facts.size)
        return done
    if part.is_file() and part.stat().st_size > facts.size:
        part.unlink(missing_ok=True)
    received(part.stat().st_size if part.is_file() else 0)
    try:
        _receive_all(name, commit, file, facts, part, received, pause, patience)
        _check_digest(name, file, facts, part)
        os.replace(part, done)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder) from error
        raise
    return done


def disk_full(folder: Path, need: int | None = None) -> MiranteError:
    """The error where the disk has no room. need: bytes."""
    if need is None:
        return MiranteError(
            "The disk of “{folder}” is full. Make room, and start the same command again: it goes on from here.",
            folder=str(folder),
        )
    return MiranteError(
        "This needs {need} MB on the disk of “{folder}”, which has not that much room. Make room, or name another "
        "models folder (MIRANTE_MODELS).",
        need=round(need / 1e6),
        folder=str(folder),
    )


def _receive_all(
    name: str,
    commit: str,
    file: str,
    facts: HubFile,
    part: Path,
    received: Callable[[int], None],
    pause: float,
    patience: float,
) -> None:
    """Fill ``part``; a connection that breaks off is opened again where it stood."""
    tries = 0
    while not part.is_file() or part.stat().st_size < facts.size or facts.size == 0:
        before = part.stat().st_size if part.is_file() else 0
        try:
            _receive(name, commit, file, facts, part, received, patience)
            if facts.size == 0:
                return
        except _Broken as error:
            after = part.stat().st_size if part.is_file() else 0
            tries = 0 if after > before else tries + 1
            if tries >= TRIES:
                raise MiranteError(
                    "The connection broke off in “{file}”, {done} of {total} MB ({detail}). What is here is kept: the "
                    "same command goes on from there.",
                    file=file,
                    done=round(after / 1e6, 1),
                    total=round(facts.size / 1e6, 1),
                    detail=error,
                ) from error
            time.sleep(pause * 2 ** max(0, tries - 1))


def _receive(
    name: str, commit: str, file: str, facts: HubFile, part: Path, received: Callable[[int], None], patience: float
) -> None:
    """One request, for what ``part`` lacks.

    Raises:
        _Broken: to be tried again.
    """
    import httpx2
    from huggingface_hub import constants, hf_hub_url
    from huggingface_hub.utils import build_hf_headers, hf_raise_for_status  # type: ignore[attr-defined]

    have = part.stat().st_size if part.is_file() else 0
    address = hf_hub_url(name, file, revision=commit)
    headers = {**build_hf_headers(), "Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    try:
        options: dict[str, Any] = {"headers": headers, "timeout": constants.HF_HUB_DOWNLOAD_TIMEOUT}
        with hub_answer(address, **options) as response:
            _check_redirect(name, file, address, str(response.url))
            if response.status_code == 416 or (have and not _goes_on(response, have)):
                received(-have)
                part.unlink(missing_ok=True)
                if response.status_code != 200:
                    raise _Broken(f"HTTP {response.status_code}")
            if response.status_code >= 500 or response.status_code in (408, 429):
                raise _Broken(f"HTTP {response.status_code}")
            hf_raise_for_status(response if response.is_success else _bounded_refusal(response))
            _write(name, file, facts, part, response, received, patience)
    except httpx2.TransportError as error:
        raise _Broken(f"{type(error).__name__}: {error}") from error
    except (httpx2.HTTPError, UnicodeError) as error:  # the library's too
        raise explain_refusal(name, error) or _bad_answer(name, file, error) from error


def _bounded_refusal(response: Any) -> Any:
    """The same refusal with no more than the beginning of its page, which the library would read whole for its message.

    Of a page that comes too slowly, what came in ``ERROR_SECONDS``; the bytes as they were sent, so that none unpacks
    to more.
    """
    import httpx2

    end, body = time.monotonic() + ERROR_SECONDS, bytearray()
    for block in response.iter_raw():
        body += block
        if len(body) >= ERROR_BYTES or time.monotonic() > end:
            break
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_BODY]
    return httpx2.Response(
        response.status_code, headers=headers, content=bytes(body[:ERROR_BYTES]), request=response.request
    )


def _goes_on(response: Any, have: int) -> bool:
    """Whether the answer begins where the file on this disk ends."""
    return response.status_code == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _write(
    name: str, file: str, facts: HubFile, part: Path, response: Any, received: Callable[[int], None], patience: float
) -> None:
    window_end, in_window = time.monotonic() + patience, 0
    with part.open("ab") as opened:
        for block in response.iter_bytes():
            if opened.tell() + len(block) > facts.size:
                opened.close()
                part.unlink(missing_ok=True)
                raise BadFile(
                    "“{file}” of “{name}” is larger than the hub announced ({limit} bytes), and is refused.",
                    file=file,
                    name=name,
                    limit=facts.size,
                )
            opened.write(block)
            received(len(block))
            in_window += len(block)
            if time.monotonic() > window_end:
                if in_window < SLOWEST * patience:
                    raise MiranteError(
                        "“{file}” comes too slowly: {found} bytes in {seconds} s. What is here is kept: the same "
                        "command goes on from there.",
                        file=file,
                        found=in_window,
                        seconds=round(patience),
                    )
                window_end, in_window = time.monotonic() + patience, 0
        if opened.tell() < facts.size:
            raise _Broken("the answer ended early")


def _check_redirect(name: str, file: str, asked: str, answered: str) -> None:
    """Files may lie with another host, which gets no token (the client drops it); none comes over an open line."""
    if urlsplit(asked).scheme == "https" and urlsplit(answered).scheme != "https":
        raise BadFile(
            "“{file}” of “{name}” was sent on to {host} without encryption, and is refused.",
            file=file,
            name=name,
            host=urlsplit(answered).hostname,
        )


def _check_digest(name: str, file: str, facts: HubFile, part: Path) -> None:
    if facts.size == 0:
        part.touch()
    if facts.digest is None:
        return
    kind, stated = facts.digest
    digest = hashlib.sha256() if kind == "sha256" else hashlib.sha1(b"blob %d\0" % facts.size, usedforsecurity=False)
    with part.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != stated:
        part.unlink(missing_ok=True)
        raise BadFile(
            "“{file}” of “{name}” is not what the hub says it is (its digest differs), and was deleted. Start again; "
            "if it comes back, something on the way changes files.",
            file=file,
            name=name,
        )


def _bad_answer(name: str, file: str, error: Exception) -> MiranteError:
    return MiranteError(
        "The hub did not give “{file}” of “{name}”: {detail}",
        file=file,
        name=name,
        detail=(str(error).strip().splitlines() or [type(error).__name__])[0],
    )
