"""Files that are made when somebody asks for them: in turn, one of a session at a time, kept until they are fetched.

Streamlit makes such a file in a thread beside every queue, as often as it is asked for, also when whoever asked has
gone, and throws it away at anybody's second next run. Here asking counts as a run of the page (admission.py); a file
waits in line, where the address that was given least is next, and then for a turn as pages do; one that is being made
is not made twice, one that was made is given again for a while, and nobody's run takes it away meanwhile.
Inside: `make_files_in_turns` (for every session from then on), `MadeFiles` (of one session), `KeptFiles`. Not here:
what is in a file (core.export), how it is sent (sending.py)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import PurePosixPath

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileManager

from core.languages import LANGUAGES, translate

from . import bounds
from .fair_queue import FairQueue, Refused
from .turns import CORES, LONG, TURNS
from .visitors import LOOPBACK, address

TOO_MANY = "Too many files are being made at the moment. Try again in a minute."
FAILED = "This file could not be made. Reload the page and try again."

_LOGGER = logging.getLogger("mirante.files")
_LINE = FairQueue(max(1, CORES - 1), longest=bounds.FILES_WAITING, costliest=bounds.FILES_WAITING_OF_ADDRESS)


class Gone(Exception):
    """Whoever asked for a file is not here any more."""


class KeptFiles:
    """Made files that are still to be fetched: for ``MADE_FILE_SECONDS``, the latest ``MADE_FILES_BYTES`` of them.

    They are held as Streamlit holds a session's: by a reference, under a name that is no session's.
    """

    NAME = "made_files"

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}  # name of a file → bytes, the latest last

    def keep(self, manager: MediaFileManager, url: str) -> None:
        """Keep the file of an address that was just made. In the event loop."""
        name = _file_of(url)
        if name in self._sizes or (file := manager.read_file(name)) is None:
            return
        self._sizes[name] = len(file.content)
        with manager._lock:
            manager._files_by_session_and_coord[self.NAME][name] = name
        asyncio.get_running_loop().call_later(bounds.MADE_FILE_SECONDS, self._release, manager, name)
        while sum(self._sizes.values()) > bounds.MADE_FILES_BYTES and len(self._sizes) > 1:
            self._release(manager, next(iter(self._sizes)))

    def has(self, url: str) -> bool:
        """Whether the file of an address is kept."""
        return _file_of(url) in self._sizes

    def _release(self, manager: MediaFileManager, name: str) -> None:
        if self._sizes.pop(name, None) is not None:
            with manager._lock:
                manager._files_by_session_and_coord[self.NAME].pop(name, None)
            manager.remove_orphaned_files()


_KEPT = KeptFiles()


class MadeFiles(DeferredFileHandler):
    """What a session's page asks for."""

    def __init__(self, get_media_file_mgr: Callable[[], MediaFileManager]) -> None:
        super().__init__(get_media_file_mgr)
        self._making: dict[str, asyncio.Task[str]] = {}
        self._addresses: dict[str, str] = {}  # of what was made: id of the request's file → address
        self._one = asyncio.Lock()

    async def handle(self, request: BackendOperationRequest, session_id: str) -> BackendOperationResponse:
        """The address of the file, or a sentence that says why there is none."""
        answer = BackendOperationResponse(request_id=request.request_id)
        try:
            answer.deferred_file.url = await self._url(request.deferred_file.file_id, session_id)
        except (Refused, Gone):
            answer.error_msg = _in_all_languages(TOO_MANY)
        except Exception:
            _LOGGER.exception("A file could not be made")
            answer.error_msg = _in_all_languages(FAILED)
        return answer

    async def _url(self, file_id: str, session: str) -> str:
        self._addresses = {name: url for name, url in self._addresses.items() if _KEPT.has(url)}
        if file_id in self._addresses:
            return self._addresses[file_id]
        if file_id not in self._making:
            if len(self._making) >= bounds.FILES_WAITING_OF_SESSION:
                raise Refused(60, of_visitor=True)
            task = self._making[file_id] = asyncio.create_task(self._make(file_id, session))
            task.add_done_callback(lambda _: self._making.pop(file_id))
        return await asyncio.shield(self._making[file_id])

    async def _make(self, file_id: str, session: str) -> str:
        manager = self._get_media_file_mgr()
        async with self._one, _LINE.turn(_address_of(session), 1):
            url = await asyncio.to_thread(_made_in_turn, manager, file_id, session)
            _KEPT.keep(manager, url)
        self._addresses[file_id] = url
        return url


def make_files_in_turns() -> None:
    """From here on a new session's files are made so; the second call changes nothing."""
    app_session.DeferredFileHandler = MadeFiles


def _made_in_turn(manager: MediaFileManager, file_id: str, session: str) -> str:
    from core.models.devices import one_thread

    def look(_before: int = 0) -> None:
        if not _is_here(session):
            raise Gone

    look()
    with TURNS.turn(look, TURNS.due(LONG), whose=_address_of(session)):
        look()
        one_thread()
        return manager.execute_deferred(file_id)


def _is_here(session: str) -> bool:
    return Runtime.instance().is_active_session(session)


def _address_of(session: str) -> str:
    """The address of a session, as it is counted."""
    info = Runtime.instance()._session_mgr.get_active_session_info(session)
    context = info.client.client_context if info else None
    return address({"client": ((context and context.remote_ip) or LOOPBACK, 0)})


def _file_of(url: str) -> str:
    """The name of a file in Streamlit's memory, from its address."""
    return PurePosixPath(url).stem


def _in_all_languages(sentence: str) -> str:
    """The front end shows it as it is; the language of the page is out of reach here."""
    return " · ".join(translate(sentence, language) for language in LANGUAGES)
