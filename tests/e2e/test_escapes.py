"""What a visitor writes is read as written wherever Markdown is drawn: no link, no picture, no formula, no script."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.apps.escapes import FORMULA, NAUGHTY
from tools.served import running

ELEMENTS = {
    "stMarkdown": 2,
    "stCaptionContainer": 1,
    "stAlert": 2,
    "stButton": 1,
    "stButtonGroup": 1,
    "stRadio": 1,
    "stCheckbox": 1,
    "stTextInput": 1,
    "stExpander": 1,
    "stTabs": 1,
    "stMetricLabel": 1,
}


@pytest.fixture(scope="module")
def escapes() -> Iterator[str]:
    with running(app="tests/e2e/apps/escapes.py") as address:
        yield address


@pytest.mark.parametrize("number", range(len(NAUGHTY)))
def test_naughty_text_is_read_as_written(page: Page, escapes: str, number: int) -> None:
    page.goto(f"{escapes}/?n={number}")
    expect(page.get_by_test_id("stMetricLabel")).to_be_visible()
    page.wait_for_timeout(200)  # emoji and formulas are loaded late
    wanted = " ".join(NAUGHTY[number].split())
    for element, least in ELEMENTS.items():
        read = [" ".join(text.split()) for text in page.get_by_test_id(element).all_inner_texts()]
        assert sum(wanted in text for text in read) >= least, (element, read)
    main = page.get_by_test_id("stMain")
    links = [link.get_attribute("href") for link in main.locator("a").all()]
    assert [link for link in links if link and not link.startswith("#")] == []
    assert main.locator("img, script, .katex, [role=img], em, del, code, table").count() == 0


def test_a_table_is_downloaded_by_our_writer_alone(page: Page, escapes: str) -> None:
    page.goto(f"{escapes}/?table=1")
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
    for table in page.get_by_test_id("stDataFrame").all():
        table.hover()
        expect(table.get_by_test_id("stElementToolbar")).to_be_visible()
    tools = page.get_by_test_id("stElementToolbarButton").evaluate_all(
        "buttons => buttons.map(b => b.innerText + b.querySelector('button')?.ariaLabel)"
    )
    assert not [name for name in tools if "ownload" in name], tools
    with page.expect_download() as waiting:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["word", "n"], ["'" + FORMULA, "-1"]]
