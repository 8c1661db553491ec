"""Shares as tables and exact sentences write them."""

from __future__ import annotations

from .charts import look


def exact(share: float, digits: int = 2) -> str:
    """A share 0 … 1 with decimals, in the sign of the language: ``12,34 %`` or ``12.34%``; never 0 for a little
    more.
    """
    seen, least = look(), 10.0 ** -(digits + 2)
    sign = "< " if 0 < share < least / 2 else ""
    return sign + f"{100 * (least if sign else share):.{digits}f}".replace(".", seen.decimal) + seen.percent
