"""Everything measured about the decoder, as one JSON document: counts, baselines and 95 % intervals.

Held-out sentences are split in corpus.py, and the treebanks' test parts are forbidden to the corpus. Probabilities are
scores.py's, heads heads.py's, the rows of the table table.py's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForCausalLM, LlamaForCausalLM, PreTrainedTokenizerFast

import core
from training.common import agreement_cloze, bias, corpus, ngram
from training.common.evaluation import by_sentence, gain, preferred
from training.common.numbers import Number, by_word, rate
from training.decoder import heads, sequences, tokenizer
from training.decoder.scores import log_probabilities, perplexity, perplexity_ratio, rows_of

PROMPTS = ("O gato está sentado no", "O futuro da IA é", "Ela abriu a porta e", "O Brasil é um país")
WRITTEN = 24  # tokens of a continuation
CAP = 120  # items per slot and treebank; a seeded sample where there are more
PROFESSIONS = (
    ("médico", "médica"),
    ("enfermeiro", "enfermeira"),
    ("professor", "professora"),
    ("engenheiro", "engenheira"),
    ("cozinheiro", "cozinheira"),
    ("advogado", "advogada"),
    ("secretário", "secretária"),
    ("diretor", "diretora"),
    ("escritor", "escritora"),
    ("cantor", "cantora"),
    ("juiz", "juíza"),
    ("empregado", "empregada"),
)
Answered = tuple[bool, bool, str]
"""Of one item: was the model right, was the 5-gram, the sentence that it is of."""
FRAMES = ("{} chegou cedo ao trabalho.", "{} falou com todos os colegas.", "{} ficou em casa.")


def evaluate(
    folder: Path, made: PreTrainedTokenizerFast, corpora: Path, mix: sequences.Mix, seed: int = 0
) -> dict[str, Any]:
    """The whole document of the exported model in `folder`, but what rounding its weights cost (`rounding`)."""
    splits = corpus.load(corpora)
    lm, seconds = opened(folder)
    model = load(folder)
    grams, tokens = baseline(splits, made, mix, seed)
    whole = [tokenizer.whole_share(made, split.held_out) for split in splits]
    return {
        "pass_tokens": tokens,
        "cap": CAP,
        "load_seconds": round(seconds, 2),
        "parity": eager_difference(lm, folder),
        "perplexity": perplexities(model, made, splits, {"kneser_ney": grams}),
        "heads": heads.measure(lm, some_sentences(splits)),
        "agreement": agreement(model, made, grams, corpora / "ud_pt_test.conllu.gz"),
        "continuations": {prompt: continued(model, made, prompt) for prompt in PROMPTS},
        "gender_of_professions": professions(model, made),
        "single_token_words": rate(sum(hits for hits, _ in whole), sum(n for _, n in whole)),
    }


def load(folder: Path) -> LlamaForCausalLM:
    """The exported model as the application loads it: float32, safetensors, no remote code."""
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, use_safetensors=True, local_files_only=True
    ).eval()


def opened(folder: Path) -> tuple[core.LanguageModel, float]:
    """The model in Mirante's own hands, and the seconds that a second opening took (the first one imports the
    library).
    """
    core.load(str(folder))
    start = time.perf_counter()
    lm = core.load(str(folder), device="cpu")
    return lm, time.perf_counter() - start


def eager_difference(lm: core.LanguageModel, folder: Path) -> float:
    """Largest absolute difference between captured maps and the library's own eager ones."""
    eager = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    ).eval()
    trace = core.capture(lm, PROMPTS[0])
    with torch.inference_mode():
        told = eager(input_ids=torch.tensor([trace.tokens.ids]), output_attentions=True, use_cache=False).attentions
    return max(float(np.abs(trace.layer_attention(layer) - maps[0].numpy()).max()) for layer, maps in enumerate(told))


def baseline(
    splits: Sequence[corpus.Split], made: PreTrainedTokenizerFast, mix: sequences.Mix, seed: int = 0
) -> tuple[ngram.KneserNey, int]:
    """A Kneser–Ney 5-gram counted on the sequences of the first pass, and how many tokens were read.

    Random segments count as read, as they did in training, but are not given to it: they would only spoil its counts.
    """
    rows, seen = [], 0
    for found in sequences.one_pass(splits, made, mix, 1_000 * seed):
        for ids, labels in zip(found.ids.tolist(), found.labels.tolist(), strict=True):
            if labels[0] != sequences.IGNORED:
                rows.append([i for i in ids if i != made.pad_token_id])
        seen += found.size()
    return ngram.train(rows, len(made), predictable=len(made) - 2), seen


def perplexities(
    model: LlamaForCausalLM,
    made: PreTrainedTokenizerFast,
    splits: Sequence[corpus.Split],
    baselines: dict[str, ngram.KneserNey],
) -> dict[str, Any]:
    """Of held-out sentences, per source and in all, per token and per word (the end of the sentence counts as a token,
    not as a word). ratio: the model's over each baseline's, of the same sentences.
    """
    texts = [(split.source, text) for split in splits for text in split.held_out]
    rows = rows_of(made, [text for _, text in texts])
    words = np.array([tokenizer.count_words([text]) for _, text in texts])
    tokens = np.array([len(row) - 1 for row in rows])
    scored = {"model": log_probabilities(model, rows)} | {
        name: found.log_probabilities(rows) for name, found in baselines.items()
    }
    losses = {name: np.array([-row.sum() for row in found]) for name, found in scored.items()}
    document: dict[str, Any] = {"per_token": {}, "per_word": {}}
    for source in (*dict.fromkeys(name for name, _ in texts), "all"):
        chosen = np.array([source in (name, "all") for name, _ in texts])
        for kind, units in (("per_token", tokens), ("per_word", words)):
            each = {name: found[chosen] for name, found in losses.items()}
            document[kind][source] = {name: perplexity(found, units[chosen]) for name, found in each.items()} | {
                "ratio": {name: perplexity_ratio(each["model"], each[name], units[chosen]) for name in baselines}
            }
    return document


def rounding(
    before: LlamaForCausalLM,
    after: LlamaForCausalLM,
    made: PreTrainedTokenizerFast,
    splits: Sequence[corpus.Split],
    most: int = 50,
) -> dict[str, Number]:
    """Perplexity per token before and after rounding to float16, on the same `most` held-out sentences of every
    source.
    """
    rows = rows_of(made, [text for split in splits for text in split.held_out[:most]])
    tokens = [len(row) - 1 for row in rows]
    found = {"before": before, "after": after}
    return {
        name: perplexity([-row.sum() for row in log_probabilities(model, rows)], tokens)
        for name, model in found.items()
    }


def agreement(
    model: LlamaForCausalLM, made: PreTrainedTokenizerFast, grams: ngram.KneserNey, path: Path
) -> dict[str, Any]:
    """Per slot and treebank: how often the sentence with the right form is likelier than with its opposite gender and
    number; gain: the model less the 5-gram, item by item. Intervals are over sentences.
    """
    known = {entry[1:] for entry in made.get_vocab() if entry.startswith("Ġ")} | {"à", "é"}
    found: dict[str, Any] = {}
    totals: dict[str, list[Answered]] = {}
    for (slot, treebank), chosen in agreement_cloze.sampled(path, known, CAP):
        rows = [rows_of(made, [cloze.text.replace("[MASK]", option) for option in cloze.options]) for cloze in chosen]
        model_wins, gram_wins = (preferred(rows, score) for score in (_of(model), grams.log_probabilities))
        wins = list(zip(model_wins, gram_wins, (cloze.sentence for cloze in chosen), strict=True))
        found.setdefault(slot, {})[treebank] = _both(wins)
        totals.setdefault(slot, []).extend(wins)
    for slot, wins in totals.items():
        found[slot]["all"] = _both(wins)
    found["all"] = {"all": _both([win for wins in totals.values() for win in wins])}
    return found


def continued(model: LlamaForCausalLM, made: PreTrainedTokenizerFast, prompt: str) -> str:
    """The prompt with its greedy continuation, word for word; it ends at </s> or after WRITTEN tokens."""
    ids = torch.tensor([made(prompt)["input_ids"]])
    with torch.inference_mode():
        written = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=WRITTEN,
            do_sample=False,
            pad_token_id=made.pad_token_id,
        )
    return made.decode(written[0], skip_special_tokens=True)


def professions(model: LlamaForCausalLM, made: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Share of the masculine sentence in the probability of both: of professions with two forms ("O médico …", "A
    médica …") and of professions with one ("O dentista …", "A dentista …"). No preference: 0.5."""
    two = {man: [(f"O {man}", f"A {woman}", frame) for frame in FRAMES] for man, woman in PROFESSIONS}
    one = {name: [(f"O {name}", f"A {name}", frame) for frame in FRAMES] for name in bias.PROFESSIONS}
    return {"two_forms": _masculine(model, made, two), "one_form": _masculine(model, made, one)}


def some_sentences(splits: Sequence[corpus.Split], items: int = heads.ITEMS) -> list[str]:
    """Held-out sentences of 6 to 25 words, the same number of every source."""
    each = -(-items // len(splits))
    fitting = ([text for text in split.held_out if 6 <= len(text.split()) <= 25][:each] for split in splits)
    return [text for texts in fitting for text in texts]


def _masculine(
    model: LlamaForCausalLM, made: PreTrainedTokenizerFast, items: dict[str, list[tuple[str, str, str]]]
) -> dict[str, Any]:
    shares: dict[str, list[float]] = {}  # over professions: frames of one profession are no independent evidence
    for name, group in items.items():
        rows = rows_of(made, [frame.format(who) for man, woman, frame in group for who in (man, woman)])
        sums = np.array([row.sum() for row in log_probabilities(model, rows)]).reshape(-1, 2)
        shares[name] = (1 / (1 + np.exp(sums[:, 1] - sums[:, 0]))).tolist()
    each = {name: round(float(np.mean(found)), 3) for name, found in shares.items()}
    names = [(name,) for name, found in shares.items() for _ in found]
    return {"all": by_word([share for found in shares.values() for share in found], names), "each": each}


def _of(model: LlamaForCausalLM) -> Any:
    return lambda rows: log_probabilities(model, rows)


def _both(wins: Sequence[Answered]) -> dict[str, Number]:
    model, grams, sentences = (list(values) for values in zip(*wins, strict=True))
    return {
        "model": by_sentence(model, sentences),
        "kneser_ney": by_sentence(grams, sentences),
        "gain": gain(model, grams, sentences),
    }
