"""The server's log: it says what happened and where, never what a visitor wrote, and no line without end.

Every record of the process, whoever's, passes ``clean_record``. Of other people's code only what stands in the code is
written: a message that is a constant of the caller, with its numbers; anything else is named by its place. Of an error
its type and the places it passed. Of an address in the access log the parts that are ours, without the query, which
holds the sentence. The same place writes at most ``MOST_A_MINUTE`` lines a minute and then says how many it left out;
the places that an error passed are written once an hour, afterwards where it began.
``MIRANTE_LOG_TEXT=1`` leaves records as they are (on one's own machine). Not here: who may ask how much
(ui.serving.rates)."""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import time
import traceback
import warnings
from types import FrameType, TracebackType

from core.errors import MiranteError

from ..shell.page_registry import REGISTRY

VARIABLE = "MIRANTE_LOG_TEXT"
MOST_A_MINUTE = 20
MOST_REQUESTS_A_MINUTE = 600
KNOWN_SECONDS = 3600  # for so long the places of an error are not written again
_MOST_KNOWN = 1_000  # errors
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MOST_CAUSES, MOST_FRAMES, MOST_STRING = 5, 40, 120
_OURS = ("mirante",)
_PLAIN_STRINGS = ("mirante", "uvicorn.error")  # loggers whose text arguments are references, hosts and paths
_ROUTES = {
    *(entry.slug for entry in REGISTRY),
    *("_stcore", "health", "host-config", "stream", "upload_file", "media", "component", "bidi-components"),
    *("static", "js", "css", "api", "v1", "models", "attention", ""),
    *("s", "rooms", "seat", "answer", "live", "lead", "answers.csv", "answers.json", "phone.js", "phone.css"),
}

_LOGGER = logging.getLogger("mirante.process")


def keep_log_clean() -> None:
    """From here on, everything that this process logs is clean; the second call changes nothing."""
    make = logging.getLogRecordFactory()
    if os.environ.get(VARIABLE) == "1" or isinstance(make, CleanRecords):
        return
    logging.setLogRecordFactory(CleanRecords(make))
    logging.basicConfig(format=FORMAT, level=logging.WARNING)
    warnings.showwarning = _log_warning
    sys.excepthook = _log_uncaught
    sys.unraisablehook = lambda failure: _log_error("Error that nobody could catch", failure.exc_value)
    traceback.print_exc = lambda *_, **__: _log_error("Error that was to be printed", sys.exc_info()[1])
    threading.excepthook = lambda failure: _log_error("Uncaught error in a thread", failure.exc_value)


class CleanRecords:
    """A factory of log records (``logging.setLogRecordFactory``) that makes each one clean, or silent where a place
    has written enough."""

    def __init__(self, make) -> None:
        self.make = make
        self._minutes: dict[tuple[str, int], list[int]] = {}  # place -> [minute, lines in it, left out]
        self._lock = threading.Lock()

    def __call__(self, name, level, path, line, message, arguments, exc_info, *more, **others) -> logging.LogRecord:
        record = self.make(name, level, path, line, message, arguments, exc_info, *more, **others)
        left_out = self._left_out(record)
        if left_out is None:
            record.levelno = -1  # below the level of every handler: nobody writes it
            return record
        if (
            isinstance(record.msg, str) and "missing ScriptRunContext" in record.msg
        ):  # an answer of the API has no page to draw a spinner on
            record.levelno = -1
            return record
        clean_record(record, _caller(path, line))
        if left_out:
            record.msg = f"{record.msg} [and {left_out} more like this]"
        return record

    def _left_out(self, record: logging.LogRecord) -> int | None:
        """How many lines of this place were left out before this one; None where it is to be left out itself."""
        most = MOST_REQUESTS_A_MINUTE if record.name == "uvicorn.access" else MOST_A_MINUTE
        now = int(time.monotonic() // 60)
        with self._lock:
            minute = self._minutes.setdefault((record.pathname, record.lineno), [now, 0, 0])
            if minute[0] != now:
                minute[0], minute[1] = now, 0
            if minute[1] >= most:
                minute[2] += 1
                return None
            minute[1] += 1
            left_out, minute[2] = minute[2], 0
            return left_out


def clean_record(record: logging.LogRecord, caller: FrameType | None) -> None:
    """Take out of a record whatever a visitor may have written. caller: the frame that logged it."""
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text = error_text_without_words(record.exc_info[1])
    record.exc_info = None
    if record.name == "uvicorn.access" and isinstance(record.args, tuple) and len(record.args) == 5:
        client, method, path, version, status = record.args
        record.args = (client, str(method)[:10], route(str(path)), version, status)
    elif record.name.startswith(_OURS) or _is_constant(record.msg, caller):
        record.args = _clean_arguments(record)
    else:
        record.msg, record.args = "message of %s:%d, withheld", (_short(record.pathname), record.lineno)


def error_text_without_words(error: BaseException) -> str:
    """The types of an error and of its causes and the places they passed: no message, since it may quote a text.

    An error of ours adds its template, which stands in the code.
    """
    parts: list[str] = []
    cause: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if cause is None:
            break
        parts.append(_places(cause.__traceback__) + _kind(cause))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return _once_an_hour("\ncaused by:\n".join(parts))


def _once_an_hour(text: str) -> str:
    """A text, or only its last line where the whole was written lately."""
    now = time.monotonic()
    if now - _written.get(text, -KNOWN_SECONDS) < KNOWN_SECONDS:
        return f"{text.rpartition(chr(10))[2]} (its places are in an earlier line)"
    if len(_written) >= _MOST_KNOWN:
        _written.clear()
    _written[text] = now
    return text


_written: dict[str, float] = {}
"""Text of an error → when it was written whole."""


def route(path: str) -> str:
    """An address without its query, and with ``…`` for each part that is none of ours (a base path, a file's id)."""
    parts = re.split(r"[?#]", path, maxsplit=1)[0].split("/")
    return "/".join(part if part in _ROUTES else "…" for part in parts[:8])


def _places(trace: TracebackType | None) -> str:
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), capture_locals=False)
    return "".join(frames[-MOST_FRAMES:] and traceback.format_list(frames[-MOST_FRAMES:]))


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, MiranteError):
        return f"{name}: {error.template}"
    return f"{name} {error.errno}" if isinstance(error, OSError) else name


def _clean_arguments(record: logging.LogRecord):
    plain = record.name.startswith(_PLAIN_STRINGS)
    if isinstance(record.args, dict):
        return {name: _clean(value, plain) for name, value in record.args.items()}
    return tuple(_clean(value, plain) for value in record.args or ())


def _clean(value: object, plain: bool) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and plain:
        return route(value) if value.startswith("/") else value[:MOST_STRING]
    return "…" if isinstance(value, str | bytes) else f"<{type(value).__name__}>"


def _caller(path: str, line: int) -> FrameType | None:
    """The frame that logged, found by its place."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and (frame.f_code.co_filename != path or frame.f_lineno != line):
        frame = frame.f_back
    return frame


def _is_constant(message: object, caller: FrameType | None) -> bool:
    """Whether a message stands in the code that logs it, and was not put together from something else."""
    if not isinstance(message, str) or caller is None:
        return False
    constants = (*caller.f_code.co_consts, *(caller.f_globals.get(name) for name in caller.f_code.co_names))
    return any(isinstance(constant, str) and constant == message for constant in constants)


def _short(path: str) -> str:
    return path.rpartition("site-packages/")[2] or path


def _log_warning(message, category, filename, lineno, file=None, line=None) -> None:
    """In place of ``warnings.showwarning``, which writes to stderr."""
    _LOGGER.warning("%s at %s, line %d", category.__name__, _short(filename).replace("/", "."), lineno)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _log_error("Uncaught error", error)


def _log_error(what: str, error: BaseException | None) -> None:
    if not isinstance(error, SystemExit):
        _LOGGER.error("%s", what, exc_info=error)
