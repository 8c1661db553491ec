"""Content words: which piece is which word, and what is counted."""

import json

from training.common import agreement_cloze
from training.encoder import model as encoder, word_classes
from training.encoder.bigram import count
from training.encoder.word_classes import CONTENT, PART


def test_each_piece_has_the_class_of_its_word(shipped, corpora):
    (_, first, words), (_, second, others) = agreement_cloze.sentences(corpora / "ud_pt_test.conllu.gz")
    row, classes = word_classes._sentence(shipped, first, words)
    pieces = shipped.convert_ids_to_tokens(row.ids)
    assert dict(zip(pieces, classes, strict=True)) == {
        "[CLS]": PART,
        "A": "rest",
        "casa": "noun",
        "antiga": "adjective",
        "está": "rest",
        "fechada": "adjective",
        ".": "rest",
        "[SEP]": PART,
    }
    row, classes = word_classes._sentence(shipped, second, others)
    told = dict(zip(shipped.convert_ids_to_tokens(row.ids), classes, strict=True))
    assert (told["da"], told["casa"], told["nova"]) == ("rest", "noun", "adjective")


def test_a_word_of_several_pieces_is_no_word(shipped):
    text = "A xerocópia."
    words = [agreement_cloze.Word("2", "xerocópia", "xerocópia", "NOUN", {}, "0", "root", 2, 11)]
    _, classes = word_classes._sentence(shipped, text, words)
    assert "noun" not in classes and classes.count(PART) > 3


def test_the_classes_add_up(shipped, bundled, corpora):
    baseline = count([[2, 40, 41, 3]], len(shipped))
    found = word_classes.measure(bundled, shipped, corpora / "ud_pt_test.conllu.gz", baseline)
    assert found["content"]["model"]["n"] == sum(found[name]["model"]["n"] for name in CONTENT.values())
    assert found["content"]["model"]["n"] + found["rest"]["model"]["n"] == 2, "one piece of each sentence is hidden"


def test_the_shipped_encoder_says_how_it_fills_content_words():
    found = json.loads((encoder.ASSETS / "evaluation.json").read_text(encoding="utf-8"))["masked_words"]
    content, rest = found["content"], found["rest"]
    assert content["model"]["n"] > 1000 and content["model"]["value"] < rest["model"]["value"]
    assert content["model"]["low"] is not None and content["bigram"]["n"] == content["model"]["n"]
