"""How often: counters of what a visitor did lately (the ``limits`` package, in memory).

A counter that is asked says yes or no, and after how many seconds to ask again. Not here: how much is allowed
(ui.serving.bounds), whose a request is (ui.serving.visitors)."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_counters = FixedWindowRateLimiter(MemoryStorage())


def allowed(rate: RateLimitItem, visitor: str, cost: int = 1) -> bool:
    """Whether a visitor may do something of this cost now; if so, it is counted."""
    return _counters.hit(rate, visitor, cost=min(cost, rate.amount))


def seconds_until_allowed(rate: RateLimitItem, visitor: str) -> int:
    """After how many whole seconds a visitor who was refused has a fresh count."""
    return max(1, math.ceil(_counters.get_window_stats(rate, visitor).reset_time - time.time()))


def spent(rate: RateLimitItem, visitor: str) -> bool:
    """Whether nothing more is allowed now; nothing is counted."""
    return not _counters.test(rate, visitor)
