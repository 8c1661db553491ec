"""The bench's items are what their generator writes, and nothing in them was trained on."""

from __future__ import annotations

from core.coreference import items
from training.bench import items as bench_items
from training.common import families
from training.common.lexicon import containers


def test_the_committed_files_are_what_the_generator_writes(tmp_path):
    bench_items.main(tmp_path)
    for name in ("containers", "families", "translations"):
        assert (tmp_path / f"{name}.json").read_bytes() == (items.ITEMS_FOLDER / f"{name}.json").read_bytes()


def test_no_container_pair_was_trained_on():
    trained = containers().train_pairs
    for item in items.bundled_items("containers"):
        assert item.unseen and frozenset(one.text for one in item.candidates) not in trained


def test_unseen_family_items_hold_only_held_out_nouns():
    held_out = {filler.text for filler in families.fillers() if families.held_out(filler)}
    held_out |= {families.plural(word) for word in held_out}
    unseen = [item for item in items.bundled_items("families") if item.unseen]
    assert len(unseen) > 200
    assert all(one.text in held_out for item in unseen for one in item.candidates)
