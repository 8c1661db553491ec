"""The recipe of mirante-translator: its shape, its command line, and the order of the steps.

    python -m training.translator tokenizer --corpora FOLDER     the vocabulary, from the training pairs
    python -m training.translator train --minutes 45
        weights, checkpointed in runs/translator; run again to resume
    python -m training.translator export                         float16 weights, tokenizer, evaluation, curve, card
    python -m training.translator all                            the three in turn

English into French and Portuguese, the language named by the first token of the source (>>fra<< or >>por<<). The
corpora folder is MIRANTE_CORPORA unless --corpora names it. The loop is train.py, the data pairs.py and
batches.py, the measures evaluate.py."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import MarianConfig, MarianMTModel, PreTrainedTokenizerFast

from core.assets import ROOT
from training.common import corpus, tokenizer, train
from training.translator import pairs, start, tokenizer as translator_tokenizer, words
from training.translator.batches import IGNORED, Batch, batches, encode, passes, repeated

NAME = "mirante-translator"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "translator"
RATE = 2e-3
DROPOUT = 0.1  # it sees every pair several times
WARM_UP = 0.08  # share of the budget: layer norms after the residual need a gentle start
WHOLE = (
    "I ate your strawberries. A strawberry. J'ai mangé tes fraises. Une fraise. Eu comi os seus morangos. Um morango.",
    "The jug and the glass are full. La cruche et le verre sont pleins. A jarra e o copo estão cheios.",
)
"""Words of classic examples that stay whole, however rare."""
PROBED = 256  # dev pairs of each language that the probe reads


def config(entries: int, *, layers: int = 3, heads: int = 4, width: int = 256) -> MarianConfig:
    """A small Marian: as many encoder as decoder layers, sinusoidal positions, a matrix of embeddings per side (English
    *no* is not Portuguese *no*).
    """
    return MarianConfig(
        vocab_size=entries,
        max_position_embeddings=translator_tokenizer.POSITIONS,
        d_model=width,
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        activation_function="relu",
        dropout=DROPOUT,
        scale_embedding=True,
        share_encoder_decoder_embeddings=False,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
        forced_eos_token_id=None,
    )


def build_tokenizer(corpora: Path, folder: Path) -> PreTrainedTokenizerFast:
    """Train the shared vocabulary on one pass of the training pairs and save it; the words of the gold stay whole."""
    found = pairs.load(corpora).train
    texts = [text for pair in found for text in (pair.source, pair.target) for _ in range(pair.times)]
    wanted = [text for pair, _ in pairs.gold() for text in (pair.source, pair.target)]
    made = translator_tokenizer.train(texts, wanted=[*wanted, *WHOLE, *words.kept()])
    tokenizer.save(made, folder)
    return made


def run(
    corpora: Path, folder: Path, plan: train.Plan, *, tokens: Path = ASSETS, device: str | None = None
) -> train.State:
    """Train (or go on training) in `folder` with the tokenizer saved in `tokens`."""
    torch.manual_seed(plan.seed)
    made = tokenizer.load(tokens)
    found = pairs.load(corpora)
    keep_out(found, folder)
    model = MarianMTModel(config(len(made)))
    begin(model, made, found.train, folder / "vectors.pt")
    model.to(train.device_of(device))
    if model.device.type == "cpu":
        model.set_attn_implementation(
            "eager"
        )  # the fused one is slow on short sentences: 1,850 against 2,880 tokens a second
    _say(f"{model.num_parameters() / 1e6:.2f} M parameters, {len(found.train)} pairs, device {model.device}")
    return train.run(
        model, passes(found.train, made, plan.seed), word_loss, plan, folder, probe=probe(found.dev, made), say=_say
    )


def keep_out(found: pairs.Pairs, folder: Path) -> None:
    """Write heldout.json before the first step; ValueError where a run began with other sentences held out."""
    path, document = folder / "heldout.json", pairs.held_out(found)
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != document:
        raise ValueError(f"{path} names other sentences than the corpora hold out now: begin in another folder")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def begin(model: MarianMTModel, made: PreTrainedTokenizerFast, found: Sequence[pairs.Pair], kept: Path) -> None:
    """Give both sides of the model their first word vectors; they are kept in a file, as they take a minute or two."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        torch.save(start.vectors(repeated(made, found), len(made), model.config.d_model), kept)
    sides = (model.model.encoder.embed_tokens, model.model.decoder.embed_tokens)
    with torch.no_grad():
        for side, rows in zip(sides, torch.load(kept, weights_only=True), strict=True):
            side.weight.copy_(rows)


def word_loss(model: MarianMTModel, found: Batch, device: torch.device) -> torch.Tensor:
    """Mean cross-entropy in nats; only positions that hold a word go through the output layer."""
    attention = None if found.attention is None else found.attention.to(device)
    hidden = model.model(
        input_ids=found.source.to(device),
        attention_mask=attention,
        decoder_input_ids=found.given.to(device),
        use_cache=False,
    ).last_hidden_state
    labels = found.labels.to(device)
    asked = labels != IGNORED
    logits = model.lm_head(hidden[asked])  # final_logits_bias is a buffer of zeros
    return nn.functional.cross_entropy(logits.float(), labels[asked])


def probe(found: Sequence[pairs.Pair], made: PreTrainedTokenizerFast) -> train.Probe:
    """Cross-entropy in nats per target token on the first dev pairs of each language."""
    chosen = {
        language: [pair for pair in found if pair.language == language and pairs.length(pair) <= pairs.LONGEST][:PROBED]
        for language in pairs.FILES
    }
    ready = {
        f"dev_{language}": list(batches([(ids,) for ids in encode(made, some)], 0))
        for language, some in chosen.items()
        if some
    }
    return lambda model: {name: mean_loss(model, parts) for name, parts in ready.items()}


def mean_loss(model: MarianMTModel, parts: Sequence[Batch]) -> float:
    """Nats per target token over some batches, each token counted once."""
    device = next(model.parameters()).device
    counts = [int((part.labels != IGNORED).sum()) for part in parts]
    losses = [float(word_loss(model, part, device)) for part in parts]
    return sum(loss * count for loss, count in zip(losses, counts, strict=True)) / sum(counts)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m training.translator", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("what", choices=("tokenizer", "train", "export", "all"))
    made.add_argument(
        "--corpora", help="folder with pairs_en_fr.tsv.gz and pairs_en_pt.tsv.gz (default: MIRANTE_CORPORA)"
    )
    made.add_argument("--runs", type=Path, default=RUNS, help="where checkpoints live")
    made.add_argument(
        "--out", type=Path, default=ASSETS, help="where the model is exported; the tokenizer is read from here"
    )
    made.add_argument(
        "--minutes",
        type=float,
        default=45.0,
        help="budget of training, resumed runs included; on a CPU of its own time per thread, else of the wall clock",
    )
    made.add_argument("--steps", type=int, help="number of steps, instead of --minutes")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--threads", type=int, default=torch.get_num_threads())
    made.add_argument("--device", help="cpu, cuda or mps (default: the best present)")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    asked = parser().parse_args(arguments)
    torch.set_num_threads(asked.threads)
    corpora = corpus.folder(asked.corpora)
    if asked.what in ("tokenizer", "all"):
        build_tokenizer(corpora, asked.out)
    if asked.what in ("train", "all"):
        plan = train.Plan(
            minutes=asked.minutes,
            steps=asked.steps,
            rate=RATE,
            warm_up=WARM_UP,
            seed=asked.seed,
            save_minutes=3.0,
            muon=True,
            processor=True,
            bfloat16=train.has_bfloat16(),
        )
        run(corpora, asked.runs, plan, tokens=asked.out, device=asked.device)
    if asked.what in ("export", "all"):
        # imported late: it draws in the evaluation, which training does not need
        from training.translator import export

        export.write(corpora, asked.runs, asked.out)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


if __name__ == "__main__":
    main()
