"""What the page Explore says of itself; it stands right under the picture."""

from __future__ import annotations

from ...explorer.explain import explain
from ...shell.locale import t


def explain_explorer() -> None:
    """The four parts."""
    explain(
        t(
            "Each row is a word that looks, each column a word that is looked at; the darker the cell, the "
            "more of the row's 100% goes there. The small maps are all the heads, layer by layer."
        ),
        t(
            "Hover a word to see where it looks; click to hold it, with Shift to hold several. Choose "
            "another picture above, another head in the small maps, or walk with the arrow keys; press ? "
            "for all keys."
        ),
        t(
            "A weight says how much the vector at another word's place counts in this head's sum. Above layer "
            "1 that vector is already a mixture of words, and a large weight on a small vector brings little. "
            "Heads differ: some look at the neighbour, some at punctuation, some at a related word."
        ),
        t(
            "A weight is not a reason. A head that looks somewhere may change nothing in the answer, and "
            "one sentence says little about what a head does."
        ),
    )
