"""The pictures of the explorer in Chromium: one selection for all of them, thresholds, sums, keys, saved files."""

from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.apps.explorer import known_view, softmax_maps
from tests.e2e.test_component import PAINTED
from tools.served import running

expect.set_options(timeout=30_000)
N, LAYERS, HEADS = 14, 4, 6
WEIGHTS = softmax_maps(LAYERS, HEADS, N, N)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def explorer() -> Iterator[str]:
    with running(app="tests/e2e/apps/explorer.py") as address:
        yield address


def visit(page: Page, address: str, **query: object) -> Page:
    page.goto(f"{address}/?{urlencode({'lang': 'pt', 'n': N, 'layers': LAYERS, 'heads': HEADS, **query})}")
    expect(page.locator(".takeaway")).not_to_be_empty()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    return page


def tab(page: Page, name: str) -> None:
    page.locator(".tabs").get_by_role("button", name=name, exact=True).click()


def shares(page: Page) -> list[int]:
    """The percentages of the takeaway."""
    return [int(found) for found in re.findall(r"(\d+)\s%", page.locator(".takeaway").inner_text())]


def word(page: Page, i: int):
    return page.locator(".sentence.query-side .word").nth(i)


@pytest.mark.parametrize(
    "name", ["Linhas", *(pytest.param(name, marks=pytest.mark.slow) for name in ("Arcos", "Cabeças", "Mapa"))]
)
def test_every_picture_is_painted_and_keeps_the_selection(page: Page, explorer: str, name: str) -> None:
    visit(page, explorer)
    word(page, 12).click()
    said = page.locator(".takeaway").inner_text()
    tab(page, name)
    assert page.evaluate(PAINTED, ".cells") > 20
    expect(page.locator(".takeaway")).to_have_text(said)
    expect(page.get_by_text("python: 0 0 12 None query")).to_be_visible()
    page.locator(".explorer").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".chip")).to_have_text("C1·2")
    tab(page, "Matriz")
    best = int(WEIGHTS[0, 1, 12].argmax())
    expect(page.locator(".takeaway")).to_contain_text(
        f"cheio → {page.locator('.sentence .face').nth(best).inner_text()} {round(100 * WEIGHTS[0, 1, 12, best])} %"
    )


def test_lines_hovering_either_side_and_clicking_holds(page: Page, explorer: str) -> None:
    visit(page, explorer, picture="lines")
    box = page.locator(".marks").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] * 0.6)
    expect(page.locator(".takeaway")).to_contain_text(re.compile(r"^\S+ → "))
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] * 0.6)
    expect(page.locator(".takeaway")).to_contain_text("quem olha para")
    page.mouse.click(box["x"] + box["width"] - 30, box["y"] + box["height"] * 0.6)
    expect(page.get_by_text(re.compile(r"python: 0 0 None \d+ key"))).to_be_visible()


def test_several_words_are_a_mean_of_rows_or_a_sum_of_columns(page: Page, explorer: str) -> None:
    visit(page, explorer)
    word(page, 3).click()
    word(page, 7).click(modifiers=["Shift"])
    expect(page.locator(".takeaway")).to_contain_text("água + o →")
    mean = WEIGHTS[0, 0, [3, 7]].mean(0)
    assert shares(page) == [round(100 * w) for w in sorted(mean, reverse=True)[:3]]
    page.get_by_role("button", name="quem olha").click()
    together = WEIGHTS[0, 0][:, [3, 7]].sum(1)
    expect(page.locator(".takeaway")).to_contain_text("quem olha para água + o:")
    assert shares(page) == [round(100 * w) for w in sorted(together, reverse=True)[:3]]
    page.keyboard.press("Escape")
    expect(page.locator(".takeaway")).to_contain_text("ligações mais fortes")


def test_several_heads_are_their_mean_and_two_colours(page: Page, explorer: str) -> None:
    visit(page, explorer)
    word(page, 5).click()
    page.locator(".explorer").focus()
    for key in ("f", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".chip")).to_have_text("média de 2 cabeças")
    expect(page.locator(".pin")).to_have_text(["C2·2", "C1·1"])
    mean = np.mean([WEIGHTS[0, 0, 5], WEIGHTS[1, 1, 5]], axis=0)
    expect(page.locator(".stage")).to_have_attribute("aria-busy", "false")
    page.wait_for_timeout(1200)
    assert shares(page) == [round(100 * w) for w in sorted(mean, reverse=True)[:3]]
    page.get_by_role("button", name="Desafixar C1·1").click()
    expect(page.locator(".chip")).to_have_text("C2·2")


def test_the_threshold_says_what_it_leaves_out(page: Page, explorer: str) -> None:
    visit(page, explorer, picture="lines")
    page.get_by_label("Quais ligações mostrar").select_option("least")
    slider = page.get_by_label("Limite")
    for value, share in ((20, 0.2), (0, 0.0), (100, 1.0)):
        slider.fill(str(value))
        rows = WEIGHTS[0, 0][1:-1]
        carried = (
            rows[rows >= max(share, 0.004)].sum() / rows.sum()
        )  # fainter links cannot be seen, and are not counted as drawn
        expect(page.locator(".drawn")).to_contain_text(f"{round(100 * carried)} % do peso")


def test_the_map_of_heads_says_the_numbers_of_python(page: Page, explorer: str) -> None:
    from core.views.head_metrics import HEAD_METRICS, head_metrics

    view = known_view.__wrapped__("plain", N, LAYERS, HEADS, "attention")
    visit(page, explorer, picture="map")
    page.get_by_label("Cor do mapa").select_option("entropy")
    expected = head_metrics(WEIGHTS[1, 2], view.query, view.key, paired=True)[HEAD_METRICS.index("entropy")]
    box = page.locator(".cells").bounding_box()
    shown = set()
    for x in np.linspace(box["x"] + 40, box["x"] + box["width"] - 4, 40):
        page.mouse.move(float(x), box["y"] + box["height"] * 0.42)
        page.wait_for_timeout(30)
        shown.add(page.locator(".tip").inner_text())
    assert f"C2·3 · entropia {expected:.2f}".replace(".", ",") in shown
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] - 20)
    expect(page.locator(".chip")).to_have_text("C4·6")


def test_keys_are_explained_and_do_what_they_say(page: Page, explorer: str) -> None:
    visit(page, explorer)
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Teclas")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Teclas")).to_be_hidden()
    for name in ("Linhas", "Arcos", "Cabeças", "Mapa", "Matriz"):
        page.keyboard.press("v")
        expect(page.locator(".tabs [aria-pressed=true]")).to_have_text(name)
    page.keyboard.press("d")
    expect(page.locator(".switch [aria-pressed=true]")).to_have_text("quem olha")


def saved(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.locator(".files").get_by_role("button", name=name, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_saved_svg_holds_every_weight_and_its_record(page: Page, explorer: str, tmp_path: Path) -> None:
    visit(page, explorer)
    path = saved(page, "SVG", tmp_path)
    root = ElementTree.parse(path).getroot()
    titles = [node.text for node in root.iter(f"{SVG}title")][1:]
    values = [float(title.rsplit(" ", 1)[1].replace(",", ".")) for title in titles]
    np.testing.assert_allclose(np.array(values).reshape(N, N), WEIGHTS[0, 0], atol=5.1e-5)
    record = json.loads(root.find(f"{SVG}metadata").text)
    assert (
        record["model"] == "known maps"
        and record["picture"] == "matrix"
        and re.fullmatch(r"\d{4}-\d\d-\d\d", record["drawn"])
    )
    labels = {node.text for node in root.iter(f"{SVG}text")}
    assert {"[CLS]", "derramou", "recebe"} <= labels


def test_a_saved_picture_has_the_held_links_once_and_the_others_behind(
    page: Page, explorer: str, tmp_path: Path
) -> None:
    visit(page, explorer, picture="lines", locked=12)
    root = ElementTree.parse(saved(page, "SVG", tmp_path)).getroot()
    titles = [node.text for node in root.iter(f"{SVG}title")][1:]
    assert len(titles) == len(set(titles))
    held = [title for title in titles if title.startswith("cheio →")]
    assert held and len(held) == len(set(held))
    behind = next(node for node in root.iter(f"{SVG}g") if node.get("opacity") == "0.12")
    assert not [node for node in behind.iter(f"{SVG}title") if node.text.startswith("cheio →")]
    record = json.loads(root.find(f"{SVG}metadata").text)
    assert record["chosen"]["words"] == [{"position": 12, "label": "cheio"}]


@pytest.mark.parametrize(
    "name", ["lines", *(pytest.param(name, marks=pytest.mark.slow) for name in ("map", "arcs", "heads"))]
)
def test_every_picture_can_be_saved(page: Page, explorer: str, tmp_path: Path, name: str) -> None:
    visit(page, explorer, picture=name)
    root = ElementTree.parse(saved(page, "SVG", tmp_path)).getroot()
    assert len(list(root.iter())) > 20
    png = saved(page, "PNG", tmp_path).read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and width > 1300 and height > 600
    assert b"iTXtmirante\0\0\0\0\0{" in png


def test_a_saved_png_opens_and_its_record_is_read(page: Page, explorer: str, tmp_path: Path) -> None:
    from PIL import Image

    visit(page, explorer, case="hostile")
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        picture.load()
        record = json.loads(picture.text["mirante"])
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 50
    assert record["chosen"]["heads"] == [{"layer": 1, "head": 1}] and record["model"] == "known maps"


def test_a_phone_keeps_pictures_that_fit(page: Page, explorer: str, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, explorer)
    for name in ("Linhas", "Arcos", "Mapa"):
        tab(page, name)
        expect(page.locator(".picture")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.locator(".cells").bounding_box()["width"] <= 390
    expect(page.locator(".tabs").get_by_role("button", name="Cabeças", exact=True)).to_be_hidden()
    assert saved(page, "SVG", tmp_path).stat().st_size > 1000
