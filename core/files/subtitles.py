"""Subtitles, SRT, WebVTT and SBV: one text per subtitle, in the order of the file.

Inside: what a time line is, the texts below it without their formatting marks, and what is left out, counted. Not
inside: bytes and lines (uploads.py, sentences.py), the cleaning of a text (sentences.py).

The package srt was tried (docs/decisions/0027): it knows no WebVTT, loses the numbers of the
lines, and logs what it skips.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from .records import MAX_LINE, too_long
from .uploads import Note, Rejected

_CODE = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,:]\d{1,3})?"
_ARROW = r"(?:-{1,3}|[–—])>"  # --> as it is written by hand and by word processors, too
_TIME = re.compile(
    rf"\s*{_CODE}\s*{_ARROW}\s*{_CODE}(?:\s.*)?|\s*\d{{1,3}}:\d\d:\d\d\.\d{{3}},\d{{1,3}}:\d\d:\d\d\.\d{{3}}\s*"
)
_NUMBER = re.compile(r"\s*\d{1,9}\s*")
_MARKS = re.compile(r"</?(?:[bius]|font|c|v|lang|ruby|rt|span)\b[^<>]*>|</?c\.[^<>]*>|<\d[\d:.,]*>|\{\\[^{}]*\}")
_SPEAKER = re.compile(r"<v(?:\.[^<>\s]*)?\s+([^<>]*)>")
_BLOCKS = ("NOTE", "STYLE", "REGION")
_MOST_PARAGRAPHS = 4
"""Paragraphs without times that one subtitle may have; where more follow it, the file is something else from there."""

_REMARKS = {
    "blocks": "Comments and styles of the subtitles, left out: {n}.",
    "marks": "Formatting marks of the subtitles, left out: {n}.",
    "empty": "Subtitles without a text: {n}.",
    "joined": "Paragraphs after an empty line, read as part of the subtitle above them: {n}.",
}


class Subtitles:
    """The texts of a subtitle file, and what was left out of it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.is_webvtt = False
        self.left_out = dict.fromkeys(_REMARKS, 0)

    def texts(self) -> Iterator[tuple[int, str | Rejected]]:
        """(line where it begins, text of one subtitle), or a line that is neither time nor text of a subtitle."""
        at = self._header_end()
        while at < len(self.lines):
            end = self._paragraphs_end(at)
            yield from self._block(at, end)
            at = end + 1

    def remarks(self) -> list[Note]:
        """What a person should know; complete after the last text."""
        return [Note(_REMARKS[name], {"n": n}) for name, n in self.left_out.items() if n]

    def _header_end(self) -> int:
        """Where the blocks begin: after WEBVTT and the lines that belong to it."""
        first = next((i for i, line in enumerate(self.lines) if line.strip()), len(self.lines))
        if first < len(self.lines) and self.lines[first].lstrip("\ufeff").startswith("WEBVTT"):
            self.is_webvtt = True
            return self._block_end(first) + 1
        return first

    def _block_end(self, at: int) -> int:
        """The index of the next empty line."""
        while at < len(self.lines) and self.lines[at].strip():
            at += 1
        return at

    def _paragraphs_end(self, at: int) -> int:
        """The index of the empty line after a subtitle and the few paragraphs without times that belong to it."""
        first = end = self._block_end(at)
        if not any(map(is_time_line, self.lines[at:end])):
            return end
        for count in range(_MOST_PARAGRAPHS + 1):
            start = next((i for i in range(end, len(self.lines)) if self.lines[i].strip()), len(self.lines))
            stop = self._block_end(start)
            if start == stop or self._is_comment(start, stop) or any(map(is_time_line, self.lines[start:stop])):
                self.left_out["joined"] += count
                return end
            end = stop
        return first

    def _is_comment(self, at: int, end: int) -> bool:
        named = self.is_webvtt and self.lines[at].split(maxsplit=1)[0] in _BLOCKS
        return named and not any(map(is_time_line, self.lines[at:end]))

    def _block(self, at: int, end: int) -> Iterator[tuple[int, str | Rejected]]:
        if at == end:
            return
        if self._is_comment(at, end):
            self.left_out["blocks"] += 1
            return
        times = [i for i in range(at, end) if is_time_line(self.lines[i])]
        if not times:
            yield at + 1, Rejected(at + 1, "it is no subtitle: there is no line of times above it")
            return
        for time, following in zip(times, [*times[1:], end + 1], strict=True):
            last = following - 1
            if following <= end and last > time and _NUMBER.fullmatch(self.lines[last]):
                last -= 1  # the number of the next one, with no empty line between them
            else:
                last = min(last, end - 1)
            yield from self._text(time + 1, last + 1)

    def _text(self, at: int, end: int) -> Iterator[tuple[int, str | Rejected]]:
        parts = self.lines[at:end]
        if refused := next((bad for i, line in enumerate(parts, at + 1) if (bad := too_long(i, line))), None):
            yield refused.line, refused
            return
        text, marks = _MARKS.subn("", "\n".join(part.strip() for part in parts)[: 2 * MAX_LINE])
        self.left_out["marks"] += marks
        text = _unescaped(text).strip() if "&" in text else text.strip()
        if text:
            yield at + 1, text
        else:
            self.left_out["empty"] += 1


def is_time_line(line: str) -> bool:
    """Whether a line says from when to when a subtitle is shown."""
    return len(line) < 300 and _TIME.fullmatch(line.rstrip("\r\n")) is not None


def are_subtitles(lines: Sequence[str]) -> bool:
    """Whether a text begins as SRT or WebVTT files do."""
    top = [line for line in lines[:40] if line.strip()][:8]
    if not top:
        return False
    if re.match(r"\ufeff?WEBVTT(\s|$)", top[0]):
        return True
    return is_time_line(top[0]) or (len(top) > 1 and bool(_NUMBER.fullmatch(top[0])) and is_time_line(top[1]))


def _unescaped(text: str) -> str:
    """``&amp;`` and ``&#233;`` as the characters that they name; as written where a number has thousands of digits."""
    try:
        return html.unescape(text)
    except ValueError:
        return text
