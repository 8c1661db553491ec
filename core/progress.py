"""How a long computation reports: a callback that long analyses call after each run, and by which they are stopped."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""(runs done, runs in all); raising an exception in it stops the work."""
