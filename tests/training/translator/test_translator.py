"""The translator's recipe on a miniature corpus: the split, the batches, the first vectors, and a smoke run that learns
and resumes.
"""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

import pytest
import torch
from transformers import MarianMTModel

from training import classroom
from training.common import tokenizer, train
from training.common.corpus import key
from training.translator import (
    batches as translator_batches,
    pairs,
    recipe as translator,
    start,
    tokenizer as translator_tokenizer,
)

NOUNS = {
    "cat": ("chat", "gato"),
    "dog": ("chien", "cachorro"),
    "book": ("livre", "livro"),
    "glass": ("verre", "copo"),
    "car": ("train", "carro"),
}
STATES = {
    "black": ("noir", "preto"),
    "old": ("vieux", "velho"),
    "small": ("petit", "pequeno"),
    "white": ("blanc", "branco"),
}


TESTED = ("The car is small.", "O carro é pequenino.")  # English of a test pair


def rows(language: str) -> list[str]:
    """Lines of a pair file: every noun with every state, the last three for dev and test, and some that must stay
    out.
    """
    which = 0 if language == "fr" else 1
    frame = ("Le {} est {}.", "O {} está {}.")[which]
    made = [
        (f"The {noun} is {state}.", frame.format(NOUNS[noun][which], STATES[state][which]))
        for noun, state in itertools.product(NOUNS, STATES)
    ]
    lines = [(*pair, "tatoeba", "train") for pair in made[:-3]]
    lines += [(*made[-3], "tatoeba", "dev"), (*made[-2], "tatoeba_laser", "test"), (*made[-1], "ntrex", "test")]
    lines += [
        (made[-3][0].upper(), "Autre chose ici.", "tatoeba", "train"),  # the English of a dev pair
        ("Something else here.", made[-1][1].rstrip("."), "tatoeba", "train"),  # the translation of a test pair
        ("I like strawberries!", "Moi, les fraises.", "tatoeba", "train"),  # of the gold
        ("The list of files.", "Une liste.", "tldr", "train"),  # not everyday
        ("one " * 40, "un " * 40, "tatoeba", "train"),  # too long
    ]
    return ["\t".join(line) for line in lines]


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both languages, and three pairs that a model translated: one good, one a class types, one of a test pair."""
    folder = tmp_path_factory.mktemp("pairs")
    for language in ("fr", "pt"):
        with gzip.open(folder / f"pairs_en_{language}.tsv.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(rows(language)) + "\n")
    distilled = [("The tea is hot.", "O chá está quente."), (classroom.ENGLISH[0].upper(), "O troféu."), TESTED]
    with gzip.open(folder / pairs.DISTILLED, "wt", encoding="utf-8") as file:
        file.writelines("\t".join((*pair, "distilled_tatoeba", "train")) + "\n" for pair in distilled)
    return folder


@pytest.fixture(scope="module")
def small(bilingual: Path):
    """The pairs, and a tokenizer of theirs."""
    torch.set_num_threads(1)
    found = pairs.load(bilingual, drawn=0)
    texts = [text for pair in found.train for text in (pair.source, pair.target)]
    return found, translator_tokenizer.train(texts * 20, size=300, pieces=80)


def tiny(entries: int) -> MarianMTModel:
    torch.manual_seed(0)
    return MarianMTModel(translator.config(entries, layers=2, heads=2, width=32))


def test_no_sentence_that_is_measured_is_trained_on_whichever_side_it_stands(bilingual: Path):
    found = pairs.load(bilingual, drawn=200)
    assert [len(part) for part in (found.train, found.dev, found.test)] == [35 + 400, 2, 2]
    asked = {key(text) for text in classroom.ENGLISH}
    assert not asked & {key(pair.source) for pair in found.train}
    assert pairs.Pair("The tea is hot.", "O chá está quente.", "por") in found.train
    gold = [pair for pair, _ in pairs.gold()]
    for language in pairs.FILES:
        held = [row.pair for row in pairs.read(bilingual, language) if row.split != "train"] + gold
        trained = [pair for pair in found.train if pair.language == language]
        assert not {key(pair.source) for pair in trained} & {key(pair.source) for pair in held}
        same = [pair for pair in held if pair.language == language]
        assert not {key(pair.target) for pair in trained} & {key(pair.target) for pair in same}
    assert max(map(pairs.length, found.train)) <= pairs.LONGEST


def test_every_pair_of_a_pass_is_in_exactly_one_batch_and_padding_asks_nothing(small):
    found, made = small
    encoded = translator_batches.repeated(made, found.train)
    assert len(encoded) == 17 + 17 * pairs.REPEATS["por"] + 1  # French, Portuguese by people, Portuguese by a model
    parts = list(translator_batches.passes(found.train, made, 3, tokens=96)(0))
    assert sum(len(part.source) for part in parts) == len(encoded)
    assert sum(part.size() for part in parts) == sum(len(source) + len(target) for source, target in encoded)
    for part in parts:
        assert part.source.numel() + part.given.numel() <= 96
        assert torch.equal(part.given[:, 1:][part.labels[:, 1:] >= 0], part.labels[:, :-1][part.labels[:, 1:] >= 0])
        assert bool((part.given[:, 0] == made.bos_token_id).all())


def test_only_words_count_in_the_loss_as_the_library_counts_them(small):
    found, made = small
    model = tiny(len(made)).eval()
    part = max(
        translator_batches.batches([(ids,) for ids in translator_batches.encode(made, found.train)], 0),
        key=lambda one: one.attention is not None,
    )
    expected = model(
        input_ids=part.source, attention_mask=part.attention, decoder_input_ids=part.given, labels=part.labels
    ).loss
    assert translator.word_loss(model, part, torch.device("cpu")).item() == pytest.approx(expected.item(), abs=1e-5)


def test_the_smoke_recipe_learns_resumes_and_obeys_the_language_token(small, tmp_path: Path):
    found, made = small
    passes = translator_batches.passes(found.train, made, 0, tokens=256)
    quiet = {"say": lambda line: None}
    plan = train.Plan(steps=240, rate=5e-3, report_every=25)
    state = train.run(tiny(len(made)), passes, translator.word_loss, plan, tmp_path, **quiet)
    losses = [point["loss"] for point in state.curve]
    assert losses[-1] < 0.5 < losses[0]
    model = tiny(len(made))
    again = train.run(model, passes, translator.word_loss, train.Plan(steps=245, rate=1e-4), tmp_path, **quiet)
    assert again.step == 245 and again.tokens > state.tokens
    asked = made(
        [translator_batches.prompt(found.train[0].source, name) for name in pairs.FILES],
        padding=True,
        return_tensors="pt",
    )
    written = made.batch_decode(model.eval().generate(**_read(asked), max_new_tokens=12), skip_special_tokens=True)
    assert [text.split()[0] for text in written] == ["Le", "O"]  # the language token is obeyed


def test_first_vectors_put_a_word_beside_its_translation(small):
    found, made = small
    sides = start.vectors(translator_batches.repeated(made, found.train), len(made), 16)
    for side in sides:
        assert torch.allclose(side.norm(dim=1), torch.full((len(made),), start.NORM), atol=1e-4)
    ids = made.convert_tokens_to_ids(["▁cat", "▁chat", "▁noir"])
    assert sides[0][ids[0]] @ sides[1][ids[1]] > sides[0][ids[0]] @ sides[1][ids[2]]


def test_a_batch_holds_as_much_of_one_language_as_of_the_other(small):
    found, made = small
    even = [pair for pair in found.train if pair.language == "fra"] + [
        pairs.Pair(pair.source, pair.target, "por") for pair in found.train if pair.times > 1
    ]
    for part in translator_batches.passes(even, made, 0, tokens=128)(0):
        first = part.source[:, 0]
        french, portuguese = (made.convert_tokens_to_ids(name) for name in translator_tokenizer.LANGUAGES.values())
        assert (first == french).sum() == (first == portuguese).sum() > 0


def test_every_pair_is_in_one_couple_and_the_rest_of_the_longer_list_alone():
    one, other = [
        [([place], [1] * (place % 5 + 1)) for place in range(start, start + n)] for start, n in ((0, 7), (50, 4))
    ]
    coupled = translator_batches.couples(one, other, seed=1)
    assert sorted(ids[0][0] for couple in coupled for ids in couple) == [*range(7), *range(50, 54)]
    assert sorted(len(couple) for couple in coupled) == [1, 1, 1, 2, 2, 2, 2]
    assert all(
        min(ids[0][0] for ids in couple) < 50 <= max(ids[0][0] for ids in couple) for couple in coupled if couple[1:]
    )


def test_what_is_held_out_is_written_before_training_and_may_not_change(bilingual: Path, tmp_path: Path):
    found = pairs.load(bilingual, drawn=0)
    translator.keep_out(found, tmp_path)
    document = json.loads((tmp_path / "heldout.json").read_text(encoding="utf-8"))
    assert document["dev"]["pairs"] == document["test"]["pairs"] == 2 and document["alignment_gold"]["pairs"] == 80
    assert document["classroom"] == list(classroom.ENGLISH)
    translator.keep_out(found, tmp_path)  # the same again is no change
    other = pairs.Pairs(found.train, found.dev[:1], found.test)
    with pytest.raises(ValueError, match="other sentences"):
        translator.keep_out(other, tmp_path)


def test_one_spelling_has_a_vector_of_its_own_on_each_side():
    model = tiny(40)
    sides = model.model.encoder.embed_tokens.weight, model.model.decoder.embed_tokens.weight
    assert sides[0].data_ptr() != sides[1].data_ptr() and model.lm_head.weight.data_ptr() == sides[1].data_ptr()


def test_surplus_is_zero_for_independent_entries_and_for_what_never_meets():
    together = torch.tensor([[1.0, 1.0], [0.0, 4.0]])
    found = start.surplus(together, torch.tensor([2.0, 4.0]), torch.tensor([2.0, 4.0]), 4)
    assert found[0, 0] == 0 and found[1, 0] == 0 and found[1, 1] == 0  # 1·4 = 2·2, nothing, 4·4 = 4·4
    lone = start.surplus(torch.tensor([[2.0]]), torch.tensor([2.0]), torch.tensor([2.0]), 8)
    assert float(lone) == pytest.approx(0.5 * torch.tensor(4.0).log().item())  # n/(n + 2) · log(2·8/(2·2))


@pytest.mark.parametrize(
    "text",
    [
        "J'ai mangé aujourd'hui.",
        "Penses-tu qu'il l'a vu ?",
        "I don't like Tom's car, I'm sorry.",
        "Não, ele sentou-se à mesa!",
        '"Oui", dit-elle.',
    ],
)
def test_ids_decode_to_exactly_the_text_they_came_from(text: str):
    made = translator_tokenizer.train([text, "The cat is black.", "Le chat est noir."] * 30, size=300, pieces=80)
    assert made.decode(made(text).input_ids, skip_special_tokens=True) == text
    asked = made(translator_batches.prompt(text, "fra")).input_ids
    assert asked[0] == made.convert_tokens_to_ids(">>fra<<") and asked[-1] == made.eos_token_id


def test_what_has_a_counterpart_stands_alone():
    cut = translator_tokenizer.words(
        translator_tokenizer.shell(), "J'ai vu Tom's car, don't you? Penses-tu aujourd'hui"
    )
    assert cut == [
        "▁J'",
        "ai",
        "▁vu",
        "▁Tom",
        "'s",
        "▁car",
        ",",
        "▁don't",
        "▁you",
        "?",
        "▁Penses",
        "-tu",
        "▁aujourd'hui",
    ]


def test_a_saved_tokenizer_loads_the_same(small, tmp_path: Path):
    _, made = small
    tokenizer.save(made, tmp_path)
    again = tokenizer.load(tmp_path)
    assert again("The cat.").input_ids == made("The cat.").input_ids and again.pad_token_id == 0


def _read(asked) -> dict[str, torch.Tensor]:
    return {name: asked[name] for name in ("input_ids", "attention_mask")}
