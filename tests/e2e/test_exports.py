"""Exports from Explore in Chromium: every file is fetched as a person fetches it, opened again, and compared with the
model's numbers.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import load_file

import core
from core.views.view import view

expect.set_options(timeout=45_000)
TEXT = "Ela derramou água da jarra para o copo até que ficasse cheio."


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load("mirante-encoder-pt"), TEXT)


def fetch(page: Page, name: str, folder: Path) -> Path:
    if not page.get_by_role("button", name="CSV", exact=True).is_visible():
        page.get_by_role("button", name="Exportar").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def visit(page: Page, address: str, more: str = "") -> None:
    page.goto(f"{address}/explorar?lang=pt&layer=4&head=3{more}")
    expect(page.locator(".takeaway")).not_to_be_empty()


@pytest.mark.slow
def test_csv_and_json_hold_the_head_in_view(page: Page, server: str, tmp_path: Path, trace) -> None:
    visit(page, server, "&specials=false")
    shown = view(trace, specials=False)
    comment, *lines = fetch(page, "CSV", tmp_path).read_text(encoding="utf-8-sig").splitlines()
    record = json.loads(comment.removeprefix("#"))
    assert record["sentence"] == TEXT and record["model"] == "mirante-encoder-pt" and record["link"].startswith(server)
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    found = np.array([float(row["weight"]) for row in rows]).reshape(len(shown.query), len(shown.key))
    np.testing.assert_allclose(found, shown.head(3, 2), atol=1e-6)
    assert [row["key"] for row in rows[: len(shown.key)]] == list(shown.key.labels)
    document = json.loads(fetch(page, "JSON", tmp_path).read_text(encoding="utf-8"))
    np.testing.assert_allclose(document["weights"], shown.head(3, 2), atol=1e-6)


@pytest.mark.slow
def test_several_heads_are_exported_as_their_mean(page: Page, server: str, tmp_path: Path, trace) -> None:
    visit(page, server, "&heads=1.1")
    document = json.loads(fetch(page, "JSON", tmp_path).read_text(encoding="utf-8"))
    shown = view(trace)
    np.testing.assert_allclose(document["weights"], (shown.head(3, 2) + shown.head(0, 0)) / 2, atol=1e-6)


def test_tensors_hold_every_head(page: Page, server: str, tmp_path: Path, trace) -> None:
    visit(page, server)
    npz = np.load(fetch(page, "NPZ", tmp_path))
    tensors = load_file(fetch(page, "safetensors", tmp_path))
    for layer in range(trace.layers()):
        np.testing.assert_allclose(npz[f"attention_{layer}"], trace.layer_attention(layer), atol=1e-6)
        np.testing.assert_array_equal(npz[f"query_{layer}"], tensors[f"query_{layer}"])
    assert json.loads(str(npz["meta"]))["text"] == TEXT


def test_a_table_and_a_page(page: Page, server: str, tmp_path: Path) -> None:
    visit(page, server)
    table = fetch(page, "LaTeX", tmp_path).read_text(encoding="utf-8")
    assert "\\toprule" in table and "derramou" in table
    html = fetch(page, "HTML", tmp_path)
    assert html.stat().st_size < 1_000_000
    requests: list[str] = []
    other = page.context.new_page()
    other.on("request", lambda request: requests.append(request.url))
    other.goto(html.as_uri())
    expect(other.locator(".chip")).to_have_text("C4·3")
    expect(other.locator(".tabs")).to_be_visible()
    assert all(url.startswith(("file:", "data:", "blob:")) for url in requests), requests
    other.close()


@pytest.mark.slow
def test_a_long_sentence_has_no_table(page: Page, server: str) -> None:
    visit(page, server, "&sentence=" + "%20".join(["casa"] * 30))
    page.get_by_role("button", name="Exportar").click()
    expect(page.get_by_role("button", name="LaTeX", exact=True)).to_be_disabled()
    expect(page.get_by_text("Para citar")).to_be_visible()
