"""What the bundled translator was trained to read: the count, the note, whole pairs, and what its card says."""

from types import SimpleNamespace

from core.coreference import items, learned
from core.models.catalog import longest_learned
from core.models.sources import BUNDLED

TRANSLATOR = SimpleNamespace(name="mirante-translator")
LISTED = items.bundled_items("translations")


def test_words_and_marks_without_the_language():
    assert learned.words_and_marks(">>fra<< I don't know, Tom.") == 8
    assert learned.words_and_marks("Je sais.") == 3


def test_whole_pairs_that_are_no_longer_than_the_training():
    kept = learned.learned_items(TRANSLATOR, LISTED)
    assert (len(kept), len(LISTED)) == (96, 256)
    assert max(learned.words_and_marks(item.text) for item in kept) <= 12
    assert all(sum(other.pair == item.pair for other in kept) == 2 for item in kept)


def test_the_note_says_both_counts_and_what_the_translations_have():
    note = learned.length_note(TRANSLATOR, LISTED)
    assert (note.fields["n"], note.fields["all"], note.fields["most"], note.fields["least"]) == (96, 256, 12, 14)
    assert learned.length_note(TRANSLATOR, LISTED[:0]) is None


def test_a_model_of_which_nothing_is_known_is_asked_all():
    stranger = SimpleNamespace(name="somebody/translator")
    assert learned.learned_items(stranger, LISTED) == LISTED and learned.length_note(stranger, LISTED) is None


def test_the_limit_is_the_one_of_the_card():
    longest = longest_learned("mirante-translator")
    assert f"pairs of at most {longest} words" in (BUNDLED / "mirante-translator" / "README.md").read_text()
    assert longest_learned("mirante-encoder-pt") is None
