"""Numbers as the language of the page writes them: decimals, thousands, exact shares."""

from __future__ import annotations

from .charts import look
from .locale import language


def decimal(value: float, places: int) -> str:
    """``0,25`` or ``0.25``; never a negative zero."""
    text = f"{round(value, places) + 0.0:.{places}f}"
    return text.replace(".", ",") if language() == "pt" else text


def thousands(value: int) -> str:
    """``12.345`` or ``12,345``."""
    return f"{value:,}".replace(",", "." if language() == "pt" else ",")


def exact(share: float, digits: int = 2) -> str:
    """A share 0 … 1 with decimals, in the sign of the language: ``12,34 %`` or ``12.34%``; never 0 for a little
    more.
    """
    seen, least = look(), 10.0 ** -(digits + 2)
    sign = "< " if 0 < share < least / 2 else ""
    return sign + f"{100 * (least if sign else share):.{digits}f}".replace(".", seen.decimal) + seen.percent
