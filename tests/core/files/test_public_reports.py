"""The public reports: every case is whole, and those of a person's sentences and pairs give the right value."""

from __future__ import annotations

import pytest

from core.coreference.pair_files import read_csv
from core.files import read_upload
from tests.core.files.public_reports import Report, all_reports, reports

KINDS = (
    "legacy-encoding-without-accented-letters",
    "commas-inside-prose-taken-for-columns",
    "quotation-mark-swallows-rows-of-a-tsv",
    "header-read-as-a-sentence",
    "lines-before-the-header",
    "wrong-column-read",
    "space-after-the-delimiter",
    "byte-order-mark-and-a-stray-line",
)


def test_every_report_has_an_input_a_right_value_and_a_source() -> None:
    cases = all_reports()
    assert len(cases) == 35
    for report in cases:
        assert report.kind and report.where and report.source and report.expected
        if isinstance(report.given, dict) and "file" in report.given and "/" not in report.given["file"]:
            assert report.data


@pytest.mark.parametrize("report", reports(*KINDS, where="Minhas frases"))
def test_a_persons_sentences(report: Report) -> None:
    sentence_file = read_upload(report.data, report.name)
    assert sentence_file.sentences == tuple(report.expected["sentences"])
    assert len(sentence_file.rejected) == ("refused" in report.expected)


@pytest.mark.parametrize("report", reports(*KINDS, where="Bancada"))
def test_own_pairs(report: Report) -> None:
    assert len(read_csv(report.data, report.name)) == report.expected["rows"]
