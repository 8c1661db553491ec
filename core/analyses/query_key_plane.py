"""Queries and keys of one head in one plane (AttentionViz, Yeh et al. 2023).

Queries and keys lie in clouds of their own. Two changes bring them together and leave the attention as it is:

    q·(k − c)   = q·k − q·c       the same for all keys of a row: the softmax does not see it
    (s·q)·(k/s) = q·k

s makes the two spreads equal, c lays the mean of the keys on that of the queries. The plane is that of the two largest
principal components of both together. Not here: t-SNE and UMAP, which AttentionViz uses too: their distances cannot be
read, nor their runs repeated exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..attention.families import is_rotary
from ..models.loading import LanguageModel

TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Plane:
    """queries (query, 2) and keys (key, 2) in the plane; variance (2,): share of all variance along each axis, 0 …
    1.
    """

    queries: np.ndarray
    keys: np.ndarray
    variance: np.ndarray


def together(queries: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Queries (query, dim) scaled by s, keys (key, dim) shifted by c and divided by s: one cloud, the same softmax of
    the scores.
    """
    queries, keys = queries.astype(np.float64), keys.astype(np.float64)
    spread = [np.sqrt(((cloud - cloud.mean(0)) ** 2).sum(1).mean()) for cloud in (queries, keys)]
    scale = np.sqrt(spread[1] / spread[0]) if min(spread) > TINY else 1.0
    moved, shrunk = queries * scale, keys / scale
    return moved, shrunk - shrunk.mean(0) + moved.mean(0)


def query_key_plane(queries: np.ndarray, keys: np.ndarray) -> Plane:
    """PCA of both clouds by one SVD. The sign of an axis is fixed: the largest number of its direction is positive."""
    both = np.concatenate([queries, keys])
    centred = both - both.mean(0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    directions, total = _two(directions), float((sizes**2).sum())
    signs = np.sign(directions[range(2), np.abs(directions).argmax(1)])
    placed = centred @ (directions * np.where(signs == 0, 1, signs)[:, None]).T  # (position, dim) → (position, 2)
    variance = np.resize(np.append(sizes**2, 0.0), 2) if len(sizes) < 2 else sizes[:2] ** 2
    return Plane(placed[: len(queries)], placed[len(queries) :], variance / total if total > TINY else np.zeros(2))


def rotates(lm: LanguageModel) -> bool:
    """Whether positions turn the queries and keys before they meet (rotary positions): then place in the text is mixed
    into them.
    """
    return is_rotary(lm.model, lm.model.config.get_text_config())


def _two(directions: np.ndarray) -> np.ndarray:
    """The first two rows; zeros where there are fewer (one dimension, one point)."""
    return np.concatenate([directions, np.zeros((2, directions.shape[1]))])[:2]
