"""Words of a text, and which word every piece belongs to.

Inside: `segments` (a text cut into words by one rule, the same for every tokenizer) and `group` (pieces assigned
to those words). Not inside: where a piece lies in the text (core/text/tokens.py) and how things are written
(core/text/vocabulary.py).

The rule. White space separates. Inside a run of letters, digits, accents and joiners:
- apostrophes and hyphens between them stay inside (d'água, e-mail, João-do-Mato); . , : / between digits stay
  inside (1.000,50 · 12:30);
- signs that are typed for an apostrophe stay inside between two letters (d´água, d`água, ñe‘ẽ); around a word they
  are quotation marks, and cut off (‘água’ · `água`);
- the full stop of an ordinal stays inside (5.ª, 1.º, 2.os, n.º, Sr.ª, 2.ª-feira), and so does ° typed for its º (1°;
  25°C keeps its unit apart);
- a currency sign joins up to three letters before it (R$, US$); addresses (https://…, www.…, a@b.pt) are one
  word, final punctuation apart;
- every other punctuation mark or symbol is a word of its own, repeated ones together (… ... !! --); an emoji with
  its joiners is one word;
- scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) give one word per written character.

Pieces do not always respect words. A piece that touches several words FUSES them, and the fused label is the
exact text: `<s>` read as one control token is one word, `de que` read as one SentencePiece entry is one word. So
a label always covers exactly what its pieces cover, and row sums stay 1. A piece that is a bare space mark
belongs to the word it opens; any other white-space piece (a newline, a second space) is a word of its own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from .vocabulary import Entry, Span, visible

Key = tuple[str, int]

DENSE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}\p{{Cf}}_]--[{DENSE}]]"
ADDRESS = (
    r"(?:[A-Za-z][A-Za-z0-9+.-]{0,30}://|[wW]{3}\.)\S*[^\s\p{P}]/?|(?<![\w.+-])[\w.+-]*+(?<=\w)@\w[\w-]*(?:\.\w[\w-]*)+"
)
MONEY = r"\p{L}{1,3}\p{Sc}"
JOINER = r"[-‐‑﹣－'’ʼ]|(?<=\p{N})[.,:/](?=\p{N})"
LOOKALIKE = (
    r"(?<=[\p{L}\p{M}])[´`‘‛′＇՚](?=\p{L})"  # of an apostrophe; never one between digits, where it counts minutes
)
ORDINAL = (  # 5.ª, Sr.ª · 2.os, 1.a · n.os
    rf"\.(?=[ªºᵃᵒ])|(?<=\p{{N}})\.(?=[oaOA][sS]?(?!{LETTER}))|(?<=(?<!{LETTER})[nN])\.(?=[oO][sS]?(?!{LETTER}))"
)
WORD = rf"{LETTER}+(?:(?:{JOINER}|{LOOKALIKE}|{ORDINAL}){LETTER}+|\.°|(?<=\p{{N}})°(?![\p{{L}}\p{{N}}]))*"
FLAG = r"\p{RI}{1,2}[\p{M}\u200d]*+"  # before \X, which counts the letters of flags from the first at each of them
SEGMENT = regex.compile(rf"{ADDRESS}|{MONEY}|{WORD}|(?P<mark>\p{{P}})(?P=mark)+|{FLAG}|(?=\S)\X", regex.V1)


@dataclass(frozen=True)
class Words:
    """The words of a text.

    word_of: word index per position, in order of first appearance. labels, spans: one per word (span None where the
    text is not known).
    """

    word_of: tuple[int, ...]
    labels: tuple[str, ...]
    spans: tuple[Span | None, ...]


def segments(text: str) -> tuple[Span, ...]:
    """Spans of the words of a text, in order; together they hold every character that is not white space."""
    return tuple(match.span() for match in SEGMENT.finditer(text))


def group(text: str, entries: Sequence[Entry], spans: Sequence[Span | None], special: Sequence[bool]) -> Words:
    """Assigns each position to one word.

    Positions with a span go to the (fused) words of the text; special ones are words of their own; the others are
    grouped by the marks of their pieces (␣ opens, ## continues) and labelled with those pieces.
    """
    words = _fuse(segments(text), [span for span in spans if span is not None and _has_text(text, span)])
    keys = _keys(text, entries, spans, special, words)
    members: dict[Key, list[int]] = {}
    for index, key in enumerate(keys):
        members.setdefault(key, []).append(index)
    order = {key: word for word, key in enumerate(members)}
    labelled = [_label(text, entries, spans, words, key, positions) for key, positions in members.items()]
    labels, places = zip(*labelled, strict=True) if labelled else ((), ())
    return Words(tuple(order[key] for key in keys), tuple(labels), tuple(places))


class _Bounds(NamedTuple):
    """First characters of the words of a text, and the ones after their last."""

    starts: list[int]
    stops: list[int]


def _bounds(words: Sequence[Span]) -> _Bounds:
    return _Bounds([start for start, _ in words], [stop for _, stop in words])


def _fuse(words: Sequence[Span], pieces: Sequence[Span]) -> list[Span]:
    """Joins neighbouring words that one piece touches."""
    joined, bounds = [False] * len(words), _bounds(words)
    for span in pieces:
        first, last = _touched(bounds, span)
        joined[first + 1 : last + 1] = [True] * (last - first)
    fused: list[Span] = []
    for word, joins in zip(words, joined, strict=True):
        if joins:
            fused[-1] = (fused[-1][0], word[1])
        else:
            fused.append(word)
    return fused


def _touched(words: _Bounds, span: Span) -> tuple[int, int]:
    """First and last word that share a character with the span (which holds at least one character of a word)."""
    first = bisect_right(words.stops, span[0])
    return first, max(first, bisect_left(words.starts, span[1]) - 1)


def _keys(
    text: str, entries: Sequence[Entry], spans: Sequence[Span | None], special: Sequence[bool], words: Sequence[Span]
) -> list[Key]:
    """One key per position; positions with equal keys are one word."""
    keys: list[Key] = []
    bounds = _bounds(words)
    for index, is_special in enumerate(special):
        keys.append(("special", index) if is_special else _key(text, entries, spans, bounds, index, keys))
    for index in reversed(range(len(keys))):
        if keys[index] == ("opening", index):
            opens = index + 1 < len(keys) and keys[index + 1][0] in ("text", "lost")
            keys[index] = keys[index + 1] if opens and _is_continuation(entries[index + 1]) else ("space", index)
    return keys


def _key(
    text: str,
    entries: Sequence[Entry],
    spans: Sequence[Span | None],
    words: _Bounds,
    index: int,
    keys: Sequence[Key],
) -> Key:
    """The key of a position that is not special, given those of the positions before it."""
    span, entry, previous = spans[index], entries[index], keys[-1] if keys else ("", -1)
    if span is not None and _has_text(text, span):
        return "text", _touched(words, span)[0]
    if entry.surface == b" ":
        return "opening", index
    if span is not None:
        return ("space", index) if not keys or spans[index - 1] != span or previous[0] != "space" else previous
    if _is_space(entry):
        return "space", index
    if entry.joins and previous[0] == "text" or previous[0] == "lost" and _is_continuation(entry):
        return previous
    return "lost", index


def _label(
    text: str,
    entries: Sequence[Entry],
    spans: Sequence[Span | None],
    words: Sequence[Span],
    key: Key,
    positions: list[int],
) -> tuple[str, Span | None]:
    """(label, span) of the word that these positions make."""
    kind, word = key
    if kind == "text":
        return visible(text[slice(*words[word])]), words[word]
    span = spans[positions[0]]
    if kind == "space" and span is not None:
        return visible(text[slice(*span)], space="␣"), span
    if kind == "lost":
        return "".join(_bare(entries[index]) for index in positions), None
    return entries[positions[0]].label, None


def _has_text(text: str, span: Span | None) -> bool:
    return span is not None and bool(text[slice(*span)].strip())


def _is_space(entry: Entry) -> bool:
    return entry.surface.decode("utf-8", "replace").isspace()


def _is_continuation(entry: Entry) -> bool:
    return entry.surface != b"" and not entry.surface[:1].isspace()


def _bare(entry: Entry) -> str:
    """The label without the marks that grouping has already used."""
    return entry.label.removeprefix("##") if entry.joins else entry.label.removeprefix("␣")
