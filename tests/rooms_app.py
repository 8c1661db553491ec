"""The routes of rooms alone, for tests that start and kill a server often: without models and pages."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from ui.serving.headers import SecurityHeaders
from ui.serving.rooms.host_routes import HOST_ROUTES
from ui.serving.rooms.phone_routes import PHONE_ROUTES

app = Starlette(routes=[*HOST_ROUTES, *PHONE_ROUTES], middleware=[Middleware(SecurityHeaders)])
