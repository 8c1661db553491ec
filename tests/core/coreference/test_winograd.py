"""The Winograd set that a person brings: nouns where they stand or not at all, twins, and files that are none."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

import core
from core.__main__ import app
from core.cli import coreference
from core.coreference import bench, conditions, items, probes, winograd
from core.errors import BadFile, BadInput
from tests import tiny


def row(number: int, sentence: str, pronoun: str, candidates: tuple[str, str], answer: int, **more) -> dict:
    start = sentence.lower().rindex(f" {pronoun.lower()} ") + 1
    written = sentence[start : start + len(pronoun)]
    return {
        "id": f"x-{number}",
        "names": "en",
        "sentence": sentence,
        "pronoun": written,
        "candidates": list(candidates),
        "answer": answer,
        "pronoun_start": start,
    } | more


ROWS = (
    row(
        0,
        "Os juízes recusaram a visita aos artistas porque eles temiam o barulho.",
        "eles",
        ("Os juízes", "Os artistas"),
        0,
    ),
    row(
        1,
        "Os juízes recusaram a visita aos artistas porque eles queriam o barulho.",
        "eles",
        ("os juízes", "Os artistas"),
        1,
    ),
    row(2, "Rita perguntou a Paula a hora, porque ela tinha esquecido.", "ela", ("Paula", "Rita"), 1),
    row(3, "O saco de pão caiu no chão. Ele estava cheio.", "ele", ("O saco de pão", "O chão"), 0, names="pt"),
    row(4, "Abrindo sua caixa , a mulher viu a menina.", "sua", ("A mulher", "A menina"), 0),
)


def lines(*rows: object) -> str:
    return "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in rows)


def one(index: int) -> items.Item:
    return winograd.parse_schemas(lines(ROWS[index]))[0][0]


def test_a_schema_becomes_an_item():
    item = one(0)
    assert (item.word, item.condition, item.gold, item.meaning, item.options, item.right) == (
        "eles",
        "wsc",
        0,
        0,
        ("eles",),
        ("eles",),
    )
    assert [(noun.text, noun.gender, noun.number) for noun in item.candidates] == [
        ("juízes", "m", 2),
        ("artistas", "m", 2),
    ], "found without their articles"
    assert item.overt == "Os juízes recusaram a visita aos artistas porque os [MASK] temiam o barulho."
    assert items.problems(item) == []


def test_candidates_come_in_the_order_of_the_text_and_a_preposition_is_no_article():
    item = one(2)
    assert [noun.text for noun in item.candidates] == ["Rita", "Paula"] and item.candidates[item.gold].text == "Rita"
    assert [noun.gender for noun in item.candidates] == ["", ""]


def test_names_tell_the_condition_and_several_words_or_a_pronoun_before_the_nouns_leave_no_place_for_a_mask():
    several, before = one(3), one(4)
    assert several.condition == "wsc_pt" and several.candidates[0].text == "saco de pão" and several.overt is None
    assert before.overt is None and before.probe[0] < before.candidates[0].span[0]


def test_twins_share_a_pair_and_a_third_does_not():
    third = {**ROWS[0], "id": "x-9", "answer": 0}
    found, unused = winograd.parse_schemas(lines(*ROWS, ROWS[0] | {"id": "x-7"}, ROWS[1] | {"id": "x-8"}, third))
    assert unused == 0 and [item.pair for item in found] == ["x-0", "x-0", "x-2", "x-3", "x-4", "x-7", "x-7", "x-9"]


def test_a_twin_whose_partner_cannot_be_used_stays_alone():
    found, unused = winograd.parse_schemas(lines({**ROWS[0], "pronoun_start": 3}, ROWS[1], {**ROWS[0], "id": "x-9"}))
    assert unused == 1 and [item.pair for item in found] == ["x-0", "x-9"]


@pytest.mark.parametrize(
    "broken",
    [
        "not json",
        "[1]",
        {**ROWS[0], "answer": 2},
        {**ROWS[0], "answer": True},
        {**ROWS[0], "candidates": ["Os juízes"]},
        {**ROWS[0], "names": "fr"},
        {**ROWS[0], "sentence": 3},
        {**ROWS[0], "pronoun_start": None},
        {**ROWS[0], "pronoun_start": 4},
        {**ROWS[0], "pronoun_start": -1},
        {**ROWS[0], "id": "\ud800"},
        {**ROWS[0], "candidates": ["Os juízes", "Os músicos"]},
        {**ROWS[0], "candidates": ["Os juízes", "juízes"]},
        row(0, "Os juízes viram os artistas e outros artistas e eles riram.", "eles", ("Os juízes", "Os artistas"), 0),
        row(0, "A mãe da Rita chegou e ela riu.", "ela", ("Rita", "A mãe da Rita"), 0),
        {field: value for field, value in ROWS[0].items() if field != "candidates"},
    ],
)
def test_what_would_be_a_guess_is_counted_and_left_out(broken):
    found, unused = winograd.parse_schemas(
        lines(broken if isinstance(broken, str) else json.dumps(broken), "", ROWS[2])
    )
    assert [item.id for item in found] == ["x-2"] and unused == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "JSON object"), ("a\nb", "JSON object"), ("[1]", "JSON object"), ('{"id": 1}', "None of the 1 lines")],
)
def test_no_file_of_schemas_is_refused(text, said):
    with pytest.raises(BadFile, match=said):
        winograd.parse_schemas(text)


def test_nothing_competes_for_the_pronoun_and_no_other_pronoun_is_asked_for_it():
    other = row(5, "Rita deu o livro à Paula e ela leu que ela ficou rica.", "ela", ("Rita", "Paula"), 1)
    for item in winograd.parse_schemas(lines(*ROWS, other))[0]:
        assert (
            probes.choice(item, "adjective") is None
            and not probes.fits(item, "pronoun")
            and not probes.fits(item, "cross")
        )
        assert (probes.choice(item, "overt") is None) == (item.overt is None)
    assert probes.choice(one(0), "overt").texts[1].endswith("porque os artistas temiam o barulho.")


def test_the_command_line_reads_it_packed_or_not_and_says_what_was_left_out(tmp_path: Path):
    text = lines(*ROWS, "{}").encode()
    plain, packed = tmp_path / "wsc.jsonl", tmp_path / "WSC.JSONL.GZ"
    plain.write_bytes(text)
    packed.write_bytes(gzip.compress(text))
    told: list = []
    assert coreference.read_items(str(plain), None, told.append) == coreference.read_items(
        str(packed), None
    ) and "1 of 6 lines" in str(told[0])
    assert [item.id for item in coreference.read_items(str(plain), ["wsc_pt"])] == ["x-3"]
    with pytest.raises(BadInput, match="wsc, wsc_pt"):
        coreference.read_items(str(plain), ["P0"])
    run = CliRunner().invoke(
        app,
        [
            "coref",
            "--model",
            tiny.folder("bert"),
            "--items",
            str(plain),
            "--condition",
            "wsc",
            "--probe",
            "adjective",
            "--device",
            "cpu",
        ],
    )
    assert run.exit_code == 0 and "1 of 6 lines" in run.stderr and run.stdout.startswith("wsc\tadjective\t1\t")


@pytest.mark.parametrize("damage", [b"no gzip at all", gzip.compress(b"x" * 9999, mtime=0)[:30]])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: bytes):
    path = tmp_path / "wsc.jsonl.gz"
    path.write_bytes(damage)
    with pytest.raises(BadFile, match="damaged"):
        coreference.read_items(str(path), None)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path):
    path = tmp_path / "wsc.jsonl.gz"
    path.write_bytes(gzip.compress(b" " * 3_000_000 + b"x"))
    with pytest.raises(BadFile):
        coreference.read_items(str(path), None)


def test_the_real_file():
    path = Path(os.environ.get("MIRANTE_CORPORA", "")) / "wsc_pt.jsonl.gz"
    if not os.environ.get("MIRANTE_CORPORA") or not path.is_file():
        pytest.skip("MIRANTE_CORPORA names no folder with wsc_pt.jsonl.gz")
    found, unused = winograd.read_schemas(path)
    assert (len(found), unused) == (446, 108) and Counter(item.condition for item in found) == {
        "wsc": 223,
        "wsc_pt": 223,
    }
    by_pair = Counter(item.pair for item in found)
    assert set(by_pair.values()) == {1, 2} and sum(item.overt is not None for item in found) == 308
    assert all(probes.choice(item, "adjective") is None and items.problems(item) == [] for item in found)
    lm = core.load(tiny.folder("bert"), device="cpu")
    assert conditions.condition_results(bench.run_bench(lm, found[:8], "overt"), "overt")[0].looks is not None
