"""Numbers that a stranger writes (in a file, a link, a header), read with a bound before they size anything.

Python refuses to convert more than 4,300 digits with a ValueError of its own, and takes a second for a few of them;
a number that is small enough to convert can still be the length of a list. So the bound comes first, here."""

from __future__ import annotations


def whole_number(text: str, most: int) -> int | None:
    """The whole number 0 … ``most`` that plain digits write; None for anything else. No more digits are looked at than
    ``most`` has, so 007 is read where ``most`` has three digits or more.
    """
    if len(text) > len(str(most)) or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= most else None
