"""Numbers as the language of the page writes them: decimals, thousands, exact shares, powers of ten, amounts.

Whole per cents, which are sentences of the catalogue, are in ui/shell/locale.py.
"""

from __future__ import annotations

from core import languages
from core.written_numbers import percent_sign, written

from .locale import language, t

ROUNDING = 1e-5
"""Relative errors below are those of rounding."""


def decimal_sign() -> str:
    """What stands before the decimals: ``,`` or ``.``."""
    return languages.decimal_sign(language())


def decimal(value: float, places: int) -> str:
    """``0,25`` or ``0.25``, ``−0,25`` with the minus sign; never a negative zero."""
    return written(value, places, decimal_sign())


def signed(value: float, places: int = 2) -> str:
    """``+1,24`` or ``−0.10``."""
    return written(value, places, decimal_sign(), signed=True)


def thousands(value: int) -> str:
    """``12.345`` or ``12,345``."""
    return f"{value:,}".replace(",", languages.thousands_sign(language()))


def exact(share: float, digits: int = 2) -> str:
    """A share 0 … 1 with decimals, in the sign of the language: ``12,34 %`` or ``12.34%``.

    It is never 0 for a little more.
    """
    least = 10.0 ** -(digits + 2)
    sign = "< " if 0 < share < least / 2 else ""
    number = fixed(round(100 * (least if sign else share), digits) + 0.0, digits)
    return sign + number + percent_sign(decimal_sign())


def points(difference: float) -> str:
    """A difference of shares in percentage points, signed: ``+3,1 p.p.`` or ``+3.1 pp``."""
    return t("{n} pp", n=signed(100 * difference, 1))


def relative_error(error: float) -> str:
    """A relative error: per cent, or a power of ten where it is rounding only."""
    return power(error) if error < ROUNDING else exact(error, 1)


def power(value: float) -> str:
    """``3,2 × 10⁻⁷``; 0 as itself."""
    if value == 0:
        return "0"
    digits, _, exponent = f"{value:.1e}".partition("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{decimal(float(digits), 1)} × 10{raised}"


def fixed(value: float, digits: int = 2) -> str:
    """A plain decimal number; −∞ as such."""
    return written(value, digits, decimal_sign())


def amount(value: float, unit: str) -> str:
    """``8,4 kB``, ``17,6 GFLOP``: three figures with the prefixes of thousands."""
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{decimal(value / factor, 1)} {prefix}{unit}"
    return f"{decimal(value, 0)} {unit}"


def seconds(value: float) -> str:
    """``1,20 s``, ``3,4 ms`` or ``85 µs``."""
    if value >= 1:
        return f"{decimal(value, 2)} s"
    return f"{decimal(1e3 * value, 1)} ms" if value >= 1e-3 else f"{decimal(1e6 * value, 0)} µs"


def without_zero_decimals(text: str) -> str:
    """A number with its unit, without decimals that are 0: for ticks."""
    digits, _, unit = text.partition(" ")
    integer, _, decimals = digits.partition(decimal_sign())
    return text if decimals.strip("0") else f"{integer} {unit}"
