"""The recipe of the film: its texts, its frames, its measures by hand; and, slowly, the whole film made again."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForMaskedLM, BertForMaskedLM

from core.models.sources import bundled_names
from training.common import batches, corpus, lexicon, tokenizer, train
from training.film import (
    card as film_card,
    export as film_export,
    measures as film_measures,
    model as film,
    recipe as film_recipe,
    texts as film_texts,
)

here = pytest.mark.skipif(film.NAME not in bundled_names(), reason="the film is not in this tree")


@pytest.fixture(scope="module")
def made(corpora):
    """A small vocabulary of the miniature corpus."""
    torch.set_num_threads(1)
    texts = [text for split in film_texts.splits(corpora) for text in split.train]
    small = tokenizer.train(texts + film_texts.generate(300, random.Random(0)), size=1500, pieces=300)
    small.model_max_length = film_texts.POSITIONS
    return small


def test_frames_start_at_chance_end_at_the_end_and_spread_by_ratio():
    kept = film.frames(7000)
    assert len(kept) == 18 and kept[0] == 0 and kept[-1] == 7000 and list(kept) == sorted(set(kept))
    ratios = [b / a for a, b in zip(kept[1:], kept[2:])]
    assert max(ratios) / min(ratios) < 1.15


def test_stories_hold_no_noun_or_pair_that_is_held_out():
    split, rng = lexicon.containers(), random.Random(4)
    held_out = {noun.text for noun in split.held_out_nouns}
    for _ in range(3000):
        found = {word.strip(".,?").lower() for word in film_texts.story(rng).split()} & {
            n.text for n in lexicon.CONTAINERS
        }
        assert not found & held_out and len(found) == 2 and frozenset(found) in split.train_pairs


def test_a_pass_is_the_same_for_the_same_seed(corpora, made):
    texts = film_texts.splits(corpora)
    first, again, other = (list(film_texts.one_pass(texts, made, seed)) for seed in (1, 1, 2))
    assert all(torch.equal(a.ids, b.ids) and torch.equal(a.labels, b.labels) for a, b in zip(first, again, strict=True))
    assert (
        not torch.equal(first[0].ids, other[0].ids)
        and max(batch.ids.shape[1] for batch in first) <= film_texts.POSITIONS
    )


def test_a_film_is_cut_from_the_step_zero_and_survives_a_stop(corpora, made, tmp_path: Path, monkeypatch):
    tokenizer.save(made, tmp_path / "out")
    plan = train.Plan(steps=12, rate=1e-3, seed=3, save_minutes=0.0)
    monkeypatch.setattr(film_recipe, "frames", lambda steps: (0, 2, 6, 12))
    run = tmp_path / "run"

    class Stopped(Exception):
        pass

    def stopping(model, folder, step, keep=film.keep):
        keep(model, folder, step)
        if step == 6:
            raise Stopped

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(film_recipe, "keep", stopping)
        film_recipe.run(corpora, run, plan, tokens=tmp_path / "out")
    early = load_file(film.frame(run, 2))
    assert film_export.steps(run) == (0, 2, 6)
    state = film_recipe.run(corpora, run, plan, tokens=tmp_path / "out")
    assert state.step == 12 and film_export.steps(run) == (0, 2, 6, 12)
    assert all(torch.equal(early[name], value) for name, value in load_file(film.frame(run, 2)).items())
    torch.manual_seed(plan.seed)
    fresh = BertForMaskedLM(film.config(len(made))).state_dict()
    assert all(torch.equal(value, fresh[name]) for name, value in load_file(film.frame(run, 0)).items())
    loaded = film_export.frame_model(run, 12, len(made))
    assert torch.equal(loaded.cls.predictions.decoder.weight, loaded.bert.embeddings.word_embeddings.weight)


def test_role_scores_by_hand(monkeypatch):
    """One layer, one head: the previous piece gets all, then the right noun 0.7 and the other 0.2."""
    looks_back = np.eye(6, k=-1, dtype=np.float32)[None, None]
    monkeypatch.setattr(film_measures, "attentions", lambda model, sentences: iter([looks_back]))
    found = film_measures.neighbours(None, [(0,) * 6])
    assert found["previous"].item() == 1 and found["next"].item() == 0
    link = film_measures.Link((0,) * 6, query=4, right=1, other=2)
    weights = np.zeros((1, 1, 6, 6), np.float32)
    weights[0, 0, 4, 1:3] = 0.7, 0.2
    monkeypatch.setattr(film_measures, "attentions", lambda model, sentences: iter([weights]))
    assert film_measures.preferences(None, [link]).item() == pytest.approx(0.5)


def test_a_head_is_chosen_on_one_half_and_reported_on_the_other():
    scores = np.zeros((4, 2, 2))
    scores[::2, 1, 0], scores[1::2, 0, 1] = 1, 5
    assert film_measures.choose(scores) == (1, 0)
    number = {"value": 0.1, "low": 0.0, "high": 0.2, "n": 3}
    measured = {
        "loss": number,
        "masked": number,
        "four_adjectives": number,
        "scores": dict.fromkeys(film_measures.ROLES, scores),
        "nouns": {},
    }
    made_film = film_measures.film([(0, measured), (5, measured)])
    assert made_film["roles"]["next"] == {"layer": 1, "head": 0} and made_film["film"][1]["next"]["value"] == 0
    assert made_film["film"][0]["scores"]["next"] == [[0, 2.5], [0.5, 0]]


@here
class TestShipped:
    def test_every_word_of_the_generated_and_the_example_sentences_is_whole(self):
        made = tokenizer.load(film.ASSETS)
        texts = film_texts.generate(2000, random.Random(9)) + list(tokenizer.EXAMPLES)
        vocabulary = made.get_vocab()
        assert not {word for text in texts for word in tokenizer.words(made, text) if word not in vocabulary}

    def test_it_loads_with_the_plain_class_and_the_card_is_its_document(self):
        model, info = AutoModelForMaskedLM.from_pretrained(film.ASSETS, output_loading_info=True, local_files_only=True)
        assert not info["missing_keys"] and model.num_parameters() < 1_000_000
        document = json.loads((film.ASSETS / "evaluation.json").read_text(encoding="utf-8"))
        assert (film.ASSETS / "README.md").read_text(encoding="utf-8") == film_card.text(document)
        assert [frame["step"] for frame in document["film"]] == list(film_export.steps(film.ASSETS))

    def test_links_point_at_the_words_they_name(self):
        made, pours = (
            tokenizer.load(film.ASSETS),
            film_measures.probes.pours(
                film_measures.probes.mixed(film_measures.probes.pairs(lexicon.containers(), "pairs"))
            ),
        )
        for pour in pours[:20]:
            link = film_measures.answering(made, pour, "empty")
            words = made.convert_ids_to_tokens([link.ids[i] for i in (link.query, link.right, link.other)])
            assert words == ["[MASK]", pour.source.text, pour.target.text] and made.unk_token_id not in link.ids


@here
@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("MIRANTE_CORPORA"), reason="MIRANTE_CORPORA names no corpora folder")
def test_the_recipe_makes_the_film_again(tmp_path: Path):
    """About 15 minutes of one CPU thread: trained anew with the shipped vocabulary, every published number lies in its
    interval.
    """
    torch.set_num_threads(1)
    corpora, made = corpus.folder(), tokenizer.load(film.ASSETS)
    published = json.loads((film.ASSETS / "evaluation.json").read_text(encoding="utf-8"))
    film_recipe.run(corpora, tmp_path, film_recipe.PLAN)
    found = film_export.measure(corpora, tmp_path, made)
    assert [frame["step"] for frame in found["film"]] == [frame["step"] for frame in published["film"]]
    assert found["roles"] == published["roles"]
    for name in ("loss", "masked", "four_adjectives", *film_measures.ROLES):
        last, number = found["film"][-1][name], published["film"][-1][name]
        assert number["low"] <= last["value"] <= number["high"], name


def test_masked_pieces_are_never_special(made):
    rows = batches.encode(made, ["A porta está aberta.", "O portão ficou sujo."], limit=64, generated=False)
    (batch,) = film_measures.hidden(made, rows)
    asked = batch.labels != batches.IGNORED
    assert asked.sum(1).tolist() == [1, 1] and not set(batch.labels[asked].tolist()) & set(made.all_special_ids)
    assert (batch.ids[asked] == made.mask_token_id).all()
