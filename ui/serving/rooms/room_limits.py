"""How often something is done in rooms: by seat and room first, since a school is one address; by address far above.

Wrong codes and keys are counted by address alone, because whoever guesses has no seat. The numbers: bounds.py."""

from __future__ import annotations

from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
    RateLimitItemPerSecond,
)

from core.errors import MiranteError

from .. import bounds
from ..rates import allowed, seconds_until_allowed, spent

ROOMS_OF_ADDRESS = RateLimitItemPerHour(bounds.NEW_ROOMS_AN_HOUR, namespace="rooms")
SEATS_OF_ADDRESS = RateLimitItemPerDay(bounds.SEATS_OF_ADDRESS_IN_ROOM, namespace="seats")
VOTES_OF_SEAT = RateLimitItemPerSecond(bounds.VOTES_OF_SEAT_IN_10_SECONDS, 10, namespace="votes")
VOTES_OF_ADDRESS = RateLimitItemPerSecond(bounds.VOTES_OF_ADDRESS_IN_10_SECONDS, 10, namespace="votes of an address")
STREAMS_OF_SEAT = RateLimitItemPerMinute(bounds.CONNECTIONS_OF_SEAT_A_MINUTE, namespace="streams")
STEPS_OF_ROOM = RateLimitItemPerMinute(bounds.STEPS_A_MINUTE, namespace="steps")
WRONG = RateLimitItemPerMinute(bounds.WRONG_CODES_A_MINUTE, namespace="wrong codes")


class TooOften(MiranteError):
    """Beyond a limit. seconds: after which it may be tried again."""

    seconds = 2


def count(rate: RateLimitItem, whose: str) -> None:
    """Count one.

    Raises:
        TooOften: it is one too many.
    """
    if not allowed(rate, whose):
        raise _too_often(rate, whose)


def check_guesses(visitor: str) -> None:
    """Before a code or a key is looked at: nobody who guessed wrong too often may go on guessing.

    Raises:
        TooOften: so it is.
    """
    if spent(WRONG, visitor):
        raise _too_often(WRONG, visitor)


def note_wrong_guess(visitor: str) -> None:
    """A code that no room has, or a key or secret that is not the room's."""
    allowed(WRONG, visitor)


def _too_often(rate: RateLimitItem, whose: str) -> TooOften:
    error = TooOften("This was too often. Wait {n} s and try again.", n=(seconds := seconds_until_allowed(rate, whose)))
    error.seconds = seconds
    return error
