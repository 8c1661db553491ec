"""Which characters of a text each piece covers.

Inside: `from_offsets` (a fast tokenizer's own offsets, with their known faults mended) and `from_surfaces`
(tokenizers without offsets and generated ids: the pieces are spelled out and matched with the text). Not inside:
words. A span that cannot be established is None, never a guess.

Spans never start or end with white space, except those of pieces that are white space. Pieces that are parts of
one character share its span.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate, groupby

from .vocabulary import Entry, Span

MOST_COMPARED = 1_000_000
"""Pairs of characters that are compared to find what two texts have in common: beyond, only their ends are."""
SHORTEST_BLOCK = 5  # a shorter common run in the middle of two texts that differ may be a coincidence


def from_offsets(
    text: str, entries: Sequence[Entry], offsets: Sequence[Span], special: Sequence[bool]
) -> tuple[Span | None, ...]:
    """Mended offsets, one per position; None for special positions and for pieces with no character of the text.

    Faults seen in tokenizers 0.23: a dummy ▁ at the start claims the first character of the next piece;
    byte-level spans include the space before; `<mask>` takes the space before it; trimmed white-space pieces are
    empty.
    """
    offsets = _unshared(text, entries, offsets, special)
    starts = [len(text) if is_special else start for (start, _), is_special in zip(offsets, special, strict=True)]
    following = [*starts[1:], len(text)]
    rows = zip(entries, offsets, following, special, strict=True)
    spans = [None if is_special else _mended(text, entry, *offset, after) for entry, offset, after, is_special in rows]
    return _with_accents(text, spans)


def _unshared(text: str, entries: Sequence[Entry], offsets: Sequence[Span], special: Sequence[bool]) -> list[Span]:
    """Byte-fallback pieces of neighbouring characters share one offset (unknowns are fused): each gets its own."""
    mended = [(start, stop) for start, stop in offsets]
    for (start, stop), run in groupby(range(len(offsets)), key=lambda index: tuple(offsets[index])):
        members = list(run)
        if len(members) > 1 and stop - start > 1 and not special[members[0]]:
            parts = from_surfaces(text[start:stop], [entries[index] for index in members], [False] * len(members))
            for index, (first, last) in zip(members, _with_rest(parts, stop - start), strict=True):
                mended[index] = (start + first, start + last)
    return mended


def _with_rest(parts: Sequence[Span | None], size: int) -> list[Span]:
    """The parts of ``size`` characters; where one is not known, what those before and after it leave."""
    before = list(accumulate((part[1] if part else 0 for part in parts), max, initial=0))
    after = list(accumulate((part[0] if part else size for part in reversed(parts)), min, initial=size))[::-1]
    return [part or (before[order], after[order + 1]) for order, part in enumerate(parts)]


def _mended(text: str, entry: Entry, start: int, stop: int, after: int) -> Span | None:
    if start >= stop:
        return None
    covered = text[start:stop]
    if entry.surface and entry.surface.isspace():
        typed = covered.isspace() or covered == entry.raw  # the user may have typed ▁ itself
        return (start, stop) if typed and after >= stop else None
    if covered.isspace():
        return start, stop
    return start + len(covered) - len(covered.lstrip()), start + len(covered.rstrip())


def _with_accents(text: str, spans: Sequence[Span | None]) -> tuple[Span | None, ...]:
    """Combining accents that a normalizer composed into a piece, or dropped after it, belong to its last character."""
    limit, grown = len(text), {}
    for span in sorted({span for span in spans if span is not None}, reverse=True):
        stop = span[1]
        while stop < limit and unicodedata.combining(text[stop]):
            stop += 1
        grown[span], limit = (span[0], stop), span[0]
    return tuple(None if span is None else grown[span] for span in spans)


def from_surfaces(text: str, entries: Sequence[Entry], skip: Sequence[bool]) -> tuple[Span | None, ...]:
    """Spans by matching what the pieces spell with the text; ``skip`` marks positions that spell nothing.

    First literally, white space included; then without white space, case, compatibility forms and (if no piece has any)
    accents.
    """
    spelled = _characters(entries, skip)
    if "".join(char for char, _, _ in spelled) == text:
        return _collect(len(entries), spelled, list(range(len(text))))
    folded = [(part, first, last) for char, first, last in spelled for part in _fold(char)]
    target = [(part, position) for position, char in enumerate(text) for part in _fold(char)]
    if not any(unicodedata.combining(part) for part, _, _ in folded):
        target = [(part, position) for part, position in target if not unicodedata.combining(part)]
    places = _match([part for part, _, _ in folded], [part for part, _ in target])
    spans = _collect(len(entries), folded, [None if position is None else target[position][1] for position in places])
    return _between(text, spans, skip)


def _characters(entries: Sequence[Entry], skip: Sequence[bool]) -> list[tuple[str, int, int]]:
    """(character, first piece, last piece) of what the pieces spell; broken bytes become lone surrogates."""
    owned = [(byte, index) for index, entry in enumerate(entries) if not skip[index] for byte in entry.surface]
    start, characters = 0, []
    for char in bytes(byte for byte, _ in owned).decode("utf-8", "surrogateescape"):
        size = len(char.encode("utf-8", "surrogateescape"))
        characters.append((char, owned[start][1], owned[start + size - 1][1]))
        start += size
    return characters


def _fold(char: str) -> str:
    return "".join(unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()).split())


def _match(spelled: Sequence[str], target: Sequence[str]) -> list[int | None]:
    """For each character spelled, its place in the target; only long runs count unless they reach an end of both."""
    if spelled == target:
        return list(range(len(target)))
    places: list[int | None] = [None] * len(spelled)
    if len(spelled) * len(target) > MOST_COMPARED:
        return _match_ends(spelled, target, places)
    for block in SequenceMatcher(None, spelled, target, autojunk=False).get_matching_blocks():
        opens = block.a == 0 and block.b == 0
        closes = block.a + block.size == len(spelled) and block.b + block.size == len(target)
        if opens or closes or block.size >= SHORTEST_BLOCK:
            places[block.a : block.a + block.size] = range(block.b, block.b + block.size)
    return places


def _match_ends(spelled: Sequence[str], target: Sequence[str], places: list[int | None]) -> list[int | None]:
    """``places`` of what both texts begin and end with alike, and of what lies between where that is short."""
    shorter = min(len(spelled), len(target))
    first = next((i for i in range(shorter) if spelled[i] != target[i]), shorter)
    last = next((i for i in range(shorter - first) if spelled[-1 - i] != target[-1 - i]), shorter - first)
    places[:first] = range(first)
    places[len(spelled) - last :] = range(len(target) - last, len(target))
    between, other = spelled[first : len(spelled) - last], target[first : len(target) - last]
    if len(between) * len(other) <= MOST_COMPARED:
        inner = _match(between, other)
        places[first : len(spelled) - last] = [None if place is None else first + place for place in inner]
    return places


def _collect(
    count: int, spelled: Sequence[tuple[str, int, int]], positions: Sequence[int | None]
) -> tuple[Span | None, ...]:
    """The span of each piece: from its first to its last character, all of which must have a position."""
    covered: list[list[int]] = [[] for _ in range(count)]
    lost: set[int] = set()
    for (_, first, last), position in zip(spelled, positions, strict=True):
        for index in range(first, last + 1):
            if position is None:
                lost.add(index)
            else:
                covered[index].append(position)
    return tuple(
        (min(characters), max(characters) + 1) if characters and index not in lost else None
        for index, characters in enumerate(covered)
    )


def _between(text: str, spans: tuple[Span | None, ...], skip: Sequence[bool]) -> tuple[Span | None, ...]:
    """A single lost piece between two known neighbours takes the text between them, if it is one word."""
    mended = list(spans)
    inner = [index for index in range(len(spans)) if not skip[index]]
    for order, index in enumerate(inner):
        before = spans[inner[order - 1]] if order else (0, 0)
        after = spans[inner[order + 1]] if order + 1 < len(inner) else (len(text), len(text))
        if spans[index] is None and before is not None and after is not None:
            gap = text[before[1] : after[0]]
            if len(gap.split()) == 1:
                start = before[1] + len(gap) - len(gap.lstrip())
                mended[index] = start, start + len(gap.strip())
    return tuple(mended)
