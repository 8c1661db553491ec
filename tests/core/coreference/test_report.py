"""The document, the rows and the command line say the same numbers; what cannot be asked is refused with the names that
there are.
"""

from __future__ import annotations

import json
import math

import pytest
from typer.testing import CliRunner

import core
from core.__main__ import app
from core.cli import coreference
from core.coreference import bench, conditions, items, report
from core.errors import BadFile, BadInput
from tests import tiny


@pytest.fixture(scope="module")
def lm():
    return core.load("mirante-encoder-pt", device="cpu")


@pytest.fixture(scope="module")
def found(lm):
    listed = [
        one
        for name in ("P0", "P2", "P3", "P8")
        for one in items.bundled_items("containers")
        if one.condition == name and int(one.pair[3:]) <= 6
    ]
    return conditions.condition_results(bench.run_bench(lm, listed, "question"), "question")


def test_the_document_is_json_and_holds_every_head(lm, found):
    document = json.loads(json.dumps(report.document(lm, found)))
    assert document["model"]["model"] == "mirante-encoder-pt"
    first = document["results"][0]
    assert (first["condition"], first["probe"], first["pairs"]) == ("P0", "question", 6)
    heads = first["looks"]["heads"]
    assert len(heads) == lm.layout.counts["self"] and max(map(max, heads)) == first["looks"]["apparent_best"]
    assert first["contrast"]["moved"]["n"] == 6 and len(first["looks"]["moves"]["heads"]) == len(heads)
    assert first["choices"]["right"]["n"] == 6 and first["baselines"]["gender"] == 1


def test_rows_hold_the_same_numbers(lm, found):
    document = report.document(lm, found)
    for row, whole in zip(report.rows(found), document["results"], strict=True):
        assert (
            row["look"] == whole["looks"]["held_out"]["value"]
            and row["choice_high"] == whole["choices"]["right"]["high"]
            and row["contrast_low"] == whole["contrast"]["moved"]["low"]
        )
        assert [row["layer_from_0"], row["head_from_0"]] == whole["looks"]["head"] and row["rule_gender"] == whole[
            "baselines"
        ]["gender"]


def test_the_index_compares_meaning_alone_with_the_original(lm, found):
    index = report.indices(found, "question")
    by = {one.condition: one for one in found}
    if "looks" in index:
        meaning = sum(by[name].looks.selected.members.value for name in ("P2", "P3", "P8")) / 3
        original = by["P0"].looks.selected.members.value
        assert math.isclose(index["looks"].value, 1 - (meaning - 0.5) / (original - 0.5))
    assert report.indices(found[:1], "question") == {} == report.indices(found, "overt")


def test_rows_of_what_could_not_be_asked_are_empty():
    answers = [bench.ItemAnswer(one, None, None, None) for one in items.bundled_items("families")[:4]]
    row = report.rows(conditions.condition_results(answers, "overt"))[0]
    assert row["look"] is row["choice"] is row["head_from_0"] is None and row["pairs"] == 2


def test_the_command_line_says_the_same(tmp_path):
    listed = [one for one in items.bundled_items("containers") if one.condition == "P2"][:8]
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"items": items.as_rows(listed)}), encoding="utf-8")
    asked = ["coref", "--model", tiny.folder("gpt2"), "--items", str(path), "--probe", "adjective", "--device", "cpu"]
    told = CliRunner().invoke(app, [*asked, "--json"])
    assert told.exit_code == 0, told.output
    whole = json.loads(told.stdout)
    lm = core.load(tiny.folder("gpt2"), device="cpu")
    mine = report.document(lm, conditions.condition_results(bench.run_bench(lm, listed, "adjective"), "adjective"))
    assert whole["results"] == json.loads(json.dumps(mine["results"]))
    table = CliRunner().invoke(app, asked)
    assert table.stdout.splitlines()[0].startswith("P2\tadjective\t4\t")
    twin = CliRunner().invoke(app, [*asked, "--twin", "--json"])
    assert "random, seed 0" in json.loads(twin.stdout)["model"]["model"]


@pytest.mark.parametrize(
    ("name", "conditions", "said"),
    [("nothing.json", None, "neither"), ("containers", ["P9"], "P0, P1"), ("families", ["P0"], "fit")],
)
def test_unknown_items_are_refused_with_the_names_that_there_are(name, conditions, said):
    with pytest.raises(BadInput, match=said):
        coreference.read_items(name, conditions)


def test_an_unknown_probe_and_a_file_of_something_else_are_refused(tmp_path):
    with pytest.raises(BadInput, match="adjective, pronoun"):
        coreference.read_probes(["mask"])
    path = tmp_path / "x.json"
    path.write_bytes(b"\xff\x00 no json")
    with pytest.raises(BadFile, match="x.json"):
        coreference.read_items(str(path), None)
    assert coreference.read_probes(None) == (
        "adjective",
        "pronoun",
        "question",
        "overt",
        "cross",
    ) and coreference.read_probes(["overt"]) == ("overt",)
    assert {one.condition for one in coreference.read_items("containers", ["P4"])} == {"P4"}
