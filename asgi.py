"""Mirante as it is served: the pages of app.py with security headers and a JSON API. ``make run`` and ``python -m ui``
start it (ui/serving/server.py); any other ASGI server can serve ``asgi:app``.
"""

import logging
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui.serving.api import ROUTES
from ui.serving.headers import SecurityHeaders

# An answer of the API has no page to draw a spinner on; Streamlit would write one warning per request. (It resets
# levels; filters stay.)
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(
    lambda record: "missing ScriptRunContext" not in record.getMessage()
)

app = st.App(Path(__file__).with_name("app.py"), routes=ROUTES, middleware=[Middleware(SecurityHeaders)])
