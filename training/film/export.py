"""From the frames of a run to the bundled folder of the film: float16 weights of every frame, the last one as the model
itself, the card.

What is measured is the rounded weights in float32, as the application loads them; the unrounded last frame stands
beside it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training.common import batches, bundle, corpus, evaluation, numbers, tokenizer, train
from training.common.bundle import write_json
from training.common.lexicon import containers
from training.film import card, measures, model as film, texts as film_texts

KEPT = ("model", "training", "plan", "before_rounding")


def write(corpora: Path, runs: Path, out: Path) -> None:
    """Write the film of `runs` into `out`, which holds the tokenizer already. ValueError if frames are missing."""
    made = tokenizer.load(out)
    state = train.resume(BertForMaskedLM(film.config(len(made))), None, runs)
    kept = steps(runs)
    if kept != film.frames(state.step):
        raise ValueError(f"Frames {film.frames(state.step)} were expected in {runs}, found {kept}")
    bundle.save(frame_model(runs, state.step, len(made)), out)
    for step in kept:
        halve(film.frame(runs, step), film.frame(out, step))
    curve = json.loads((runs / "curve.json").read_text(encoding="utf-8"))
    write_json(out / "training_curve.json", curve)
    measured = measure(corpora, out, made)
    before = measures.measure(frame_model(runs, state.step, len(made)), made, items_of(corpora, made))
    publish(
        {
            "model": {**bundle.facts(bundle.load(out), out), "film_mb": megabytes(out)},
            "training": bundle.training_facts(state, curve),
            "plan": curve["plan"],
            "before_rounding": {name: before[name] for name in ("loss", "masked", "four_adjectives")},
            **measured,
        },
        out,
    )


def measure_again(corpora: Path, out: Path) -> None:
    """Evaluation and card of the frames in `out` anew, without their checkpoints: what was told of the training, and
    what the unrounded weights reached, stays.
    """
    told = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    publish({name: told[name] for name in KEPT} | measure(corpora, out, tokenizer.load(out)), out)


def publish(document: dict[str, Any], out: Path) -> None:
    """evaluation.json and the card."""
    document["table"] = card.rows(document)
    write_json(out / "evaluation.json", document)
    (out / "README.md").write_text(card.text(document), encoding="utf-8")


def measure(corpora: Path, folder: Path, made: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Everything measured on the frames of `folder` and on the last one: what a retraining must reproduce."""
    texts = film_texts.splits(corpora)
    asked = items_of(corpora, made)
    kept = steps(folder)
    frames = [(step, measures.measure(frame_model(folder, step, len(made)), made, asked)) for step in kept]
    held_out = [text for split in texts for text in split.held_out]
    return {
        **{
            name: evaluation.container_family(frame_model(folder, step, len(made)), made, containers())
            for name, step in (("containers", kept[-1]), ("containers_at_start", kept[0]))
        },
        "unigram": unigram(asked, texts, made),
        "single_token_words": numbers.rate(*tokenizer.whole_share(made, held_out)),
        **measures.film(frames),
    }


def items_of(corpora: Path, made: PreTrainedTokenizerFast) -> measures.Items:
    """The items of the corpora folder: the same ones whenever they are asked for."""
    return measures.items(made, film_texts.splits(corpora))


def unigram(asked: measures.Items, texts: tuple[corpus.Split, ...], made: PreTrainedTokenizerFast) -> dict[str, Any]:
    """How often the hidden piece is the one that occurs most often in the training sentences."""
    rows = [row for split in texts for row in batches.encode(made, list(split.train), limit=512, generated=False)]
    common = Counter(piece for row in rows for piece in row.ids[1:-1]).most_common(1)[0][0]
    labels = torch.cat([batch.labels[batch.labels != batches.IGNORED] for batch in asked.asked])
    return numbers.rate(int((labels == common).sum()), len(labels))


def steps(folder: Path) -> tuple[int, ...]:
    """The steps whose frames lie in `folder`/steps, ascending."""
    return tuple(sorted(int(path.stem) for path in (folder / "steps").glob("*.safetensors")))


def frame_model(folder: Path, step: int, entries: int) -> BertForMaskedLM:
    """The model of one frame, in float32; RuntimeError if the file lacks a tensor that is not tied."""
    model = BertForMaskedLM(film.config(entries)).eval()
    found = model.load_state_dict(load_file(film.frame(folder, step)), strict=False)
    missing = set(found.missing_keys) - set(model.all_tied_weights_keys)
    if missing or found.unexpected_keys:
        raise RuntimeError(f"Frame {step}: missing {sorted(missing)}, unexpected {found.unexpected_keys}")
    return model


def halve(source: Path, target: Path) -> None:
    """Copy a file of weights in float16."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = {name: tensor.half() for name, tensor in load_file(source).items()}
    save_file(half, target, metadata={"format": "pt"})
    target.chmod(0o644)


def megabytes(folder: Path) -> float:
    """Size of the weights of the folder, frames included."""
    files = (*folder.glob("*.safetensors"), *folder.glob("steps/*.safetensors"))
    return round(sum(path.stat().st_size for path in files) / bundle.MEGABYTE, 1)
