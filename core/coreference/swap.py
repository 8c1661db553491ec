"""The sister sentence in which the two nouns have changed places, with articles that agree: da jarra para o copo → do
copo para a jarra.

Swapping keeps length and words, so what changes is only which noun plays which role. Portuguese articles and
contractions only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .articles import agreeing
from .items import Candidate, Span

_BEFORE = re.compile(r"(\w+)(\s+)$")


def swapped(text: str, candidates: Sequence[Candidate]) -> tuple[str, tuple[Span, Span]]:
    """The text with its two candidates exchanged, and where the first and second place are now (in the order of the
    text).

    An article or contraction right before a candidate takes the gender and number of the noun that comes there.
    """
    first, second = candidates
    made, spans, end = "", [], 0
    for place, noun in ((first, second), (second, first)):
        made += _agreeing(text[end : place.span[0]], noun)
        spans.append((len(made), len(made) + len(noun.text)))
        made += noun.text
        end = place.span[1]
    return made + text[end:], (spans[0], spans[1])


def _agreeing(before: str, noun: Candidate) -> str:
    """The text before a noun, its last word in the noun's gender and number where it is an article."""
    found = _BEFORE.search(before)
    return (
        before if found is None else before[: found.start()] + agreeing(found[1], noun.gender, noun.number) + found[2]
    )
