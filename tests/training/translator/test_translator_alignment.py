"""The gold of the alignments is sound, and the score is what a hand computes."""

from __future__ import annotations

import numpy as np
import pytest

from training.translator import alignment, bias, evaluate, pairs, tokenizer as translator_tokenizer, translation
from training.translator.pairs import Pair


def test_the_gold_has_forty_pairs_of_each_language_and_every_link_names_words_that_stand_there_once():
    items = alignment.gold()
    assert [sum(one.pair.language == name for one in items) for name in pairs.FILES] == [40, 40]
    assert len({one.pair for one in items}) == 80 and all(len(one.links) >= 3 for one in items)
    assert any(one.pair.source == "I like strawberries." for one in items)


def test_words_are_cut_as_the_tokenizer_cuts_them():
    shell = translator_tokenizer.shell()
    for one in alignment.gold():
        for text, spans in ((one.pair.source, one.source), (one.pair.target, one.target)):
            pieces = [word.strip("▁") for word in translator_tokenizer.words(shell, text)]
            assert [text[slice(*span)] for span in spans] == [word for word in pieces if any(map(str.isalnum, word))]


def test_a_link_to_a_word_that_is_absent_or_repeated_is_refused():
    with pytest.raises(ValueError, match="stands 0 times"):
        alignment.item(Pair("I see.", "Je vois.", "fra"), "vois=saw")
    with pytest.raises(ValueError, match="stands 2 times"):
        alignment.item(Pair("I see what I want.", "Je vois.", "fra"), "Je=I")


def test_pieces_become_words_by_sum_over_the_looked_at_and_mean_over_the_looking():
    rows = np.array([[0.9, 0.0, 0.1, 0.0], [0.1, 0.2, 0.3, 0.4], [0.5, 0.1, 0.1, 0.3]])
    found = alignment.between(rows[None, None], rows=[[1, 2]], keys=[[1, 2], [3]], row="read")
    np.testing.assert_allclose(found.words[0, 0], [[0.35, 0.35]])
    np.testing.assert_allclose(found.elsewhere[0, 0], [0.3])
    written = alignment.between(rows[None, None], rows=[[1, 2]], keys=[[1, 2], [3]], row="written")
    np.testing.assert_allclose(written.words[0, 0], [[(0.1 + 0.5) / 2, 0.2]])


def test_the_score_by_hand():
    one = alignment.item(
        Pair("I like strawberries.", "J'aime les fraises.", "fra"), "J'=I aime=like fraises=strawberries"
    )
    sharp, flat = np.zeros((4, 3)), np.full((4, 3), 0.2)
    for word, source in ((0, 0), (1, 1), (3, 2)):
        sharp[word, source] = 0.8
    flat[0, 1] = 0.4  # wrong for J', and the first source word wins every tie
    looks = alignment.Looks(np.stack([sharp, flat])[None], np.array([[[0.0, 0.9, 0.0, 0.0], [0.0] * 4]]))
    hits = alignment.right(looks, one.links)
    assert hits.tolist() == [[[True, True, True], [False, False, False]]]
    assert alignment.right(looks, one.links, strict=True)[0, 0].tolist() == [True, False, True]
    assert alignment.best([hits]) == (0, 0)
    assert alignment.averaged(looks).words.shape == (1, 1, 4, 3)
    assert alignment.diagonal(one)[0, 0].tolist() == [True, True, True]  # 0 → 0, 1 → 0.67, 3 → 2


def test_the_dictionary_finds_the_words_that_always_meet_and_copies_the_rest():
    found = [
        Pair("A cat.", "Un chat.", "fra"),
        Pair("A dog.", "Un chien.", "fra"),
        Pair("The cat.", "Le chat.", "fra"),
    ] * 3
    words = translation.dictionary(found, "fra")
    assert words["▁cat"] == "▁chat" and words["▁A"] == "▁Un" and words["▁The"] == "▁Le"
    test = translation.bench([Pair("A cat Zed.", "Un chat Zed.", "fra")], "fra")
    assert translation.looked_up(test, words) == ["Un chat Zed."]
    scored = translation.scores(["Un chat Zed."], test, draws=0)
    assert scored["chrf"]["value"] == pytest.approx(100)


def test_sentences_with_several_translations_are_one_item():
    test = translation.bench(
        [Pair("Go.", "Va !", "fra"), Pair("Go.", "Allez !", "fra"), Pair("Go.", "Vá!", "por")], "fra"
    )
    assert test.sources == ("Go.",) and test.references == (("Va !", "Allez !"),)
    assert translation.scores(["Allez !"], test, draws=0)["chrf"]["value"] == pytest.approx(100)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Le médecin est fatigué.", "fra", "m"),
        ("L'infirmière est fatiguée.", "fra", "f"),
        ("L'avocat a vu.", "fra", "?"),
        ("A médica está cansada.", "por", "f"),
        ("O cantor chegou.", "por", "m"),
        ("O médico está cansada.", "por", "?"),
    ],
)
def test_the_gender_of_a_translation(text: str, language: str, expected: str):
    assert bias.gender(text, language) == expected


def test_the_professions_are_balanced():
    assert len(bias.MEN) == len(bias.WOMEN) == 8
    assert not set(bias.MEN) & set(bias.WOMEN)


def test_the_paired_test_counts_only_words_that_one_of_two_has_right():
    ours = [np.array([True, True, True]), np.array([True, True, False, False])]
    theirs = [np.array([True, False, False]), np.array([False, False, False, True])]
    found = evaluate.paired(ours, theirs)
    assert (found["head_only"], found["place_only"]) == (4, 1)
    assert found["p"] == pytest.approx(2 * (1 + 5) / 2**5)  # five coins, at most one tail, either way round
    assert found["by_sentence"]["value"] == pytest.approx((2 / 3 + 1 / 4) / 2)
    equal = evaluate.paired(ours, ours)
    assert (equal["head_only"], equal["place_only"], equal["p"]) == (0, 0, 1.0) and equal["by_sentence"]["value"] == 0


def test_every_pair_is_an_item_with_its_one_reference():
    found = [pairs.Pair("I see.", text, "fra") for text in ("Je vois.", "Je comprends.")]
    test = translation.singly(found, most=5)
    assert test == translation.Test(("I see.", "I see."), (("Je vois.",), ("Je comprends.",)))
    assert translation.singly(found, most=1).references[0] in test.references
