"""What the analyses cost, and how much of a sentence's new vectors comes from elsewhere.

    python -m benchmarks analyses

Seconds of every analysis on the bundled models at 32 and 128 tokens (median of three, one thread); sentences a second
of the role tables (every head's scores of every sentence) against a plain batched forward of the same body over the
same sentences, in the same batches; the five mixing ratios of Kobayashi et al. 2021 over 60 sentences beside the
published ones of BERT-base, which are quoted."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import torch

import core
from core.analyses.ablation import ablations, edge_knockouts
from core.analyses.input_attribution import method_maps
from core.analyses.logit_attribution import attribution
from core.analyses.relevance import relevance
from core.analyses.rollout import attention_flow, mean_heads, rollout
from core.analyses.score import logit_difference
from core.attention.families import no_cache
from core.coreference.items import bundled_items
from core.models.sources import default_root
from core.studies.profiles import divergences
from core.studies.roles import scores
from core.text.tokens import encode
from core.tracing.batches import _chunks, _size, attentions, batch_kind

from .machine import bar, write

MODELS = ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator")
LENGTHS = (32, 128)
WORDS = (
    "Ela derramou água da jarra para o copo até que ficasse cheio e depois guardou tudo no armário da cozinha".split()
)
ENGLISH = "She poured the water from the jug into the glass until it was full and then she put it all away".split()
PUBLISHED = {"weights": 0.971, "fetched": 0.852, "weights_residual": 0.486, "residual": 0.223, "normed": 0.188}


def measure() -> None:
    """Run everything and write results/analyses.json."""
    torch.set_num_threads(1)
    rows, ratios = [], {}
    for name in MODELS:
        lm = core.load(name, device="cpu", root=default_root())
        for n in LENGTHS:
            rows += [
                {"model": name, "tokens": n, "analysis": label, "seconds": seconds} for label, seconds in timed(lm, n)
            ]
            print(
                *(
                    f"{row['analysis']} {row['seconds']:.3f}"
                    for row in rows
                    if row["model"] == name and row["tokens"] == n
                ),
                flush=True,
            )
        if lm.kind != "encoder-decoder":
            ratios[name] = mixing(lm)
            print(name, ratios[name], flush=True)
    speed = {name: throughput(core.load(name, device="cpu", root=default_root())) for name in MODELS[:2]}
    print(speed, flush=True)
    bars = [
        bar(f"role tables ÷ plain batched forward, sentences a second, {name} ≥ 0.7", found["ratio"], at_least=0.7)
        for name, found in speed.items()
    ]
    write(
        "analyses",
        "python -m benchmarks analyses",
        {"rows": rows, "throughput": speed, "mixing": ratios, "mixing_published_bert_base": PUBLISHED},
        bars,
    )


def timed(lm: core.LanguageModel, n: int) -> list[tuple[str, float]]:
    """(analysis, seconds) on a text of about ``n`` tokens."""
    translator = lm.kind == "encoder-decoder"
    trace = core.capture(lm, text(lm, n), "Ela encheu o copo." if translator else None)
    kind = "cross" if translator else "self"
    asked = logit_difference(lm, trace)
    groups = [[i] for i in range(len(trace.tokens))]
    work: dict[str, Callable[[], object]] = {
        "capture": lambda: core.capture(lm, trace.text, "Ela encheu o copo." if translator else None),
        "all methods but flow": lambda: method_maps(lm, trace, kind, asked),
        "relevance": lambda: relevance(lm, trace, asked),
        "ablation of every head": lambda: ablations(lm, trace, asked, kind),
        "every edge of the answer": lambda: edge_knockouts(lm, trace, asked, groups, kind),
        "attribution": lambda: attribution(lm, trace, asked),
    }
    if not translator:
        attention = mean_heads(trace)
        work |= {
            "rollout": lambda: rollout(attention),
            "flow, one row": lambda: attention_flow(attention, asked.position),
            "head distances": lambda: divergences(
                np.stack([trace.layer_attention(layer) for layer in range(trace.layers())])
            ),
        }
    return [
        (name, clocked(run, 1 if name in ("flow, one row", "ablation of every head") else 3))
        for name, run in work.items()
    ]


def text(lm: core.LanguageModel, n: int) -> str:
    """Words until the text has about ``n`` tokens."""
    words, source = [], ENGLISH if lm.kind == "encoder-decoder" else WORDS
    while len(encode(lm.tokenizer, " ".join([*words, "x"]))) < n:
        words.append(source[len(words) % len(source)])
    return " ".join(words)


def clocked(run: Callable[[], object], times: int) -> float:
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return round(sorted(taken)[len(taken) // 2], 4)


def throughput(lm: core.LanguageModel) -> dict[str, float]:
    """Sentences a second of the role scores of every head, and of a plain forward of the body in the same batches; both
    from tokens.
    """
    texts = [encode(lm.tokenizer, one) for one in sentences()] * 4

    def roles() -> None:
        for _, tokens, attention in attentions(lm, texts):
            scores(attention, tokens, causal=lm.layout.looks_back(batch_kind(lm)))

    ids: dict[int, list[list[int]]] = defaultdict(list)
    for tokens in texts:
        ids[len(tokens)].append(list(tokens.ids))
    body = getattr(lm.model, lm.model.base_model_prefix)

    def forward() -> None:
        with torch.inference_mode():
            for length, rows in ids.items():
                for places in _chunks(list(range(len(rows))), _size(lm, length)):
                    body(input_ids=torch.tensor([rows[place] for place in places]), **no_cache(body))

    plain, own = clocked(forward, 3), clocked(roles, 3)
    return {
        "sentences": len(texts),
        "plain_per_s": round(len(texts) / plain, 1),
        "roles_per_s": round(len(texts) / own, 1),
        "ratio": round(plain / own, 3),
    }


def sentences() -> list[str]:
    """Sentences of the bench's eighteen families, which no model was trained on."""
    return list(dict.fromkeys(one.text for one in bundled_items("families")))[:200]


def mixing(lm: core.LanguageModel, texts: Sequence[str] | None = None) -> dict[str, float]:
    """Each ratio, mean over layers and positions of 60 sentences."""
    found: dict[str, list[float]] = defaultdict(list)
    for one in (texts or sentences())[:60]:
        for name, values in method_maps(lm, core.capture(lm, one)).mixing.items():
            found[name].append(float(values.mean()))
    return {name: round(float(np.mean(values)), 4) for name, values in found.items()}
