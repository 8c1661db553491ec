"""Sources are deduplicated, split for ever, and never hold a test sentence."""

import random

import pytest

from training.common import corpus


def test_split_is_disjoint_within_and_across_sources(corpora):
    splits = corpus.load(corpora)
    assert [split.source for split in splits] == ["tatoeba", "ud_gsd"]
    everything = [corpus.key(text) for split in splits for text in (*split.train, *split.held_out)]
    assert len(everything) == len(set(everything))
    assert any(split.held_out for split in splits)


def test_treebank_test_sentences_stay_out_whatever_their_case(corpora):
    keys = {corpus.key(text) for split in corpus.load(corpora) for text in (*split.train, *split.held_out)}
    assert corpus.forbidden(corpora) and not keys & corpus.forbidden(corpora)


def test_the_split_does_not_move(corpora):
    assert corpus.load(corpora) == corpus.load(corpora)


def test_weights_thin_a_source_out():
    split = corpus.Split("machado_de_assis", tuple(map(str, range(1000))), ())
    assert len(corpus.sample([split], random.Random(0))) == round(1000 * corpus.WEIGHTS["machado_de_assis"])


def test_a_missing_folder_says_what_to_set(tmp_path, monkeypatch):
    monkeypatch.delenv("MIRANTE_CORPORA", raising=False)
    with pytest.raises(FileNotFoundError, match="MIRANTE_CORPORA"):
        corpus.folder()
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        corpus.folder(str(tmp_path))


def test_the_variable_names_the_folder(corpora, monkeypatch):
    monkeypatch.setenv("MIRANTE_CORPORA", str(corpora))
    assert corpus.folder() == corpora
