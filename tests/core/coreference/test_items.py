"""The item files are sound, balanced and honest about what they isolate; an unsound item is named with its fault."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from core.coreference import items
from core.coreference.items import CONTAINERS, Candidate, Item
from core.errors import BadFile


def one() -> Item:
    return items.bundled_items("containers")[0]


def pairs(name: str) -> dict[str, list[Item]]:
    found = defaultdict(list)
    for item in items.bundled_items(name):
        found[item.pair].append(item)
    return found


def test_the_first_item_is_the_classic_one():
    item = one()
    assert item.text == "Ela derramou água da jarra para o copo até que ficasse cheio."
    assert (item.word, item.candidates[item.gold].text, item.right) == ("cheio", "copo", ("cheio", "vazia"))
    assert item.question.endswith("O que ficou cheio? O [MASK].") and "até que o [MASK] ficasse cheio" in item.overt


@pytest.mark.parametrize(
    ("name", "least", "conditions"), [("containers", 64, 9), ("families", 20, 18), ("translations", 64, 2)]
)
def test_there_are_enough_pairs_of_every_condition_and_all_are_different(name, least, conditions):
    listed = pairs(name)
    counts = Counter(two[0].condition for two in listed.values())
    assert len(counts) == conditions and min(counts.values()) >= least
    assert all(len(two) == 2 for two in listed.values())
    texts = [(item.condition, item.text) for item in items.bundled_items(name)]
    assert len(texts) == len(set(texts)) and len({item.id for item in items.bundled_items(name)}) == len(texts)


@pytest.mark.parametrize("name", ["containers", "families"])
def test_the_two_members_of_a_pair_share_everything_but_the_word_and_its_noun(name):
    for a, b in pairs(name).values():
        assert a.condition == b.condition and {a.gold, b.gold} == {0, 1}
        assert [one.text for one in a.candidates] == [one.text for one in b.candidates] and a.word != b.word
        event = a.candidates[-1].span[1]
        assert a.text[:event] == b.text[:event]


@pytest.mark.parametrize("name", ["containers", "families"])
def test_the_probe_word_agrees_with_its_noun_and_all_items_are_sound(name):
    endings = {("m", 1): "o", ("f", 1): "a", ("m", 2): "os", ("f", 2): "as"}
    for item in items.bundled_items(name):
        gold = item.candidates[item.gold]
        assert items.problems(item) == [] and item.word.endswith(endings[gold.gender, gold.number])


def test_each_condition_isolates_what_it_says():
    for item in items.bundled_items("containers"):
        genders = "".join(candidate.gender for candidate in item.candidates)
        source = next(candidate for candidate in item.candidates if candidate.role == "source")
        full = item.word.startswith("chei")
        assert genders == {"P2": "mm", "P3": "ff", "P7": "mf", "P4": "mf", "P8": genders[0] * 2}.get(
            item.condition, "fm"
        )
        assert (item.condition == "P1") == (item.gold != item.meaning)
        assert (item.candidates[item.meaning] is source) == (not full)
        assert item.same_gender == (item.condition in ("P2", "P3", "P8"))
        assert (" que ele " in item.text or " que ela " in item.text) == (item.condition == "P5")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (dict(probe=(5, 400)), "probe"),
        (dict(probe=(0, 0)), "probe"),
        (dict(gold=2), "gold"),
        (dict(meaning=-1), "meaning"),
        (dict(options=("cheia", "vazio")), "options"),
        (dict(right=("cheíssimo",)), "right"),
        (dict(right=()), "right"),
        (dict(question="O que ficou cheio?"), "question"),
        (dict(overt="[MASK] [MASK]"), "overt"),
        (dict(candidates=(Candidate("copo", (27, 31), "m", "a"),)), "candidates"),
        (
            dict(candidates=(Candidate("vaso", (37, 41), "m", "a"), Candidate("jarra", (21, 26), "f", "b"))),
            "candidates",
        ),
    ],
)
def test_an_unsound_item_is_named_with_its_fault(change, field):
    broken = replace(one(), **change)
    assert field in [place for place, _ in items.problems(broken)]
    with pytest.raises(BadFile, match=f"{broken.id}, {field}"):
        items.parse_items(json.dumps({"items": items.as_rows([broken])}))


def test_a_candidate_inside_the_probe_is_refused():
    item = one()
    inside = replace(item.candidates[1], text="chei", span=(item.probe[0], item.probe[0] + 4))
    assert "overlap" in str(items.problems(replace(item, candidates=(item.candidates[0], inside)))[0][1])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"items": [1]}', '{"items": [{"id": "x"}]}', '{"items": [{"id": "x", "probe": [1]}]}']
)
def test_what_is_no_item_file_is_refused(text):
    with pytest.raises(BadFile, match="no file of items"):
        items.parse_items(text)


def test_rows_come_back_as_they_were():
    listed = items.bundled_items("families")[:50]
    assert items.parse_items(json.dumps({"items": items.as_rows(listed)})) == listed
    assert set(CONTAINERS) == {item.condition for item in items.bundled_items("containers")}
