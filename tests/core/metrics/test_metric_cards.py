"""Every number has a card: complete, in the documents, and with a command that makes it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.__main__ import app
from core.analyses.methods import METHODS
from core.errors import BadInput
from core.metrics.card import MetricCard, keyed
from core.metrics.heads import HEAD_CARDS
from core.metrics.registry import cards_of_command, matching_cards, metric_cards
from core.studies.profiles import METRICS
from core.studies.roles import ROLES
from core.views.head_metrics import HEAD_METRICS
from tools.metric_table import ROOT, table, updated

CARDS = metric_cards()
CONLLU = """# sent_id = {n}
# text = O menino viu o livro
1	O	o	DET	_	_	2	det	_	_
2	menino	menino	NOUN	_	_	3	nsubj	_	_
3	viu	ver	VERB	_	_	0	root	_	_
4	o	o	DET	_	_	5	det	_	_
5	livro	livro	NOUN	_	_	3	obj	_	_

"""


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.key)
def test_a_card_says_everything(card: MetricCard) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", card.key)
    assert str(card.name) and str(card.definition) and card.formula and str(card.unit) and card.source
    assert (card.null is None) != (card.without_null is None), "a null, or why none applies"
    headings = re.findall(r"^## (.*)$", (ROOT / "docs" / "maths.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert any(heading.startswith(card.section) for heading in headings), card.section
    assert "`" not in card.formula and "`" not in card.command and "|" not in card.formula


def test_whoever_is_named_stands_in_the_sources() -> None:
    listed = (ROOT / "docs" / "maths.md").read_text(encoding="utf-8").partition("## Sources")[2]
    author = r"([A-Za-z]+)(?: et al\.|(?:, [A-Z][a-z]+)? & [A-Za-z]+)? (\d{4})"
    named = {pair for card in CARDS.values() for pair in re.findall(author, str(card.source))}
    assert len(named) > 30
    absent = [pair for pair in named if not re.search(rf"\b{pair[0]}\b.*{pair[1]}", listed)]
    assert not absent, absent


def test_every_name_of_a_number_in_the_code_has_a_card() -> None:
    assert set(HEAD_CARDS) == {f"head_{name}" for name in HEAD_METRICS}
    assert {f"profile_{name}" for name in METRICS} | {f"role_{name}" for name in ROLES} <= set(CARDS)
    assert {f"path_{key}" for key in METHODS} <= set(CARDS)


def test_two_cards_of_one_key_are_refused() -> None:
    card = CARDS["head_focus"]
    with pytest.raises(ValueError, match="head_focus"):
        keyed([card, card])


def test_the_table_of_the_docs_is_up_to_date() -> None:
    text = (ROOT / "docs" / "maths.md").read_text(encoding="utf-8")
    assert updated(text) == text, "run: python -m tools.metric_table"
    assert len(table().splitlines()) == len(CARDS) + 2
    assert len({line.count(" | ") for line in table().splitlines()[2:]}) == 1


def test_a_card_is_found_by_its_key_or_a_part_of_its_name() -> None:
    assert [card.key for card in matching_cards("head_entropy")] == ["head_entropy"]
    assert {"head_entropy", "profile_entropy"} <= {card.key for card in matching_cards("Entropy")}
    with pytest.raises(BadInput, match="No number is called “zzz”"):
        matching_cards("zzz")


def test_the_command_line_prints_cards_in_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRANTE_LANG", "pt")
    printed = CliRunner().invoke(app, ["metrics", "head_focus"]).output
    assert "Fórmula: mean_i max_j α_ij" in printed and "Referência nula: atenção espalhada por igual" in printed
    listed = CliRunner().invoke(app, ["metrics"]).output
    assert all(f"{key}\t" in listed for key in CARDS)


@cache
def _help(name: str) -> str:
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    return shown.output


@pytest.mark.parametrize("name", sorted({card.program for card in CARDS.values()}))
def test_the_help_of_a_command_names_its_numbers(name: str) -> None:
    flat = re.sub(r"\s+", "", _help(name))
    assert all(f"({card.key})" in flat for card in cards_of_command(name))


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.key)
def test_a_command_is_one_that_exists_with_options_that_exist(card: MetricCard) -> None:
    python, dash_m, package, name, *options = shlex.split(card.command)
    assert (python, dash_m, package) == ("python", "-m", "core")
    typed = [option for option in options if option.startswith("--")]
    assert all(re.search(rf"{option}(?![\w-])", _help(name)) for option in typed), card.command


def _numbers(document: object) -> Iterator[float]:
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        for member in document:
            yield from _numbers(member)
    elif isinstance(document, float):
        yield document


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted({card.command for card in CARDS.values()}))
def test_the_command_of_a_card_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sentences = "A água está na jarra.\nO menino leu o livro.\nEla abriu a porta.\nO gato dorme.\nA menina viu o mar.\n"
    Path("sentences.txt").write_text(sentences, encoding="utf-8")
    for name in ("dev.conllu", "test.conllu"):
        Path(name).write_text("".join(CONLLU.format(n=n) for n in range(60)), encoding="utf-8")
    result = CliRunner().invoke(app, shlex.split(command)[3:])
    assert result.exit_code == 0, result.output + repr(result.exception)
    if "--out" in command:
        assert Path("head.csv").read_text(encoding="utf-8")
    else:
        assert list(_numbers(json.loads(result.stdout))), "no number came out"
