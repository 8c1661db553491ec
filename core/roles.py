"""What a head does whatever the sentence says, as scores over the rows that could show it.

============  ==============================================================================  ===========================================
role          a row's score                                                                   eligible rows
============  ==============================================================================  ===========================================
previous      weight on the position before                                                   a position before that is not special
self          weight on the position itself                                                   all
next          weight on the position after                                                    a position after, not special, that may be seen
first         weight on the first position of all (where sinks of left-to-right models lie)   not the first
separator     weight on special positions other than the first                                there is one that may be seen
duplicate     weight on other positions with the same token                                   there is one that may be seen
induction     weight on what followed an earlier occurrence of the same token                 there is one, before the row
============  ==============================================================================  ===========================================

A score is the mean over eligible rows (special rows look at nothing that means anything and are never eligible), so a head that always
looks at the previous token scores exactly 1, not (n − 1)/n; with it goes the number of rows. A sentence without repetition has no row
for duplicate and induction: they are asked on random words said twice (`repeated`; Olsson et al. 2022). A role is NAMED only where its
score is at least half and at least twice what a map that is even over what may be seen would score; an even map is named nothing (its
evenness is in its entropy). Not here: syntactic relations (relations.py), intervals over sentences (profiles.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from .errors import BadInput
from .masked import whole_word
from .models import LanguageModel
from .tokens import Tokens

Role = Literal["previous", "self", "next", "first", "separator", "duplicate", "induction"]
ROLES: tuple[Role, ...] = get_args(Role)
NAMED, ABOVE = 0.5, 2.0  # least score, and least ratio to an even map's, of a role that is named
ROWS = 5  # least eligible rows of a role that is named
WORDS, ITEMS = 20, 30  # of `repeated`


@dataclass(frozen=True, eq=False)
class Scores:
    """score: (role, …) 0 … 1, NaN where no row is eligible; even: (role,) the score of a map that is even over what may be seen; rows: (role,) how
    many were eligible."""

    score: np.ndarray
    even: np.ndarray
    rows: np.ndarray


def scores(maps: np.ndarray, tokens: Tokens, *, causal: bool) -> Scores:
    """Every role of (…, query, key) self-attention maps of one text."""
    shown = [_cells(role, tokens, causal=causal) for role in ROLES]
    open_ = np.tri(len(tokens), dtype=bool) if causal else np.ones((len(tokens),) * 2, dtype=bool)
    even = open_ / open_.sum(-1, keepdims=True)
    return Scores(np.stack([_mean(maps, one) for one in shown]), np.array([float(_mean(even, one)) for one in shown]), np.array([int(one.any(-1).sum()) for one in shown]))


def named(found: Scores) -> list[Role]:
    """The roles that one head may be called by, best first; of a head's own Scores, (role,)."""
    good = [i for i in range(len(ROLES)) if found.rows[i] >= ROWS and found.score[i] >= NAMED and found.score[i] >= ABOVE * found.even[i]]
    return [ROLES[i] for i in sorted(good, key=lambda i: -found.score[i])]


def repeated(lm: LanguageModel, *, words: int = WORDS, items: int = ITEMS, seed: int = 11) -> list[str]:
    """Texts of random words of the model's own vocabulary, all different, said twice; every word is one token wherever it stands.

    Raises:
        BadInput: the vocabulary has too few such words.
    """
    known = readable(lm)
    if len(known) < 2 * words:
        raise BadInput("The vocabulary of “{name}” has only {n} words that are one piece each, and {least} are needed.", name=lm.name, n=len(known), least=2 * words)
    rng = random.Random(seed)
    return [" ".join([*drawn, *drawn]) for drawn in (rng.sample(known, words) for _ in range(items))]


def readable(lm: LanguageModel) -> list[str]:
    """Words of three letters or more that are one piece after a space, in alphabetical order."""
    written = {entry.lstrip("Ġ▁ ") for entry in lm.tokenizer.get_vocab() if not entry.startswith("##")}
    words = sorted(word for word in written if len(word) > 2 and word.isascii() and word.isalpha() and word.islower())
    return [word for word in words if whole_word(lm.tokenizer, word) is not None]


def _mean(maps: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """(…, query, key) → (…,): the weight on each row's cells, mean over the rows that have any."""
    rows = cells.any(-1)
    if not rows.any():
        return np.full(maps.shape[:-2], np.nan)
    return (maps[..., rows, :] * cells[rows]).sum(-1).mean(-1)


def _cells(role: Role, tokens: Tokens, *, causal: bool) -> np.ndarray:
    """(query, key) bool: the cells whose weight counts for a role."""
    n = len(tokens)
    cells = _RULES[role](np.array(tokens.ids), np.array(tokens.special, dtype=bool))
    if causal:
        cells &= np.tri(n, dtype=bool)
    cells[np.array(tokens.special, dtype=bool)] = False
    return cells


def _step(offset: int):
    def rule(ids: np.ndarray, special: np.ndarray) -> np.ndarray:
        return np.eye(len(ids), k=offset, dtype=bool) & (~special[None] if offset else True)

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


_RULES = {"previous": _step(-1), "self": _step(0), "next": _step(1), "first": _first, "separator": _separator, "duplicate": _duplicate, "induction": _induction}


def best_offset(maps: np.ndarray, special: Sequence[bool], *, reach: int = 8) -> tuple[int, float]:
    """(k, score) of the fixed step that one (query, key) map takes most: mean weight on the position k after, over the rows that have it."""
    words = ~np.array(special, dtype=bool)
    found = {}
    for step in (k for k in range(-reach, reach + 1) if abs(k) < len(maps)):
        cells = np.eye(len(maps), k=step, dtype=bool) & words[:, None] & words[None]
        found[step] = float(_mean(maps, cells)) if cells.any() else 0.0
    best = min(found, key=lambda step: (-found[step], abs(step)))
    return best, found[best]
