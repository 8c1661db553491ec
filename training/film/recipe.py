"""The recipe of mirante-film: a very small encoder, kept at some twenty steps from random to trained, so that heads can
be seen being born.

    python -m training.film tokenizer --corpora FOLDER     the vocabulary, from the training sentences
    python -m training.film train --steps 7000
        weights in runs/film, a frame of the film in runs/film/steps at each chosen step
    python -m training.film export
        float16 weights of the last step and of every frame, evaluation, curve, card
    python -m training.film all                            the three in turn

The number of steps is fixed and one thread computes, so an uninterrupted run is the same run again; a resumed one draws
new masks from there on. Frames are written as they happen: stopping loses none, and a resumed run writes again those it
passes again. The loop is train.py, what it reads film_texts.py, what is measured on every frame film_measures.py, the
bundled folder film_export.py."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

from training.common import batches, corpus, heldout, tokenizer, train
from training.encoder import recipe as encoder
from training.film import texts as film_texts

NAME = "mirante-film"
ASSETS = encoder.ROOT / "assets" / "models" / NAME
RUNS = encoder.ROOT / "runs" / "film"
VOCABULARY = 3_400
LEARNED_PIECES = 700
STEPS = 7_000
FRAMES = 18
PLAN = train.Plan(steps=STEPS, rate=2e-3, seed=3, report_every=25, save_minutes=4.0)


def config(entries: int) -> BertConfig:
    """3 layers × 4 heads × 96: about 0.6 M parameters, of which the vocabulary takes more than half."""
    return BertConfig(
        vocab_size=entries,
        hidden_size=96,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=192,
        max_position_embeddings=film_texts.POSITIONS,
        type_vocab_size=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=0,
        tie_word_embeddings=True,
    )


def frames(steps: int, count: int = FRAMES) -> tuple[int, ...]:
    """The steps that are kept: 0, then geometric from steps / 150 to the last, two significant digits."""
    ratio = 150 ** (1 / max(1, count - 2))
    inner = (round_off(steps / 150 * ratio**index) for index in range(count - 2))
    return tuple(sorted({0, *(step for step in inner if 0 < step < steps), steps}))


def round_off(value: float) -> int:
    """To two significant digits: 1342.7 → 1300."""
    return int(float(f"{value:.1e}"))


def build_tokenizer(corpora: Path, folder: Path, seed: int = 0) -> PreTrainedTokenizerFast:
    """A small vocabulary in which every word of the generated and the example sentences is whole."""
    rng = random.Random(seed)
    real = corpus.sample(film_texts.splits(corpora), rng)
    generated = film_texts.generate(len(real) // 4, rng, 0.16, 0.1)
    made = tokenizer.train(real + generated, size=VOCABULARY, pieces=LEARNED_PIECES)
    made.model_max_length = film_texts.POSITIONS
    tokenizer.save(made, folder)
    heldout.write(folder / "heldout.json")
    return made


def run(corpora: Path, folder: Path, plan: train.Plan, *, tokens: Path = ASSETS) -> train.State:
    """Train (or go on training) in `folder`, cutting the film into `folder`/steps."""
    torch.manual_seed(plan.seed)
    made = tokenizer.load(tokens)
    texts = film_texts.splits(corpora)
    model = BertForMaskedLM(config(len(made)))
    kept = frames(plan.steps)
    print(
        f"{model.num_parameters()} parameters, {sum(len(s.train) for s in texts)} sentences, frames {kept}", flush=True
    )
    if not (folder / "checkpoint.pt").exists():
        keep(model, folder, 0)

    def passes(index: int) -> Iterator[batches.Batch]:
        return film_texts.one_pass(texts, made, 1_000 * plan.seed + index)

    return train.run(
        model, passes, encoder.masked_loss, plan, folder, each=cutter(folder, kept), say=partial(print, flush=True)
    )


def cutter(folder: Path, kept: Sequence[int]) -> Callable[[nn.Module, train.State], None]:
    """What the loop calls after every step: it keeps the model when the step is one of `kept`."""
    chosen = frozenset(kept)

    def cut(model: nn.Module, state: train.State) -> None:
        if state.step in chosen:
            keep(model, folder, state.step)

    return cut


def keep(model: nn.Module, folder: Path, step: int) -> None:
    """Write `folder`/steps/NNNNNN.safetensors (float32, tied weights once), replaced in one move."""
    place = folder / "steps"
    place.mkdir(parents=True, exist_ok=True)
    unfinished = place / f"{step:06d}.tmp"
    save_file(tensors(model), unfinished, metadata={"format": "pt"})
    unfinished.replace(frame(folder, step))


def tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    """The state without what is tied to another tensor, as save_pretrained writes it."""
    tied = set(model.all_tied_weights_keys)
    return {name: value.detach().clone() for name, value in model.state_dict().items() if name not in tied}


def frame(folder: Path, step: int) -> Path:
    """Where the weights of one step lie."""
    return folder / "steps" / f"{step:06d}.safetensors"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m training.film", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("what", choices=("tokenizer", "train", "export", "all"))
    made.add_argument("--corpora", help="folder with pt_text/*.txt.gz (default: MIRANTE_CORPORA)")
    made.add_argument("--runs", type=Path, default=RUNS, help="where the checkpoint and the frames are written")
    made.add_argument("--out", type=Path, default=ASSETS, help="the bundled folder; the tokenizer is read from here")
    made.add_argument("--steps", type=int, default=STEPS)
    made.add_argument("--seed", type=int, default=PLAN.seed)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks, on one thread."""
    asked = parser().parse_args(arguments)
    torch.set_num_threads(1)
    corpora = corpus.folder(asked.corpora)
    if asked.what in ("tokenizer", "all"):
        build_tokenizer(corpora, asked.out)
    if asked.what in ("train", "all"):
        plan = train.Plan(**{**train.asdict(PLAN), "steps": asked.steps, "seed": asked.seed})
        run(corpora, asked.runs, plan, tokens=asked.out)
    if asked.what in ("export", "all"):
        from training.film import export  # imported late: it draws in the evaluation, which training does not need

        export.write(corpora, asked.runs, asked.out)


if __name__ == "__main__":
    main()
