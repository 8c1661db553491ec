"""The recipe of mirante-decoder-pt: its shape, its command line, and the order of the steps.

    python -m training.decoder tokenizer --corpora FOLDER     the vocabulary, from the training sentences
    python -m training.decoder train --minutes 45             weights, checkpointed in runs/decoder; run again to resume
    python -m training.decoder export                         float16 weights, tokenizer, evaluation, curve, card
    python -m training.decoder all                            the three in turn

The corpora folder is MIRANTE_CORPORA unless --corpora names it. The loop is train.py, the data sequences.py, the
measures decoder_evaluate.py."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from core.assets import ROOT
from training.common import batches, corpus, heldout, tokenizer, train
from training.decoder import sequences
from training.decoder import tokenizer as decoder_tokenizer

NAME = "mirante-decoder-pt"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "decoder"
RATE = 2.5e-3


def config(
    entries: int, *, layers: int = 4, heads: int = 8, groups: int = 2, width: int = 256, inner: int = 688
) -> LlamaConfig:
    """A small Llama: rotary positions, `heads` query heads that share `groups` keys and values, embeddings tied."""
    return LlamaConfig(
        vocab_size=entries,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=groups,
        max_position_embeddings=decoder_tokenizer.POSITIONS,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )


def build_tokenizer(corpora: Path, folder: Path, seed: int = 0) -> PreTrainedTokenizerFast:
    """Train the vocabulary on one pass of the mix and save it with the split of nouns and pairs."""
    rng = random.Random(seed)
    real = corpus.sample(corpus.load(corpora), rng)
    made = decoder_tokenizer.train(real + batches.generate(len(real), sequences.Mix().generated, rng))
    tokenizer.save(made, folder)
    heldout.write(folder / "heldout.json")
    return made


def run(
    corpora: Path,
    folder: Path,
    plan: train.Plan,
    mix: sequences.Mix,
    *,
    tokens: Path = ASSETS,
    device: str | None = None,
    shape: Callable[[int], LlamaConfig] = config,
) -> train.State:
    """Train (or go on training) in `folder` with the tokenizer saved in `tokens`."""
    torch.manual_seed(plan.seed)
    made = tokenizer.load(tokens)
    splits = corpus.load(corpora)
    model = LlamaForCausalLM(shape(len(made))).to(train.device_of(device))
    _say(f"{model.num_parameters() / 1e6:.2f} M parameters, {len(made)} entries, device {model.device}")
    return train.run(
        model, passes(splits, made, mix, plan.seed), causal_loss, plan, folder, probe=quick(made, splits), say=_say
    )


def causal_loss(model: LlamaForCausalLM, batch: sequences.Batch, device: torch.device) -> torch.Tensor:
    """Mean cross-entropy in nats over the positions that are asked; only their rows go through the output layer."""
    labels = batch.labels.to(device)
    hidden = model.model(input_ids=batch.ids.to(device), use_cache=False).last_hidden_state
    asked = labels != sequences.IGNORED
    return nn.functional.cross_entropy(model.lm_head(hidden[asked]).float(), labels[asked])


def passes(
    splits: Sequence[corpus.Split], made: PreTrainedTokenizerFast, mix: sequences.Mix, seed: int
) -> Callable[[int], Iterator[sequences.Batch]]:
    """Pass i has a seed of its own, so that a resumed run sees new joins and new generated sentences."""
    return lambda index: sequences.one_pass(splits, made, mix, 1_000 * seed + index)


def quick(
    made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split], items: int = 20
) -> Callable[[nn.Module], dict[str, float]]:
    """Watched while training: nats per token of held-out sentences, and of the second time of random segments."""
    rng = random.Random(0)
    mix = sequences.Mix()
    texts = [text for split in splits for text in split.held_out[:items]]
    plain = [sequences.plain(ids, mix, made, rng) for ids in decoder_tokenizer.pieces(made, texts)]
    twice = [sequences.repeated(mix, made, rng) for _ in range(16)]
    rows = {"held_out": plain, "second_time": twice}
    asked = {name: sequences.batch(group, made.pad_token_id) for name, group in rows.items() if group}
    return lambda model: {name: causal_loss(model, batch, model.device).item() for name, batch in asked.items()}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m training.decoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("what", choices=("tokenizer", "train", "export", "all"))
    made.add_argument("--corpora", help="folder with pt_text/*.txt.gz and ud_pt_*.conllu.gz (default: MIRANTE_CORPORA)")
    made.add_argument("--runs", type=Path, default=RUNS, help="where checkpoints live")
    made.add_argument(
        "--out", type=Path, default=ASSETS, help="where the model is exported; the tokenizer is read from here"
    )
    made.add_argument(
        "--minutes", type=float, default=45.0, help="wall-clock budget of training, resumed runs included"
    )
    made.add_argument("--steps", type=int, help="number of steps, instead of --minutes")
    made.add_argument("--tokens", type=int, default=sequences.Mix.tokens, help="tokens per batch")
    made.add_argument("--rate", type=float, default=RATE, help="peak learning rate")
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
        build_tokenizer(corpora, asked.out, asked.seed)
    if asked.what in ("train", "all"):
        plan = train.Plan(minutes=asked.minutes, steps=asked.steps, seed=asked.seed, rate=asked.rate, muon=True)
        run(corpora, asked.runs, plan, sequences.Mix(tokens=asked.tokens), tokens=asked.out, device=asked.device)
    if asked.what in ("export", "all"):
        from training.decoder import export  # imported late: it draws in the evaluation, which training does not need

        export.write(corpora, asked.runs, asked.out)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


if __name__ == "__main__":
    main()
