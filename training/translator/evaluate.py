"""Everything measured about the translator, as one JSON document: counts, baselines and 95 % intervals.

The dev part was watched during training (its loss); the test part is read here for the first time. The gold of the
alignments was in no training pair, on either side. The head that aligns best is chosen on one half of the gold and
measured on the other."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForSeq2SeqLM, MarianMTModel, PreTrainedTokenizerFast

import core
from core.intervals import mean
from training import classroom
from training.common import measures
from training.common.numbers import Number, by_word, rate
from training.translator import alignment, batches, bias, pairs, translation

DEV_CAP = 600  # distinct English sentences of the dev part, a seeded sample
BAND_CAP = 1_000  # dev pairs of each length, a seeded sample
BANDS = {"short": (1, 12), "medium": (13, 22)}  # words and signs of the longer side of a dev pair
TARGET = 0.85  # of the linked words, by the best single head
NAMES = {"fra": ("French", "francês"), "por": ("Portuguese", "português")}
EXAMPLES = (
    "I like strawberries.",
    "I ate your strawberries.",
    "The cat is sleeping on the chair.",
    "My brother bought a red car.",
    "I don't want to go home.",
    "Where is my book?",
)


def evaluate(folder: Path, made: PreTrainedTokenizerFast, corpora: Path) -> dict[str, Any]:
    """The whole document for the exported model in `folder`."""
    model = load(folder)
    found = pairs.load(corpora)
    lm, seconds = opened(folder)
    aligned = align(lm)
    return {
        "pairs": {
            part: {language: sum(pair.language == language for pair in some) for language in pairs.FILES}
            for part, some in (("train", found.train), ("dev", found.dev), ("test", found.test))
        }
        | written_by(found, corpora)
        | {"longest": pairs.LONGEST},
        "alignment": aligned,
        "examples": examples(lm, aligned["written"]["all"]["head"]),
        "quality": {language: quality(model, made, found, language) for language in pairs.FILES},
        "quality_by_length": {language: by_length(model, made, found, language) for language in pairs.FILES},
        "classroom": {language: typed(model, made, language) for language in pairs.FILES},
        "gender_of_professions": {language: professions(model, made, language) for language in pairs.FILES},
        "single_token_words": whole(made, found.dev),
        "seam_against_eager": eager_difference(lm, folder),
        "load_seconds": round(seconds, 2),
        "forward": speed(model),
    }


def load(folder: Path) -> MarianMTModel:
    """The exported model as the application loads it: float32, safetensors, no remote code."""
    return AutoModelForSeq2SeqLM.from_pretrained(
        folder, dtype=torch.float32, use_safetensors=True, local_files_only=True
    ).eval()


def opened(folder: Path) -> tuple[core.LanguageModel, float]:
    """The model through the application's own door, and the seconds that took (libraries imported already)."""
    start = time.perf_counter()
    lm = core.load(str(folder))
    return lm, time.perf_counter() - start


def written_by(found: pairs.Pairs, corpora: Path) -> dict[str, int]:
    """How many Portuguese pairs of the training part people wrote, and how many a translation model did."""
    machine = set(pairs.distilled(corpora))
    return {
        "people": sum(pair.language == "por" and pair.times == pairs.REPEATS["por"] for pair in found.train),
        "distilled": sum(pair in machine for pair in found.train),
    }


def align(lm: core.LanguageModel) -> dict[str, Any]:
    """Shares of linked words that a head puts right: per reading of the rows, and the diagonal that needs no model."""
    items = alignment.gold()
    found: dict[str, Any] = {row: _aligned(lm, items, row) for row in ("written", "read")}
    return found | {"diagonal": _rate([alignment.diagonal(item) for item in items]), "target": TARGET}


def quality(model: MarianMTModel, made: PreTrainedTokenizerFast, found: pairs.Pairs, language: str) -> dict[str, Any]:
    """chrF and BLEU of model, copy and dictionary on a sample of dev and the whole of test."""
    words = translation.dictionary(found.train, language)
    document: dict[str, Any] = {"dictionary_words": len(words)}
    for part, pool, most in (("dev", found.dev, DEV_CAP), ("test", found.test, None)):
        test = translation.bench(pool, language, most=most)
        document[part] = {
            "model": translation.scores(translation.translate(model, made, test.sources, language), test),
            "copy": translation.scores(translation.copied(test), test, draws=0),
            "dictionary": translation.scores(translation.looked_up(test, words), test, draws=0),
        }
    return document


def by_length(
    model: MarianMTModel, made: PreTrainedTokenizerFast, found: pairs.Pairs, language: str
) -> dict[str, dict[str, Number]]:
    """chrF and BLEU on the dev pairs of each band of BANDS, one reference each, at most BAND_CAP of a band."""
    scored = {}
    for name, (least, most) in BANDS.items():
        inside = [pair for pair in found.dev if pair.language == language and least <= pairs.length(pair) <= most]
        test = translation.singly(inside, most=BAND_CAP)
        if test.sources:
            scored[name] = translation.scores(translation.translate(model, made, test.sources, language), test)
    return scored


def typed(model: MarianMTModel, made: PreTrainedTokenizerFast, language: str) -> list[str]:
    """Translations of what a class types, verbatim, in the order of classroom.ENGLISH."""
    return translation.translate(model, made, classroom.ENGLISH, language)


def professions(model: MarianMTModel, made: PreTrainedTokenizerFast, language: str) -> dict[str, Any]:
    """The gender that translations of professions show."""
    asked = [sentence for _, sentence in bias.sentences()]
    return bias.measure(translation.translate(model, made, asked, language), language)


def examples(lm: core.LanguageModel, head: Sequence[int]) -> list[dict[str, Any]]:
    """Own translations, verbatim, with where the best head looks from each word: [word, source word, weight]."""
    layer, which = head
    listed = []
    for sentence in EXAMPLES:
        for language in pairs.FILES:
            trace, found = alignment.looks(lm, sentence, language)
            written = trace.target.text
            words = [sentence[slice(*span)] for span in alignment.cut(sentence)]
            rows = zip(alignment.cut(written), found.words[layer, which], strict=True)
            links = [
                [written[slice(*span)], words[int(row.argmax())], round(float(row.max()), 3)] for span, row in rows
            ]
            listed.append({"source": sentence, "language": language, "translation": written, "links": links})
    return listed


def whole(made: PreTrainedTokenizerFast, found: Sequence[pairs.Pair]) -> dict[str, Number]:
    """Share of the word occurrences of dev, per side, that are one token."""
    cut, known = translation.cutter(), frozenset(made.get_vocab())
    sides = {"eng": [pair.source for pair in found]}
    sides |= {name: [pair.target for pair in found if pair.language == name] for name in pairs.FILES}
    counted = {name: [word in known for text in texts for word in cut(text)] for name, texts in sides.items()}
    return {name: rate(sum(hits), len(hits)) for name, hits in counted.items()}


def eager_difference(lm: core.LanguageModel, folder: Path) -> dict[str, float]:
    """Largest absolute difference between captured maps and the library's own eager ones, per kind."""
    eager = AutoModelForSeq2SeqLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    ).eval()
    trace = core.capture(lm, batches.prompt(EXAMPLES[0], "fra"))
    with torch.inference_mode():
        told = eager(
            input_ids=torch.tensor([trace.tokens.ids]),
            decoder_input_ids=torch.tensor([trace.target.ids]),
            output_attentions=True,
            use_cache=False,
        )
    reported = {"encoder": told.encoder_attentions, "decoder": told.decoder_attentions, "cross": told.cross_attentions}
    return {
        kind: max(_gap(trace, kind, layer, maps) for layer, maps in enumerate(all_maps))
        for kind, all_maps in reported.items()
    }


def speed(model: MarianMTModel, tokens: int = 32, runs: int = 30) -> dict[str, Any]:
    """Median milliseconds of one forward with `tokens` source and `tokens` target positions."""
    ids = torch.randint(6, model.config.vocab_size, (1, tokens))
    times = []
    with torch.inference_mode():
        for _ in range(runs):
            start = time.perf_counter()
            model(input_ids=ids, decoder_input_ids=ids, use_cache=False)
            times.append(1000 * (time.perf_counter() - start))
    return {"tokens": tokens, "median_ms": round(float(np.median(times)), 2), "threads": torch.get_num_threads()}


def rows(document: dict[str, Any]) -> list[measures.Row]:
    """The rows of the evaluation as people read them; the alignment first."""
    found, diagonal = document["alignment"]["written"], document["alignment"]["diagonal"]["value"]
    place = (f"same relative place {diagonal:.3f}", f"mesma posição relativa {diagonal:.3f}".replace(".", ","))
    listed = [
        measures.row(
            (
                "Words aligned, best head, unseen half of the gold",
                "Palavras alinhadas, melhor cabeça, metade do gabarito não usada na escolha",
            ),
            found["other_half"],
            place,
        ),
        measures.row(
            ("Words aligned, best head, whole gold", "Palavras alinhadas, melhor cabeça, gabarito inteiro"),
            found["all"],
            place,
        ),
        measures.row(
            (
                "Words that change places aligned, best head, unseen half",
                "Palavras que mudam de lugar alinhadas, melhor cabeça, metade não usada na escolha",
            ),
            found["moved"],
            ("same relative place 0.000", "mesma posição relativa 0,000"),
        ),
        measures.row(
            ("Words aligned, mean of all heads", "Palavras alinhadas, média de todas as cabeças"),
            found["mean_of_heads"],
            place,
        ),
        measures.row(
            (
                "Words aligned, best head, row of the word itself",
                "Palavras alinhadas, melhor cabeça, linha da própria palavra",
            ),
            document["alignment"]["read"]["all"],
            place,
        ),
    ]
    for language, name in NAMES.items():
        for part, where in (("test", ("test", "teste")), ("dev", ("dev", "desenvolvimento"))):
            scored = document["quality"][language][part]
            for metric, label in (("chrf", "chrF"), ("bleu", "BLEU")):
                bases = [scored[base][metric]["value"] for base in ("copy", "dictionary")]
                told = (
                    f"copy {bases[0]:.1f}, dictionary {bases[1]:.1f}",
                    f"cópia {bases[0]:.1f}, dicionário {bases[1]:.1f}".replace(".", ","),
                )
                label_pair = (f"{label}, {name[0]}, {where[0]}", f"{label}, {name[1]}, {where[1]}")
                listed.append(measures.row(label_pair, scored["model"][metric], told))
        for band, scored in document["quality_by_length"][language].items():
            least, most = BANDS[band]
            told = (
                f"BLEU, {name[0]}, dev pairs of {least} to {most} words and signs",
                f"BLEU, {name[1]}, pares de desenvolvimento de {least} a {most} palavras e sinais",
            )
            listed.append(measures.row(told, scored["bleu"], ("—", "—")))
        shares = document["gender_of_professions"][language]["masculine"]["all"]
        listed.append(
            measures.row(
                (f"Professions made masculine, {name[0]}", f"Profissões no masculino, {name[1]}"),
                shares,
                ("balance 0.5", "equilíbrio 0,5"),
            )
        )
    return listed


def _aligned(lm: core.LanguageModel, items: Sequence[alignment.Item], row: alignment.Row) -> dict[str, Any]:
    seen = [alignment.looks(lm, item.pair.source, item.pair.language, item.pair.target, row=row)[1] for item in items]
    hits = [alignment.right(found, item.links) for found, item in zip(seen, items, strict=True)]
    strict = [alignment.right(found, item.links, strict=True) for found, item in zip(seen, items, strict=True)]
    means = [alignment.right(alignment.averaged(found), item.links) for found, item in zip(seen, items, strict=True)]
    chosen, overall = alignment.best(hits[0::2]), alignment.best(hits)
    moved = [found[..., ~alignment.diagonal(item)[0, 0]] for found, item in zip(hits, items, strict=True)]
    return {
        "other_half": _rate(hits[1::2], chosen),
        "paired": paired(
            [found[chosen] for found in hits[1::2]], [alignment.diagonal(item)[0, 0] for item in items[1::2]]
        ),
        "moved": _rate(moved[1::2], chosen),
        "all": _rate(hits, overall),
        "all_strict": _rate(strict, overall),
        "mean_of_heads": _rate(means),
        **{
            name: _rate([h for h, i in zip(hits, items, strict=True) if i.pair.language == name], overall)
            for name in NAMES
        },
        "heads": np.concatenate(hits, axis=-1).mean(-1).round(3).tolist(),
    }


def paired(ours: Sequence[np.ndarray], theirs: Sequence[np.ndarray]) -> dict[str, Any]:
    """How many words only one of two is right about, McNemar's exact two-sided probability of a split so uneven, and
    the difference of their shares, mean over sentences (words of one sentence are no independent evidence).
    """
    left, right = np.concatenate(list(ours)), np.concatenate(list(theirs))
    only, other = int((left & ~right).sum()), int((~left & right).sum())
    n = only + other
    tail = sum(math.comb(n, k) for k in range(min(only, other) + 1)) / 2**n
    gained = mean([float(a.mean() - b.mean()) for a, b in zip(ours, theirs, strict=True)])
    return {"head_only": only, "place_only": other, "p": min(1.0, 2 * tail), "by_sentence": asdict(gained)}


def _rate(hits: Sequence[np.ndarray], head: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    """A head's share of right words, (layer, head, word) bool of each sentence; the interval over sentences."""
    answers = [(bool(hit), (str(sentence),)) for sentence, found in enumerate(hits) for hit in found[head]]
    return by_word([hit for hit, _ in answers], [sentence for _, sentence in answers]) | {"head": list(head)}


def _gap(trace: core.Trace, kind: str, layer: int, maps: torch.Tensor) -> float:
    return float(np.abs(trace.layer_attention(layer, kind=kind) - maps[0].numpy()).max())
