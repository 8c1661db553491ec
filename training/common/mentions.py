"""Generated sentences about any noun of the language: who thought of what, and the question that only the story
answers.

"Ana pensou no rio e Paulo pensou na festa. Em que Paulo pensou? Na festa." They teach to look a word up in the sentence
whatever the word is, where the other families repeat a few hundred nouns. The nouns come from the training part of the
treebanks, with the gender they have there.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from training.common.agreement_cloze import sentences
from training.common.families import Filler, fillers, held_out
from training.common.lexicon import HELD_OUT_NOUNS

LEAST = 3  # times that a noun must occur in the treebanks' training part
PEOPLE = "Ana Paulo Maria João Pedro Clara Carlos Júlia Lucas Helena Miguel Sofia Tiago Beatriz".split()
WAYS = (
    ("pensou", "em", "Em que"),
    ("falou", "de", "De que"),
    ("sonhou", "com", "Com que"),
    ("escreveu", "sobre", "Sobre o que"),
    ("precisou", "de", "De que"),
    ("reclamou", "de", "De que"),
)
JOINED = {"em": "n", "de": "d"}


@cache
def nouns(corpora: Path, vocabulary: frozenset[str]) -> tuple[Filler, ...]:
    """Singular nouns of one gender that are whole in the vocabulary; nouns held out of any family are not among
    them.
    """
    path = corpora / "ud_pt_train.conllu.gz"
    if not path.exists():
        return ()
    seen = Counter(
        (word.form, word.features["Gender"])
        for _, _, words in sentences(path)
        for word in words
        if word.tag == "NOUN"
        and word.form.islower()
        and word.form.isalpha()
        and word.features.get("Number") == "Sing"
        and "Gender" in word.features
    )
    kept = {form: gender for (form, gender), n in seen.items() if n >= LEAST and seen[form, _other(gender)] * 10 < n}
    banned = HELD_OUT_NOUNS | {filler.text for filler in fillers() if held_out(filler)}
    return tuple(
        Filler(form, "m" if gender == "Masc" else "f")
        for form, gender in sorted(kept.items())
        if form in vocabulary and form not in banned
    )


def sentence(rng: random.Random, known: Sequence[Filler]) -> str:
    """Two people, two nouns, one question; ``known`` are the nouns that may be named."""
    (one, other), (first, second) = rng.sample(PEOPLE, 2), rng.sample(list(known), 2)
    verb, preposition, asking = rng.choice(WAYS)
    told = [f"{who} {verb} {phrase(preposition, noun)}" for who, noun in ((one, first), (other, second))]
    who, noun = rng.choice(((one, first), (other, second)))
    answer = phrase(preposition, noun)
    return f"{' e '.join(told)}. {asking} {who} {verb}? {answer[0].upper()}{answer[1:]}."


def phrase(preposition: str, noun: Filler) -> str:
    """'em' and rio: 'no rio'; 'com' and festa: 'com a festa'."""
    article = "o" if noun.gender == "m" else "a"
    return (
        f"{JOINED[preposition]}{article} {noun.text}"
        if preposition in JOINED
        else f"{preposition} {article} {noun.text}"
    )


def texts(count: int, known: Collection[Filler], rng: random.Random) -> list[str]:
    """``count`` sentences; none where no noun is known."""
    listed = list(known)
    return [sentence(rng, listed) for _ in range(count)] if len(listed) > 1 else []


def _other(gender: str) -> str:
    return "Fem" if gender == "Masc" else "Masc"
