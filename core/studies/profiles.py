"""How every head behaves over many sentences: metrics with n and an interval, and the distances between heads.

The metrics of one map are those of core/views/head_metrics.py; confidence is its focus.

==========  ============================================================================================================
entropy     −Σ α log α ÷ log(keys that may be seen), 0 one key … 1 evenly over all
distance    Σ α·|i − j| over keys that are not special ÷ Σ α, in tokens (Vig & Belinkov 2019)
confidence  mean over rows of the largest weight on a key that is not special (Voita et al. 2019 leave out the end of
sentence)
sink        weight on special tokens, on the first position and on what a model's own sinks take
sink_norm
    the same share of what is FETCHED: ‖α·v·W_O‖ of those keys ÷ that of all keys, of this head (Kobayashi et al. 2020)
==========  ============================================================================================================

Means over rows that are not special, then over sentences; the interval is a bootstrap over sentences. The roles of
roles.py go along. Distance between two heads: Jensen–Shannon divergence of their rows, in nats, mean over rows (Clark
et al. 2019 sum over tokens; a mean compares texts of any length), and a map of heads in two dimensions by classical
scaling (Torgerson 1952; they used another fitting)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput
from ..intervals import Estimate, mean, of_few
from ..text.tokens import Tokens
from ..views.head_metrics import entropy, focus, mean_distance, sink
from .roles import ROLES, Scores, scores

METRICS = ("entropy", "distance", "confidence", "sink", "sink_norm")


@dataclass(frozen=True, eq=False)
class Profile:
    """values: metric or role → (sentence, layer, head), NaN where a sentence does not show it. rows: role → eligible
    rows of all sentences;
    even: role → what an even map would score, mean over sentences."""

    values: dict[str, np.ndarray]
    rows: dict[str, int]
    even: dict[str, float]

    @property
    def sentences(self) -> int:
        return len(self.values["entropy"])

    def means(self, name: str) -> np.ndarray:
        """(layer, head), mean over the sentences that show it; NaN where none does."""
        values = self.values[name]
        count = (~np.isnan(values)).sum(0)
        return np.divide(np.nansum(values, axis=0), count, out=np.full(count.shape, np.nan), where=count > 0)

    def estimate(self, name: str, layer: int, head: int, *, seed: int = 0) -> Estimate:
        """One head's mean with its n (sentences) and 95 % interval."""
        values = self.values[name][:, layer, head]
        return of_few(mean(values[~np.isnan(values)], seed=seed))

    def roles(self, layer: int, head: int) -> Scores:
        """The role scores of one head over all sentences, as roles.named takes them."""
        return Scores(
            *(
                np.array(part)
                for part in (
                    [self.means(role)[layer, head] for role in ROLES],
                    [self.even[role] for role in ROLES],
                    [self.rows[role] for role in ROLES],
                )
            )
        )


def profile(
    sentences: Iterable[tuple[Tokens, np.ndarray, np.ndarray | None]],
    *,
    causal: bool,
    progress: Callable[[int], None] | None = None,
) -> Profile:
    """From (tokens, maps (layer, head, query, key), sizes of what each key brings or None (layer, head, key)) of each
    sentence.
    """
    collected: dict[str, list[np.ndarray]] = {name: [] for name in (*METRICS, *ROLES)}
    roles: list[Scores] = []
    for done, (tokens, maps, sizes) in enumerate(sentences, 1):
        for name, values in head_behaviour(maps, tokens, sizes).items():
            collected[name].append(values)
        roles.append(scores(maps, tokens, causal=causal))
        for index, name in enumerate(ROLES):
            collected[name].append(roles[-1].score[index])
        if progress is not None:
            progress(done)
    if not roles:
        raise BadInput("None of these sentences could be read by this model.")
    rows: dict[str, int] = {
        name: int(sum(of_sentence.rows[index] for of_sentence in roles)) for index, name in enumerate(ROLES)
    }
    even: dict[str, float] = {
        name: float(np.nanmean(even_scores))
        if not np.isnan(even_scores := np.array([of_sentence.even[index] for of_sentence in roles])).all()
        else float("nan")
        for index, name in enumerate(ROLES)
    }
    return Profile({name: np.stack(values) for name, values in collected.items()}, rows, even)


def head_behaviour(maps: np.ndarray, tokens: Tokens, sizes: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """METRICS of (layer, head, query, key) maps: (layer, head) each. sizes (layer, head, key): ‖v·W_O‖ of each key;
    None: sink_norm is NaN.
    """
    special = np.array(tokens.special, dtype=bool)
    positions = np.arange(len(special))
    queries = positions if special.all() else positions[~special]
    rows = maps[:, :, queries]
    words, resting = rows[..., ~special], special | (positions == 0)
    return {
        "entropy": entropy(rows).mean(-1),
        "distance": mean_distance(words, queries, positions[~special]),
        "confidence": focus(words),
        "sink": sink(rows, resting),
        "sink_norm": np.full(maps.shape[:2], np.nan) if sizes is None else _brought(rows, sizes, resting),
    }


def divergences(maps: np.ndarray, progress: Callable[[int, int], None] = lambda _done, _all: None) -> np.ndarray:
    """(layer·head, layer·head) nats, 0 … log 2: Jensen–Shannon divergence between the heads of (layer, head, query,
    key) maps, mean over rows. ``progress``: called with the heads done and all of them, before each.
    """
    heads = maps.reshape(-1, *maps.shape[2:]).astype(np.float64)
    heads = heads / np.maximum(heads.sum(-1, keepdims=True), 1e-12)
    entropies = _negative_entropy(heads)  # (head, query)
    distances = np.zeros((len(heads),) * 2)
    for i, head in enumerate(heads):
        progress(i, len(heads))
        middle = _negative_entropy((head[None] + heads[i:]) / 2)
        distances[i, i:] = ((entropies[i][None] + entropies[i:]) / 2 - middle).mean(-1)
    return np.maximum(distances + np.triu(distances, 1).T, 0)


def scaled(distances: np.ndarray) -> tuple[np.ndarray, float]:
    """((item, 2) coordinates, share 0 … 1 of the squared distances that they hold) by classical scaling of a distance
    matrix.
    """
    n = len(distances)
    centre = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(-centre @ (distances**2) @ centre / 2)
    order = np.argsort(-values)[:2]
    held, total = np.maximum(values[order], 0), np.abs(values).sum()
    places = np.zeros((n, 2))
    places[:, : len(order)] = vectors[:, order] * np.sqrt(held)  # one head alone has one dimension
    return places * np.where(places.sum(0) < 0, -1, 1), float(held.sum() / total) if total else 0.0


def _brought(rows: np.ndarray, sizes: np.ndarray, resting: np.ndarray) -> np.ndarray:
    """(layer, head): share of what is fetched that comes from where attention rests."""
    fetched = rows * sizes[:, :, None]
    return (fetched[..., resting].sum(-1) / np.maximum(fetched.sum(-1), 1e-12)).mean(-1)


def _negative_entropy(p: np.ndarray) -> np.ndarray:
    return (p * np.log(np.where(p > 0, p, 1))).sum(-1)
