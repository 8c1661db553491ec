"""What an answer of a phone is made of."""

from __future__ import annotations

AnswerValue = int | float | str | tuple[int, int]
"""A word's place from 0, an option from 1, a number, some words, or a head as (layer, head) from 1."""
