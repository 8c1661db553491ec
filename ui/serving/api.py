"""Read-only JSON over HTTP: the bundled models, and one head of one of them on a sentence. Described in docs/api.md.

Models and traces are those of the pages (ui.serving.cache, ui.serving.forward_slots), so a burst of requests waits
behind people and never beside them. Who asks much waits behind who asks little (ui.serving.fair_queue), by a cost that
is estimated before; beyond a share of the queue, or of a minute, the answer is 429. No name from the network becomes a
path: bundled models only."""

from __future__ import annotations

import json
import logging
import math
import secrets
from collections.abc import Callable
from functools import lru_cache

from anyio import CapacityLimiter, to_thread
from limits import RateLimitItemPerMinute
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.axes import from_one
from core.errors import BadInput, MiranteError, ModelFailure, ModelNotFound, TooLong, UnsupportedModel
from core.models.sources import bundled_names

from ..shell.state import DEFAULT_DEVICE, Chosen
from . import bounds, cache
from .fair_queue import FairQueue, Refused
from .first_imports import import_everything
from .rates import allowed, seconds_until_allowed
from .visitors import ASKING, address

MAX_CHARACTERS = 5_000  # of a text in an address; longer ones do not fit what servers and proxies pass on
SECONDS_A_REQUEST, SECONDS_A_TOKEN_AND_LAYER, SECONDS_A_WEIGHT = 0.02, 1e-4, 2e-6
SECONDS_A_WRITTEN_TOKEN, WRITTEN_FOR_A_TOKEN, MOST_WRITTEN = 0.005, 1.5, 128  # where a model writes the target itself
STATUS = {ModelNotFound: 404, TooLong: 413, BadInput: 422, UnsupportedModel: 422, ModelFailure: 422}
YES_NO = {"1": True, "true": True, "0": False, "false": False}
KNOWN = {"model", "text", "layer", "head", "kind", "target", "words", "specials"}
_LOGGER = logging.getLogger("mirante")

_limiter = CapacityLimiter(bounds.API_PLACES)
_queue = FairQueue(bounds.API_PLACES, longest=bounds.API_WAITING, costliest=bounds.API_SECONDS_WAITING)
_MILLISECONDS = RateLimitItemPerMinute(bounds.API_SECONDS_A_MINUTE * 1000, namespace="api")


class BadQuery(ValueError):
    """A parameter that is missing, unknown or not of its form: 400."""


async def models(request: Request) -> Response:
    """The bundled models, as ``python -m core models --json`` lists them."""
    return await _answer(request, SECONDS_A_REQUEST, _models)


async def attention(request: Request) -> Response:
    """One head on one sentence: the document of core/export/numbers.py."""
    return await _answer(request, estimated_seconds(request.query_params), lambda: _attention(request.query_params))


async def nothing(request: Request) -> Response:
    """Anything else below /api: without this, Streamlit would answer with its page."""
    return _refused(404, "There is nothing here. See docs/api.md for what there is.")


ROUTES = [Route("/api/v1/models", models), Route("/api/v1/attention", attention), Route("/api/{rest:path}", nothing)]


def _models() -> str:
    from core.models.catalog import entries

    return json.dumps({"models": [entry.as_dict() for entry in entries()]}, ensure_ascii=False)


def _attention(query: QueryParams) -> str:
    from core.export import json_text, record

    model, text, target = _checked(query)
    layer, head = _number(query, "layer"), _number(query, "head")
    trace = cache.trace(Chosen(model, DEFAULT_DEVICE, text, "en"), text, target)
    view = cache.view(
        trace,
        trace.checked_kind(query.get("kind")),
        words=_flag(query, "words"),
        specials=_flag(query, "specials"),
        renormalise=False,
    )
    heads = [from_one(layer, head, view.layers, view.heads)]
    return json_text(view, heads, record(trace, view, heads))


def _checked(query: QueryParams) -> tuple[str, str, str | None]:
    """(model, text, target) of a request.

    Raises:
        BadQuery: a parameter missing, unknown or not of its form. ModelNotFound: not a bundled model. TooLong: a text
        beyond the limit.
    """
    if unknown := set(query) - KNOWN:
        raise BadQuery(f"Unknown parameter: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(KNOWN))}.")
    model, text = _required(query, "model"), _required(query, "text")
    if model not in bundled_names():
        raise ModelNotFound(
            "No bundled model has the name “{name}”; there are: {names}.", name=model, names=", ".join(bundled_names())
        )
    target = query.get("target")
    if (longest := max(len(text), len(target or ""))) > MAX_CHARACTERS:
        raise TooLong(
            "The text has {n} characters, and the API reads at most {limit}.", n=longest, limit=MAX_CHARACTERS
        )
    if not text.strip():
        raise BadQuery("text is empty.")
    return model, text, target


def _required(query: QueryParams, name: str) -> str:
    if name not in query:
        raise BadQuery(f"The parameter {name} is missing.")
    return query[name]


def _number(query: QueryParams, name: str) -> int:
    text = _required(query, name)
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 4 and int(text) >= 1):
        raise BadQuery(f"{name} must be a number, counted from 1.")
    return int(text)


def _flag(query: QueryParams, name: str) -> bool:
    if (flag := YES_NO.get(query.get(name, "1"))) is None:
        raise BadQuery(f"{name} must be 1 or 0.")
    return flag


def estimated_seconds(query: QueryParams) -> float:
    """What a request will cost, before anything is read: tokens × layers for the model, tokens² for the answer.

    Tokens from the bytes of the text, at least one in two or three; measured on one core (docs/limits.md).
    """
    tokens = min(sum(len(query.get(name, "").encode("utf-8", "replace")) for name in ("text", "target")) / 3, 1024)
    layers, writes = shape_of(query["model"]) if query.get("model") in bundled_names() else (0, False)
    written = min(WRITTEN_FOR_A_TOKEN * tokens, MOST_WRITTEN) if writes and not query.get("target") else 0
    return (
        SECONDS_A_REQUEST
        + SECONDS_A_TOKEN_AND_LAYER * tokens * layers
        + SECONDS_A_WEIGHT * tokens**2
        + SECONDS_A_WRITTEN_TOKEN * written
    )


@lru_cache(maxsize=32)
def shape_of(name: str) -> tuple[int, bool]:
    """(layers of a bundled model, those of both its stacks if it has two; whether it has two, and writes a target)."""
    from core.models.catalog import describe
    from core.models.sources import BUNDLED

    entry = describe(BUNDLED / name)
    writes = entry.kind == "encoder-decoder"
    return entry.layers * (2 if writes else 1), writes


async def _answer(request: Request, seconds: float, make: Callable[[], str]) -> Response:
    """``make`` in a thread of ours when it is this visitor's turn, or a refusal as JSON that says what to do."""
    visitor = address(request.scope)
    if not allowed(_MILLISECONDS, visitor, round(1000 * seconds)):
        return _too_many(seconds_until_allowed(_MILLISECONDS, visitor))
    try:
        async with _queue.turn(visitor, seconds):
            if await request.is_disconnected():
                return _refused(503, "The client has gone.")
            ASKING.set(visitor)
            return _json(200, await to_thread.run_sync(_when_imported, make, limiter=_limiter))
    except Refused as refusal:
        wait = max(2, math.ceil(refusal.seconds))
        return _too_many(wait) if refusal.of_visitor else _refused(503, "The server is busy. Try again later.", wait)
    except BadQuery as error:
        return _refused(400, str(error))
    except MiranteError as error:
        return _refused(STATUS.get(type(error), 503), str(error))
    except Exception:
        reference = secrets.token_hex(3)
        _LOGGER.exception("Unexpected error, reference %s", reference)
        return _refused(500, f"Something went wrong in Mirante. Report it with the reference {reference}.")


def _when_imported(make: Callable[[], str]) -> str:
    """In the first seconds of a server's life a request waits for the libraries, as a page does."""
    import_everything()
    return make()


def _too_many(seconds: int) -> Response:
    return _refused(429, "More was asked from this address than its share. Wait, or ask for shorter texts.", seconds)


def _refused(status: int, message: str, seconds: int = 2) -> Response:
    """seconds: after which it may be tried again, for those that may."""
    return _json(status, json.dumps({"error": message}, ensure_ascii=False), seconds)


def _json(status: int, text: str, seconds: int = 2) -> Response:
    """Texts are people's: nobody on the way keeps them."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(seconds)} if status in (429, 503) else {})
    return Response(text.encode("utf-8", "replace"), status, headers, "application/json")
