"""Items of the agreement cloze on a two-sentence treebank."""

from training.common import agreement_cloze

VOCABULARY = [
    *"A O As a o as os".split(),
    *(stem + end for stem in ("antig", "fechad", "nov") for end in ("o", "a", "os", "as")),
]


def test_slots_options_and_masks(corpora):
    items = agreement_cloze.items(corpora / "ud_pt_test.conllu.gz", VOCABULARY)
    assert set(items) == {("attributive", "Toy"), ("predicate", "Toy")}
    predicate = items["predicate", "Toy"][0]
    assert predicate.text == "A casa antiga está [MASK]."
    assert predicate.options == ("fechada", "fechado", "fechadas") and predicate.right == ("fechada",)
    assert [cloze.text for cloze in items["attributive", "Toy"]] == [
        "A casa [MASK] está fechada.",
        "Gosto da casa [MASK].",
    ]


def test_words_missing_from_the_vocabulary_make_no_item(corpora):
    assert not agreement_cloze.items(corpora / "ud_pt_test.conllu.gz", ["fechada", "fechado"])


def test_determiners_compete_inside_their_own_paradigm():
    word = agreement_cloze.Word("1", "aquela", "aquele", "DET", {}, "2", "det", 0, 6)
    assert agreement_cloze.slot_of(word, [word]) == "determiner"
    assert agreement_cloze.options_of(word, "determiner") == ("aquela", "aquele", "aquelas")


def test_irregular_adjectives_are_left_out():
    word = agreement_cloze.Word("1", "grande", "grande", "ADJ", {}, "2", "amod", 0, 6)
    assert agreement_cloze.options_of(word, "attributive") == ()
