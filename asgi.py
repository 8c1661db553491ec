"""Mirante as it is served: the pages of app.py with security headers, a JSON API, the phones of a class
(ui/serving/rooms) and limits of what one visitor may ask for (docs/limits.md). ``make run`` and ``python -m ui``
start it (ui/serving/server.py); any other ASGI server can serve ``asgi:app``.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui.serving.admission import Admission
from ui.serving.api import ROUTES
from ui.serving.base_path import base_path, below
from ui.serving.first_imports import stop_importing
from ui.serving.head_start import begin
from ui.serving.headers import SecurityHeaders
from ui.serving.hosts import KnownHosts
from ui.serving.index_page import IndexPage
from ui.serving.metrics import PrivateMetrics
from ui.serving.rooms.host_routes import HOST_ROUTES
from ui.serving.rooms.phone_routes import PHONE_ROUTES
from ui.serving.sending import Sending
from ui.serving.startup import prepare
from ui.serving.upload_quota import UploadQuota

SCRIPT = Path(__file__).with_name("app.py")
BASE = base_path(SCRIPT)
prepare()
MIDDLEWARE = [
    *(Middleware(layer) for layer in (SecurityHeaders, Sending, KnownHosts, PrivateMetrics, Admission, UploadQuota)),
    Middleware(IndexPage, base=BASE),
]


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[None]:
    """Imports and the default model come while visitors already see the frame (ui/serving/head_start.py)."""
    begin()
    yield
    stop_importing()


app = st.App(
    SCRIPT, routes=below(BASE, [*HOST_ROUTES, *PHONE_ROUTES, *ROUTES]), middleware=MIDDLEWARE, lifespan=_lifespan
)
