"""How a number is written where a person reads it: the one place of decimal sign, minus sign, thousands and per cent.

Figures reach it through ``Look`` (core/figures/theme.py), pages through ui/shell/numbers.py; a test finds what goes
around it (tests/ui/test_written_numbers.py). Not here: files that programs read (core/files/spreadsheet.py)."""

from __future__ import annotations

MINUS = "−"  # U+2212


def written(value: float, digits: int, decimal: str, *, signed: bool = False) -> str:
    """``0,25``, ``−0,25``, with ``signed`` ``+0,25``; ∞ as such, and never a zero with a sign."""
    text = f"{abs(value):.{digits}f}".replace("inf", "∞").replace("nan", "–").replace(".", decimal)
    if not any(sign in text for sign in "123456789∞"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def written_share(share: float, digits: int, decimal: str, *, signed: bool = False) -> str:
    """A share 0 … 1 as ``12,3 %`` or ``12.3%``."""
    return written(100 * share, digits, decimal, signed=signed) + percent_sign(decimal)


def percent_sign(decimal: str) -> str:
    """What follows a percentage: a language with the comma keeps a space before it, at which no line breaks."""
    return "\u00a0%" if decimal == "," else "%"


def thousands_beside(decimal: str) -> str:
    """What stands between thousands beside this decimal sign: ``12.345,6`` or ``12,345.6``."""
    return "." if decimal == "," else ","
