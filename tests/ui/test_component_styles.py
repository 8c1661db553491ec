"""Styles of the browser components that a picture of a still page cannot show."""

from __future__ import annotations

import re

from tests.ui.test_pages import ROOT


def test_no_background_fades_behind_letters_whose_colour_changes_at_once() -> None:
    styles = list((ROOT / "assets" / "components").rglob("*.css"))
    fading = [
        (path.name, rule)
        for path in styles
        for rule in re.findall(r"transition:[^;}]*", path.read_text(encoding="utf-8"))
        if "background" in rule or "all" in rule
    ]
    assert styles and not fading, fading
