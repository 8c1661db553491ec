"""No regular expression of ours takes time that grows faster than the text: the sources are read for all of them.

A pattern that may begin anywhere and runs to the end before it fails (``[^\\n]*[^ -~]``) needs hours for 2 MB, and
``re`` gives the interpreter back nowhere meanwhile. Each is searched for in texts of one kind of character, 3 and 12
thousand long."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tools.served import ROOT

CALLS = {"compile", "search", "match", "fullmatch", "finditer", "findall", "sub", "split"}
FILLERS = (
    "a",
    "A",
    "7",
    " ",
    "\n",
    "-",
    "_",
    ".",
    ",",
    "'",
    '"',
    "*",
    "`",
    "[",
    "(",
    "<",
    "&",
    "\\",
    "é",
    "a ",
    "1-",
    "7.",
)
FEW, MANY = 3_000, 12_000
ALLOWED = 0.03  # seconds for the many: quadratic ones take 0.1 and more
FACTOR = 9  # between the few and the many: 4 where time grows with the text, 16 where with its square


@dataclass(frozen=True)
class Use:
    """A pattern of the sources and its place. anchored: it is only asked whether a text begins with it, or is it."""

    place: str
    pattern: str | bytes
    flags: int
    anchored: bool


def uses() -> Iterator[Use]:
    """Every call of ``re`` whose pattern stands in the source."""
    for folder in ("core", "ui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            module = ast.parse(source)
            names = {
                node.value: node.targets[0].id
                for node in ast.walk(module)
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for node in ast.walk(module):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                    continue
                called, pattern = node.func, node.args[0]
                if not (isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr in CALLS):
                    continue
                if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str | bytes):
                    asked = {called.attr} if called.attr != "compile" else methods(source, names.get(node))
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield Use(place, pattern.value, flags(node), bool(asked) and asked <= {"match", "fullmatch"})


def methods(source: str, name: str | None) -> set[str]:
    """How a compiled pattern is asked: by its name in its file, or without one in whatever way the file asks any."""
    asked = re.findall(
        rf"\b{name}\.(\w+)\b" if name else r"\.(search|match|fullmatch|finditer|findall|sub|split)\(", source
    )
    return {*asked} & CALLS


def flags(call: ast.Call) -> int:
    """Of a call, those that are named."""
    named = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)} - CALLS
    return int(sum((re.RegexFlag[name] for name in named if name in re.RegexFlag.__members__), re.NOFLAG))


def seconds(pattern: re.Pattern, filler: str, length: int, *, anchored: bool = False) -> float:
    """Of the processor, for one text."""
    text = (filler * (length // len(filler)))[:length]
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    begun = time.process_time()
    if anchored:
        pattern.match(subject), pattern.fullmatch(subject)
    else:
        for _ in pattern.finditer(subject):
            pass
    return time.process_time() - begun


ALL = list(uses())


def test_the_patterns_are_found() -> None:
    assert len(ALL) > 60
    assert seconds(re.compile(r"[^\n]*[^\x00-\x7f]"), "a", MANY) > ALLOWED, "a bad one is seen"


@pytest.mark.parametrize("use", ALL, ids=[use.place for use in ALL])
def test_time_grows_with_the_text(use: Use) -> None:
    pattern = re.compile(use.pattern, use.flags)
    for filler in FILLERS:
        if seconds(pattern, filler, MANY, anchored=use.anchored) > ALLOWED:
            few, many = (
                min(seconds(pattern, filler, length, anchored=use.anchored) for _ in range(2)) for length in (FEW, MANY)
            )
            assert many < ALLOWED or many < FACTOR * few, f"{filler!r}: {few:.3f} s for {FEW}, {many:.3f} s for {MANY}"
