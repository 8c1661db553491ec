"""“it” and il or elle: sound pairs, the row that writes the pronoun, two whole translations that compete, and who
cannot be asked.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from torch.nn import functional
from typer.testing import CliRunner

import core
from core.analyses.candidates import won
from core.coreference import bench, conditions, items, learned, probes, report, scores, stakes
from core.coreference.items import TRANSLATIONS, Candidate, Item
from core.errors import BadFile, Message
from core.models.catalog import alignment_head
from core.views.view import view
from tests import tiny

PRONOUNS = {"m": "il", "f": "elle"}
TINY = Item(
    "tiny",
    "tiny",
    "T0",
    "Ela derramou água da jarra para o copo.",
    (0, 3),
    (Candidate("jarra", (21, 26), "f", "a"), Candidate("copo", (34, 38), "m", "b")),
    1,
    1,
    ("Ela",),
    ("Ela",),
    target="O menino leu o livro.",
    target_probe=(9, 12),
    target_other="O menino viu o livro.",
)


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(name if name.startswith("mirante") else tiny.folder(name), device="cpu")


def of(condition: str, pairs: int = 64) -> list[Item]:
    return [one for one in items.bundled_items("translations") if one.condition == condition][: 2 * pairs]


def pairs(condition: str) -> list[tuple[Item, Item]]:
    listed = of(condition)
    return list(zip(listed[::2], listed[1::2], strict=True))


@pytest.mark.parametrize("condition", TRANSLATIONS)
def test_there_are_enough_different_sound_pairs(condition):
    listed = of(condition)
    assert len(listed) >= 96 and len({one.text for one in listed}) == len({one.id for one in listed}) == len(listed)
    assert all(items.problems(one) == [] for one in listed)
    for a, b in pairs(condition):
        assert a.pair == b.pair and (a.gold, b.gold) == (0, 1) and a.candidates == b.candidates
        shared = a.probe[1]
        assert a.text[:shared] == b.text[:shared] and a.text != b.text


def test_every_span_holds_its_word():
    for one in items.bundled_items("translations"):
        assert one.text.startswith(">>fra<< ") and one.word == "it" and one.text.count(" it ") == 1
        pronoun = one.target[slice(*one.target_probe)]
        assert pronoun == PRONOUNS[one.candidates[one.gold].gender] and one.target[: one.target_probe[0]].endswith(
            " parce qu'"
        )


def test_the_pronoun_tells_the_noun_in_t0_and_nothing_in_t2():
    for condition, told in (("T0", True), ("T2", False)):
        genders = Counter("".join(one.gender for one in a.candidates) for a, _ in pairs(condition))
        assert set(genders) == ({"mf", "fm"} if told else {"mm", "ff"}) and len(set(genders.values())) == 1, (
            "as many of each"
        )
        assert all(one.same_gender != told and (one.target_other is not None) == told for one in of(condition))


def test_the_other_translation_differs_in_the_pronoun_and_what_agrees_with_it():
    one = next(one for one in of("T0") if "très lent" in one.target)
    for a in of("T0"):
        start = a.target_probe[0]
        assert {a.target[start:].split()[0], a.target_other[start:].split()[0]} == {"il", "elle"} and a.target[
            :start
        ] == a.target_other[:start]
    said = {text.split("parce qu'")[1] for text in (one.target, one.target_other)}
    assert said == {"il était très lent.", "elle était très lente."}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (dict(target_probe=None), "target_probe"),
        (dict(target_probe=(3, 3)), "target_probe"),
        (dict(target_probe=(0, 400)), "target_probe"),
        (dict(target_other=TINY.target), "target_other"),
        (dict(target_other="A menina leu o livro."), "target_other"),
        (dict(target=None), "target_probe"),
        (dict(target=None, target_probe=None), "target_other"),
    ],
)
def test_an_unsound_translation_is_named(change, field):
    assert items.problems(TINY) == []
    broken = replace(TINY, **change)
    with pytest.raises(BadFile, match=f"tiny, {field}"):
        items.parse_items(json.dumps({"items": items.as_rows([broken])}))


@pytest.mark.parametrize("change", [dict(target=3), dict(target_probe=[1]), dict(target_probe="ab"), dict(text=5)])
def test_fields_of_another_type_are_refused(change):
    row = items.as_rows([TINY])[0] | change
    with pytest.raises(BadFile, match="no file of items"):
        items.parse_items(json.dumps({"items": [row]}))


def test_rows_come_back_as_they_were():
    listed = tuple(of("T0", 3) + of("T2", 3))
    assert items.parse_items(json.dumps({"items": items.as_rows(listed)})) == listed


def test_the_probe_and_the_items_go_together_alone():
    for name in ("containers", "families"):
        assert not any(probes.fits(one, "cross") for one in items.bundled_items(name))
    for probe in probes.PROBES:
        assert {probes.fits(one, probe) for one in items.bundled_items("translations")} == {probe == "cross"}


def test_who_can_be_asked_what():
    assert probes.refusal(loaded("marian"), "cross") is None
    assert all(
        "translation" in str(probes.refusal(loaded("marian"), probe)) for probe in probes.PROBES if probe != "cross"
    )
    for name in ("bert", "gpt2"):
        assert "writes no translation" in str(probes.refusal(loaded(name), "cross"))


@pytest.mark.parametrize("name", ["marian", "bart", "t5", "m2m_100"])
def test_looks_are_those_of_the_row_before_the_pronoun(name):
    lm = loaded(name)
    asked = probes.probed_item(lm, TINY, "cross")
    assert (asked.text, asked.target, asked.query, asked.kind) == (TINY.text, TINY.target, TINY.target_probe, "cross")
    found = scores.item_looks(lm, asked)
    trace = core.capture(lm, TINY.text, TINY.target)
    rows = [place - 1 for place in probes.token_positions(trace.target, asked.query)]
    columns = [probes.token_positions(trace.tokens, span) for span in asked.candidates]
    for layer in range(trace.layers("cross")):
        for head in range(trace.heads("cross")):
            written = trace.attention(layer, head, "cross")[rows].mean(0)
            np.testing.assert_allclose(found[layer, head], [written[places].sum() for places in columns], atol=1e-6)
    assert found.shape == (trace.layers("cross"), trace.heads("cross"), 2)
    assert (found >= 0).all() and (found.sum(-1) <= 1 + 1e-6).all()


def test_the_row_is_the_one_that_explore_names_by_the_pronoun():
    lm, one = loaded("mirante-translator"), of("T0")[0]
    asked = probes.probed_item(lm, one, "cross")
    trace = core.capture(lm, one.text, one.target)
    shown = view(trace, "cross", words=False, rows="written")
    row = shown.query.labels.index(trace.target.pieces[probes.token_positions(trace.target, asked.query)[0]])
    columns = [probes.token_positions(trace.tokens, span)[0] for span in asked.candidates]
    np.testing.assert_allclose(scores.item_looks(lm, asked)[1, 0], shown.head(1, 0)[row, columns], atol=1e-6)


def test_the_head_that_aligns_words_finds_the_nouns_themselves():
    """The same reading, asked of a noun in place of the pronoun, gives what it must."""
    lm, head = loaded("mirante-translator"), alignment_head("mirante-translator")
    right = []
    for one in of("T0", 12)[::2]:
        start = one.target.index(" parce") - len(one.target.split(" parce")[0].split()[-1])
        asked = replace(probes.probed_item(lm, one, "cross"), query=(start, one.target.index(" parce")))
        right.append(bool(won(scores.item_looks(lm, asked)[head], 1)))
    assert np.mean(right) >= 0.75, "the last noun of the French sentence comes from the last one of the English"


def test_what_competes_are_two_whole_translations_and_nothing_in_t2():
    one = of("T0")[0]
    found = probes.choice(one, "cross")
    assert (
        found.texts == (one.target, one.target_other)
        and found.right == {0}
        and found.source == one.text
        and set(found.words) == {"il", "elle"}
    )
    assert all(probes.choice(other, "cross") is None for other in of("T2")) and probes.choice(one, "adjective") is None


@pytest.mark.parametrize("name", ["marian", "bart"])
def test_the_log_probability_of_a_translation_is_the_model_s_own_loss(name):
    lm = loaded(name)
    trace = core.capture(lm, TINY.text, TINY.target)
    source, given = torch.tensor([trace.tokens.ids]), torch.tensor([trace.target.ids])
    with torch.inference_mode():
        logits = lm.model(input_ids=source, decoder_input_ids=given).logits[0, :-1]
    expected = -functional.cross_entropy(logits, given[0, 1:], reduction="sum")
    assert scores.translation_log_probability(trace) == pytest.approx(float(expected), rel=1e-4)
    found = scores.preferences(lm, probes.choice(TINY, "cross"))
    assert found[0] == pytest.approx(float(expected), rel=1e-4) and found.shape == (2,)


def test_other_models_have_no_preference_between_translations():
    assert all(scores.preferences(loaded(name), probes.choice(TINY, "cross")) is None for name in ("bert", "gpt2"))


def test_a_reader_keeps_a_text_apart_from_its_translations(monkeypatch):
    calls = []
    monkeypatch.setattr(scores, "capture", lambda lm, text, target: calls.append((text, target)))
    read = scores.reader(None, kept_traces=4)
    for arguments in (("a",), ("a", None), ("a", "b"), ("a", "c"), ("a", "b")):
        read(*arguments)
    assert calls == [("a", None), ("a", "b"), ("a", "c")]


def test_the_bundled_translator_is_asked_of_few_pairs():
    lm = loaded("mirante-translator")
    listed = of("T0", 6) + of("T2", 6)
    found = conditions.condition_results(bench.run_bench(lm, listed, "cross", causal=True), "cross")
    assert [(one.condition, one.pairs) for one in found] == [("T0", 6), ("T2", 6)]
    assert all(one.looks.share.shape == (lm.layout.counts["cross"], 4) and one.knockouts is None for one in found)
    assert found[0].choices.members.n == 6 and found[1].choices is None
    assert (found[0].baselines.gender, found[1].baselines.gender) == (1, 0.5)
    assert [row["choice"] is None for row in report.rows(found)] == [False, True]


def test_a_random_translator_is_at_chance():
    found = conditions.condition_results(
        bench.run_bench(core.twin(loaded("mirante-translator")), of("T0", 16), "cross"), "cross"
    )[0]
    assert found.looks.selected.members.low <= 0.5 <= found.looks.selected.members.high


@pytest.mark.parametrize("name", ["bert", "gpt2"])
def test_models_that_write_no_translation_answer_nothing(name):
    found = conditions.condition_results(bench.run_bench(loaded(name), of("T0", 2), "cross", causal=True), "cross")[0]
    assert found.looks is found.choices is found.knockouts is None


@pytest.mark.parametrize("name", ["bert", "marian"])
def test_nothing_is_at_stake(name):
    assert isinstance(stakes.item_logit_difference(loaded(name), TINY, "cross", "elle"), Message)


def test_the_command_line_asks_a_translator_what_it_can_read(tmp_path):
    from core.__main__ import app

    lm, path = loaded("mirante-translator"), tmp_path / "mine.json"
    readable = list(learned.learned_items(lm, of("T0")))[:8]
    path.write_text(json.dumps({"items": items.as_rows([*of("T0", 2), *readable])}), encoding="utf-8")
    told = CliRunner().invoke(
        app,
        [
            "coref",
            "--model",
            "mirante-translator",
            "--items",
            str(path),
            "--probe",
            "cross",
            "--device",
            "cpu",
            "--json",
        ],
    )
    assert told.exit_code == 0 and "8 of the 12 sentences are asked" in told.stderr, told.output
    mine = report.document(lm, conditions.condition_results(bench.run_bench(lm, readable, "cross"), "cross"))
    assert json.loads(told.stdout)["results"] == json.loads(json.dumps(mine["results"]))
