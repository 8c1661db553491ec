"""Sentences from clauses: one, two that agree, or a contrast in which the last word has it; then neutral words around
them, capitals, contractions, an end.

Not here: the clauses and their negations (clauses.py), which sentences train and which test
(texts.py)."""

from __future__ import annotations

import random
import re

from training.sentiment import phrases
from training.sentiment.clauses import CLAUSES, Weighted, World, is_, the, very, world

ENDS = (".", ".", ".", ".", "!", "!", "!!!", "...", "")
ALSO = (" e ", " e ", ", ", ". ", ". ", "! ", ", além disso ", " e também ")
BUT = (", mas ", ", mas ", ", mas ", ", porém ", ", só que ", ". Mas ", ". Mesmo assim, ", ", no entanto ")
CONTRACTED = {
    "de o": "do",
    "de a": "da",
    "de os": "dos",
    "de as": "das",
    "de este": "deste",
    "de esta": "desta",
    "de estes": "destes",
    "de estas": "destas",
    "de esse": "desse",
    "de essa": "dessa",
    "de esses": "desses",
    "de essas": "dessas",
    "por o": "pelo",
    "por a": "pela",
    "por os": "pelos",
    "por as": "pelas",
}
_CONTRACTED = re.compile(rf"\b({'|'.join(sorted(CONTRACTED, key=len, reverse=True))})\b")


def sentence(
    rng: random.Random, positive: bool, *, words: World | None = None, clauses: Weighted = CLAUSES, alone: bool = False
) -> str:
    """One sentence with that polarity. words, clauses: what it is made of. alone: always one clause."""
    words = words or world()
    if rng.random() < 0.85:
        words = words.about(words.noun(rng).domain)
    kind = 0.0 if alone else rng.random()
    if kind < 0.56:
        text = _clause(rng, words, positive, clauses)
    elif kind < 0.76:
        text = rng.choice(ALSO).join(_clause(rng, words, positive, clauses) for _ in range(2))
    else:
        text = contrast(rng, words, positive, clauses)
    some = rng.random()
    if some < 0.22:
        text = (
            rng.choice(phrases.BEFORE).format(who=rng.choice(phrases.PEOPLE), when=rng.choice(phrases.WHEN))
            + " "
            + text
        )
    elif some < 0.3:
        text += " " + rng.choice(phrases.AFTER)
    return written(text) + rng.choice(ENDS)


def contrast(rng: random.Random, words: World, positive: bool, clauses: Weighted = CLAUSES) -> str:
    """A, but B; although A, B: in both B has the polarity, and A the other one."""
    form, noun = rng.random(), words.noun(rng)
    decides = _clause(rng, words, positive, clauses)
    yields = words.adjective(rng, noun, not positive)
    if form < 0.5:
        return _clause(rng, words, not positive, clauses) + rng.choice(BUT) + decides
    if form < 0.7:  # two adjectives of one thing: bonito, mas chato
        start = rng.choice(("", "", "", f"{the(noun)} {is_(rng, noun)} "))
        return f"{start}{yields}, mas {very(rng, words.adjective(rng, noun, positive))}"
    if form < 0.8:
        return f"mesmo com {the(noun)} {yields}, {decides}"
    if form < 0.9:
        return f"apesar de {the(noun)} {('ser', 'serem')[noun.plural]} {yields}, {decides}"
    return f"embora {the(noun)} {('seja', 'sejam')[noun.plural]} {yields}, {decides}"


def written(text: str) -> str:
    """Single spaces, contractions (de + o = do; not before a verb), a capital after every stop."""
    text = re.sub(r"\s+([,.!])", r"\1", " ".join(text.split()))
    text = re.sub(
        r"\bapesar de (o|a|os|as)\b", r"apesar de_\1", text
    )  # a subject is not contracted with what precedes its verb
    text = _CONTRACTED.sub(lambda found: CONTRACTED[found[0]], text).replace("de_", "de ")
    return re.sub(r"(^|[.!?]\s+)(\w)", lambda found: found[1] + found[2].upper(), text)


def _clause(rng: random.Random, words: World, positive: bool, clauses: Weighted) -> str:
    return rng.choices([one for one, _ in clauses], [weight for _, weight in clauses])[0](rng, words, positive)
