"""The bundled tokenizer keeps case, accents and the words that people will look at."""

import random
import re
import unicodedata

import pytest
from transformers import AutoTokenizer

from training.common import corpus, families, lexicon, tokenizer
from training.encoder import model as encoder


def test_the_words_of_the_examples_are_whole(shipped):
    vocabulary = shipped.get_vocab()
    assert [word for word in tokenizer.whole_words() if word not in vocabulary] == []


def test_the_original_sentence_is_one_token_per_word(shipped):
    text = "Ela derramou água da jarra para o copo até que ficasse cheio."
    assert shipped(text).tokens() == ["[CLS]", *text[:-1].split(), ".", "[SEP]"]


@pytest.mark.parametrize("noun", lexicon.CONTAINERS, ids=lambda noun: noun.text)
def test_every_container_is_one_token(shipped, noun):
    assert shipped.tokenize(noun.text) == [noun.text]


def test_case_and_accents_are_kept(shipped):
    assert shipped.tokenize("É e avó avô Água") == ["É", "e", "avó", "avô", "Água"]
    assert shipped.decode(shipped("até é às não").input_ids, skip_special_tokens=True) == "até é às não"


def test_decomposed_accents_are_composed_and_offsets_stay_the_texts_own(shipped):
    """A combining mark at the end of a word falls outside its offsets (the library's alignment), so the words end in
    letters here.
    """
    text = unicodedata.normalize("NFD", "água fácil")
    encoded = shipped(text, return_offsets_mapping=True, add_special_tokens=False)
    assert encoded.tokens() == ["água", "fácil"]
    assert [text[a:b] for a, b in encoded["offset_mapping"]] == text.split()


def test_size_specials_and_plain_auto_class(shipped):
    again = AutoTokenizer.from_pretrained(encoder.ASSETS, local_files_only=True)
    assert len(again) == tokenizer.SIZE == len(shipped)
    assert again.convert_ids_to_tokens(range(5)) == list(tokenizer.SPECIAL)
    assert again("oi").input_ids == shipped("oi").input_ids


def test_a_tokenizer_made_from_a_small_text_reads_it_back(corpora):
    texts = [text for split in corpus.load(corpora) for text in split.train]
    made = tokenizer.train(texts, size=3000, pieces=300)
    assert len(made) <= 3000
    hits, n = tokenizer.whole_share(made, texts)
    assert n > 500 and hits / n > 0.9


def test_every_word_of_a_story_is_whole_in_a_new_vocabulary():
    rng = random.Random(0)
    told = [families.sentence(rng) for _ in range(300)]
    vocabulary = tokenizer.train(told, size=3_000, pieces=600).get_vocab()
    missing = {
        word
        for text in told
        for word in re.findall(r"[^\W\d_]+", text)
        if word.lower() not in vocabulary and word not in vocabulary
    }
    assert missing <= {"Quem", "Em"}, missing
