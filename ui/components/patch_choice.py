"""What is chosen in the component of picture patches: a layer, one of its panels, and the patch that looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PatchChoice:
    """layer and panel from 0; panels are the heads, then rollout, then its null; query: the position that looks."""

    layer: int
    panel: int
    query: int
