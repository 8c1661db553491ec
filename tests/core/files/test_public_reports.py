"""The file of public reports itself: whole, decodable, each with a source."""

from __future__ import annotations

from tests.core.files.public_reports import all_reports


def test_every_report_has_an_input_a_right_value_and_a_source() -> None:
    found = all_reports()
    assert len(found) == 35
    for report in found:
        assert report.kind and report.where and report.source and report.expected
        if isinstance(report.given, dict) and "file" in report.given and "/" not in report.given["file"]:
            assert report.data
