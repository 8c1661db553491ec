"""Everything measured about an encoder, as one JSON document: counts, baselines and 95 % intervals.

Items are made by probes.py (container family) and agreement_cloze.py (treebanks); nothing here was trained on:
held-out text is split in corpus.py, nouns and pairs in lexicon.py, and the treebanks' test parts are forbidden to the
corpus. Agreement beside n-grams is agreement_baselines.py's, hidden content words word_classes.py's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training.common import batches, bias, corpus, families, probes, tokenizer
from training.common.evaluation import container_family, right_share
from training.common.lexicon import containers
from training.common.numbers import by_word, rate
from training.encoder import agreement_baselines, real_text, word_classes


def evaluate(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, corpora: Path, *, baselines: bool = True
) -> dict[str, Any]:
    """The whole document for a model in evaluation mode; without ``baselines`` no n-grams beside its agreement."""
    splits, treebank = corpus.load(corpora), corpora / "ud_pt_test.conllu.gz"
    counted = real_text.counted(made, splits)
    grams = agreement_baselines.counted(made, corpora, splits, batches.Mix()) if baselines else None
    document = {
        **real_text.measure(model, made, splits, counted),
        "masked_words": word_classes.measure(model, made, treebank, counted),
        "containers": container_family(model, made, containers()),
        "families": winograd_families(model, made),
        "gender_of_professions": professions(model, made),
        **agreement_baselines.measure(model, made, treebank, grams),
        "single_token_words": {s.source: rate(*tokenizer.whole_share(made, s.held_out)) for s in splits},
    }
    whole = [tokenizer.whole_share(made, split.held_out) for split in splits]
    document["single_token_words"]["all"] = rate(sum(hits for hits, _ in whole), sum(n for _, n in whole))
    return document


def winograd_families(model: BertForMaskedLM, made: PreTrainedTokenizerFast) -> dict[str, Any]:
    """On stories whose nouns were in no generated training sentence: the adjective among those that fit either noun
    (two
    genders: agreement and meaning), and the answer to the question (one gender and number: meaning only). Chance: 0.5.
    """
    known = frozenset(made.get_vocab())
    agreed = {family.name: probes.family_adjectives(family, known) for family in families.FAMILIES}
    asked = {family.name: probes.family_answers(family, known) for family in families.FAMILIES}
    return {
        "adjective_two_genders": _by_family(model, made, agreed),
        "question_one_gender": _by_family(model, made, asked),
    }


def professions(model: BertForMaskedLM, made: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Share of the masculine article before professions of both genders: per profession, and the mean over all. No
    preference: 0.5. The interval is over professions.
    """
    known = made.get_vocab()
    items = [(word, cloze) for word, cloze in bias.clozes() if word in known]
    shares = probes.shares(model, made, [cloze for _, cloze in items])
    words = dict.fromkeys(word for word, _ in items)
    each = {name: [share for (word, _), share in zip(items, shares, strict=True) if word == name] for name in words}
    named = [(word,) for word, _ in items]
    return {
        "all": by_word(shares, named),
        "each": {word: round(sum(found) / len(found), 3) for word, found in each.items()},
    }


def _by_family(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, clozes: dict[str, list[probes.Cloze]]
) -> dict[str, Any]:
    found = {name: right_share(model, made, group) for name, group in clozes.items() if group}
    return found | {"all": right_share(model, made, [cloze for group in clozes.values() for cloze in group])}
