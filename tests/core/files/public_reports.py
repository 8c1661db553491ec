"""Public bug reports, each with an input of ours and the right value (public_reports.jsonl).

A line of the file: ``kind``, ``where``, ``input``, ``expected``, ``source`` (owner/repository#number). Tests take
those of their kinds with `reports`.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).with_name("public_reports.jsonl")
"""35 of the cases that the project was handed; others of the same kinds are held back."""


@dataclass(frozen=True)
class Report:
    """One case. ``given``: its input; ``expected``: the right value, as the report says it."""

    kind: str
    where: str
    given: Any
    expected: Any
    source: str

    @property
    def name(self) -> str:
        """The name of the file that was sent."""
        return self.given["file"]

    @property
    def data(self) -> bytes:
        """The bytes of the file that was sent."""
        if "base64" in self.given:
            return base64.b64decode(self.given["base64"])
        return self.given["text"].encode(self.given["saved_as"])


def all_reports() -> list[Report]:
    """Every case, in the order of the file."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").split("\n") if line]
    return [Report(row["kind"], row["where"], row["input"], row["expected"], row["source"]) for row in rows]


def reports(*kinds: str, where: str = "") -> list[Any]:
    """The cases of these kinds, as parameters of a test that are named by their source."""
    return [
        pytest.param(report, id=report.source)
        for report in all_reports()
        if report.kind in kinds and report.where.startswith(where)
    ]
