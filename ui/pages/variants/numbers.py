"""Small and large numbers as the page "Variants" writes them, in the signs of the language."""

from __future__ import annotations

from ...shell.charts import look
from ...shell.numbers import exact

SAME = 1e-5
"""Errors below are rounding."""


def off(error: float) -> str:
    """A relative error: per cent, or a power of ten where it is rounding only."""
    return power(error) if error < SAME else exact(error, 1)


def power(value: float) -> str:
    """``3,2 × 10⁻⁷``; 0 as itself."""
    if value == 0:
        return "0"
    digits, _, exponent = f"{value:.1e}".partition("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits} × 10{raised}".replace(".", look().decimal)


def fixed(value: float, digits: int = 2) -> str:
    """A plain decimal number; −∞ as such."""
    return f"{value:.{digits}f}".replace("inf", "∞").replace(".", look().decimal).replace("-", "−")


def amount(value: float, unit: str) -> str:
    """``8,4 kB``, ``17,6 GFLOP``: three figures with the prefixes of thousands."""
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:.1f} {prefix}{unit}".replace(".", look().decimal)
    return f"{value:.0f} {unit}"


def seconds(value: float) -> str:
    """``1,20 s``, ``3,4 ms`` or ``85 µs``."""
    text = f"{value:.2f} s" if value >= 1 else f"{1e3 * value:.1f} ms" if value >= 1e-3 else f"{1e6 * value:.0f} µs"
    return text.replace(".", look().decimal)


def rounded(text: str) -> str:
    """A number with its unit without decimals that are 0: for ticks."""
    digits, _, unit = text.partition(" ")
    whole, _, rest = digits.partition(look().decimal)
    return text if rest.strip("0") else f"{whole} {unit}"
