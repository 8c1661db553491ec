"""What a head does whatever the sentence says, as scores over the rows that could show it.

role       a row's score, and the rows that are eligible
previous   weight on the position before; rows with a position before that is not special
self       weight on the position itself; all rows
next       weight on the position after; rows with a position after, not special, that may be seen
first      weight on the first position of all (where sinks of left-to-right models lie); all rows but the first
separator  weight on special positions other than the first; rows that may see one
duplicate  weight on other positions with the same token; rows that may see one
induction  weight on what followed an earlier occurrence of the same token; rows that have one before them

A score is the mean over eligible rows (special rows look at nothing that means anything and are never eligible), so a
head that always looks at the previous token scores exactly 1, not (n − 1)/n; with it goes the number of rows. A
sentence without repetition has no row for duplicate and induction: they are asked on random words said twice
(`repeated`; Olsson et al. 2022). A role is NAMED only where its score is at least half and at least twice what a map
that is even over what may be seen would score; an even map is named nothing (its evenness is in its entropy). In a
layer with a sliding window shorter than the text, rows that cannot see their place count as misses, and the even map is
that of the whole text: ask shorter texts there. Not here: syntactic relations (relations.py), intervals over sentences
(profiles.py)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np

from ..errors import BadInput
from ..models.loading import LanguageModel
from ..predictions.masked import whole_word
from ..text.tokens import Tokens
from ..views.head_metrics import step_cells

Role = Literal["previous", "self", "next", "first", "separator", "duplicate", "induction"]
ROLES: tuple[Role, ...] = get_args(Role)
_LEAST_SCORE, ABOVE = 0.5, 2.0  # least score, and least ratio to an even map's, of a role that is named
ROWS = 5  # least eligible rows of a role that is named
_WORDS, ITEMS = 20, 30  # of `repeated`


@dataclass(frozen=True, eq=False)
class Scores:
    """score: (role, …) 0 … 1, NaN where no row is eligible; even: (role,) the score of a map that is even over what may
    be seen; rows: (role,) how many were eligible."""

    score: np.ndarray
    even: np.ndarray
    rows: np.ndarray


def scores(maps: np.ndarray, tokens: Tokens, *, causal: bool) -> Scores:
    """Every role of (…, query, key) self-attention maps of one text."""
    fixed = _fixed(tokens.special, causal)
    repeats = _repeats(np.array(tokens.ids), tokens.special, causal)
    cells = fixed.cells if repeats is None else np.concatenate([fixed.cells, repeats.reshape(2, -1)])
    rows = np.concatenate([fixed.rows, np.zeros(2, dtype=int) if repeats is None else repeats.any(-1).sum(-1)])
    even = np.full(len(ROLES), np.nan)
    even[: len(fixed.even)] = fixed.even
    if repeats is not None:
        even[len(fixed.even) :] = _means(fixed.open, cells[len(fixed.even) :], rows[len(fixed.even) :])
    role_scores = np.full((len(ROLES), *maps.shape[:-2]), np.nan)
    role_scores[: len(cells)] = _means(maps, cells, rows[: len(cells)])
    return Scores(role_scores, even, rows)


def named(head_scores: Scores) -> list[Role]:
    """The roles that one head may be called by, best first; of a head's own Scores, (role,)."""
    good = [
        i
        for i in range(len(ROLES))
        if head_scores.rows[i] >= ROWS
        and head_scores.score[i] >= _LEAST_SCORE
        and head_scores.score[i] >= ABOVE * head_scores.even[i]
    ]
    return [ROLES[i] for i in sorted(good, key=lambda i: -head_scores.score[i])]


def repeated(lm: LanguageModel, *, words: int = _WORDS, items: int = ITEMS, seed: int = 11) -> list[str]:
    """Texts of random words of the model's own vocabulary, all different, said twice; every word is one token wherever
    it stands.

    Raises:
        BadInput: the vocabulary has too few such words.
    """
    known = readable(lm)
    if len(known) < 2 * words:
        raise BadInput(
            "The vocabulary of “{name}” has only {n} words that are one token each, and {least} are needed.",
            name=lm.name,
            n=len(known),
            least=2 * words,
        )
    rng = random.Random(seed)
    return [" ".join([*drawn, *drawn]) for drawn in (rng.sample(known, words) for _ in range(items))]


def readable(lm: LanguageModel) -> list[str]:
    """Words of three letters or more that are one piece after a space, in alphabetical order."""
    written = {entry.lstrip("Ġ▁ ") for entry in lm.tokenizer.get_vocab() if not entry.startswith("##")}
    words = sorted(word for word in written if len(word) > 2 and word.isascii() and word.isalpha() and word.islower())
    return [word for word in words if whole_word(lm.tokenizer, word) is not None]


def _means(maps: np.ndarray, cells: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(…, query, key) and (role, query·key) → (role, …): the weight on each row's cells, mean over the rows that have
    any; NaN where none has.
    """
    flat = maps.reshape(-1, cells.shape[1]) @ cells.T.astype(
        maps.dtype, copy=False
    )  # (heads, query·key) (query·key, role)
    means = np.full((len(cells), len(flat)), np.nan)
    np.divide(flat.T, rows[:, None], out=means, where=rows[:, None] > 0)
    return means.reshape(len(cells), *maps.shape[:-2])


@dataclass(frozen=True, eq=False)
class _Fixed:
    """What the words do not change: cells of the first five roles (role, query·key) float32, how many rows have any,
    their score on ``open``, the map (query, key) that is even over what may be seen."""

    cells: np.ndarray
    rows: np.ndarray
    even: np.ndarray
    open: np.ndarray


@lru_cache(maxsize=256)
def _fixed(special: tuple[bool, ...], causal: bool) -> _Fixed:
    n = len(special)
    none = np.zeros(n, dtype=int)
    open_ = np.tri(n) if causal else np.ones((n, n))
    open_ /= open_.sum(-1, keepdims=True)
    cells = np.stack(
        [
            _shut(rule(none, np.array(special)), special, causal)
            for rule in (_step(-1), _step(0), _step(1), _first, _separator)
        ]
    )
    rows, flat = cells.any(-1).sum(-1), cells.reshape(len(cells), -1).astype(np.float32)
    return _Fixed(flat, rows, _means(open_, flat, rows), open_)


def _repeats(ids: np.ndarray, special: tuple[bool, ...], causal: bool) -> np.ndarray | None:
    """Cells of the last two roles, (role, query, key) bool; None for a text in which no token comes twice."""
    if len(np.unique(ids)) == len(ids):
        return None
    return np.stack([_shut(rule(ids, np.array(special)), special, causal) for rule in (_duplicate, _induction)])


def _shut(cells: np.ndarray, special: tuple[bool, ...], causal: bool) -> np.ndarray:
    """(query, key) bool without what may not be seen and without special rows."""
    if causal:
        cells = cells & np.tri(len(special), dtype=bool)
    cells[list(special)] = False
    return cells


def _step(offset: int):
    def rule(ids: np.ndarray, special: np.ndarray) -> np.ndarray:
        return step_cells(range(len(ids)), range(len(ids)), special.tolist(), offset)

    return rule


def _first(ids: np.ndarray, special: np.ndarray) -> np.ndarray:
    cells = np.zeros((len(ids),) * 2, dtype=bool)
    cells[1:, 0] = True
    return cells


def _separator(ids: np.ndarray, special: np.ndarray) -> np.ndarray:
    cells = np.tile(special, (len(ids), 1))
    cells[:, 0] = False
    return cells


def _duplicate(ids: np.ndarray, special: np.ndarray) -> np.ndarray:
    return (ids[:, None] == ids[None]) & ~np.eye(len(ids), dtype=bool)


def _induction(ids: np.ndarray, special: np.ndarray) -> np.ndarray:
    """Key j follows an earlier i′ with the token of the row: ids[j − 1] = ids[i], j − 1 < i and j < i."""
    cells = np.zeros((len(ids),) * 2, dtype=bool)
    cells[:, 1:] = (ids[:, None] == ids[None])[:, :-1]
    return cells & np.tri(len(ids), k=-1, dtype=bool)


def best_offset(maps: np.ndarray, special: Sequence[bool], *, reach: int = 8) -> tuple[int, float]:
    """(k, score) of the fixed step that one (query, key) map takes most: mean weight on the position k after, over the
    rows that have it.
    """
    words = ~np.array(special, dtype=bool)
    by_step = {}
    for step in (k for k in range(-reach, reach + 1) if abs(k) < len(maps)):
        cells = np.eye(len(maps), k=step, dtype=bool) & words[:, None] & words[None]
        by_step[step] = float(maps[cells].mean()) if cells.any() else 0.0
    best = min(by_step, key=lambda step: (-by_step[step], abs(step)))
    return best, by_step[best]
