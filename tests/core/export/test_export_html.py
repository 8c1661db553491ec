"""The page in one file: complete, within its size, and without a person's text as markup. How it opens:
tests/e2e/test_standalone.py.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import core
from benchmarks.payload import random_view
from core.errors import BadInput
from core.export import html_page, modules, record
from core.export.html import MAX_PAGE
from core.export.modules import COMPONENTS, bundle, style
from core.export.theme import variables
from core.views.attention_packet import unpack_attention
from core.views.difference import difference
from core.views.view import view
from tests import tiny

SENTENCE = "</script><img src=x onerror=alert(1)> “=1+1” & $packet ${loader}"


class Page(HTMLParser):
    """Elements and the text of each element with an id."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.texts: dict[str, str] = {}
        self.at = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes) -> None:
        self.tags.append(tag)
        self.at = dict(attributes).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.texts[self.at] = self.texts.get(self.at, "") + data

    def packet(self) -> tuple:
        return unpack_attention(base64.b64decode(self.texts["packet"]))


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load(str(tiny.folder("llama"))), SENTENCE)


def test_a_sentence_is_text_everywhere(trace):
    shown = view(trace)
    page = Page(html_page(shown, [(1, 2)], record(trace, shown, [(1, 2)])))
    assert "img" not in page.tags and page.tags.count("script") == 5 and "a" not in page.tags
    assert json.loads(page.texts["record"])["sentence"] == SENTENCE and SENTENCE in page.texts["citation"]
    detail, _ = page.packet()
    np.testing.assert_array_equal(detail["exact"], shown.head(1, 2))
    assert detail["options"]["record"]["sentence"] == SENTENCE


def test_a_link_can_be_followed_only_if_it_is_one(trace):
    shown = view(trace)
    for link, followed in (('https://example.org/?a=1&b="x"', 1), ("javascript:alert(1)", 0)):
        page = html_page(shown, [(0, 0)], record(trace, shown, [(0, 0)], link=link))
        assert page.count("<a href=") == followed and 'href="javascript' not in page
        assert Page(page).texts["citation"].endswith(link) or followed


def test_the_script_needs_nothing_else():
    script = bundle()
    assert (
        not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
        and "import.meta" not in script
        and "fetch(" not in script
    )
    assert (
        script.index("const module_shared_dom =")
        < script.index("const module_attention_page =")
        < script.index("const module_attention_standalone =")
    )
    assert "_main =" not in script and script.rstrip().endswith("globalThis.mirante = module_attention_standalone;")
    for module in ("attention/page.js", "shared/ramp.js"):
        source = (COMPONENTS / module).read_text(encoding="utf-8")
        assert source.splitlines()[-2] in script, "whole modules travel"


def write(path: Path, source: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        'import * as x from "./dom.js";',
        "export default 3;",
        'import { x } from "https://a.b/c.js";',
        'import { x } from "../steps/sums.js";',
        'import { x } from "../../models/x.js";',
        'const x = await import("./dom.js");',
    ],
)
def test_a_habit_that_cannot_be_joined_is_noticed(tmp_path, monkeypatch, line):
    write(tmp_path / "attention" / "standalone.js", f"{line}\nexport const open = 1;\n")
    monkeypatch.setattr(modules, "COMPONENTS", tmp_path)
    bundle.cache_clear()
    try:
        with pytest.raises(ValueError, match="cannot be joined"):
            bundle()
    finally:
        bundle.cache_clear()


def test_the_sheet_imports_nothing(tmp_path, monkeypatch):
    base = (COMPONENTS / "shared" / "base.css").read_text(encoding="utf-8")
    assert base in style() and style().index(base) < style().index(".explorer ") and "@import" not in style()
    write(tmp_path / "attention" / "attention.css", '@import "https://a.b/c.css";\n')
    monkeypatch.setattr(modules, "COMPONENTS", tmp_path)
    with pytest.raises(ValueError, match="one sheet"):
        style()


def test_modules_that_import_each_other_are_noticed(tmp_path, monkeypatch):
    write(tmp_path / "attention" / "standalone.js", 'import { a } from "../shared/a.js";\nexport const open = 1;\n')
    write(tmp_path / "shared" / "a.js", 'import { b } from "./b.js";\nexport const a = 1;\n')
    write(tmp_path / "shared" / "b.js", 'import { a } from "./a.js";\nexport const b = 1;\n')
    monkeypatch.setattr(modules, "COMPONENTS", tmp_path)
    bundle.cache_clear()
    try:
        with pytest.raises(ValueError, match="each other"):
            bundle()
    finally:
        bundle.cache_clear()


def test_the_page_carries_the_modules_and_the_colours_of_the_app(trace):
    page = Page(html_page(view(trace), [(0, 0)], record(trace, view(trace), [(0, 0)]), language="en"))
    assert zlib.decompress(base64.b64decode(page.texts["modules"])).decode() == bundle()
    ramps = json.loads((COMPONENTS / "shared" / "ramps.json").read_text(encoding="utf-8"))
    assert json.loads(page.texts["ramps"]) == ramps
    assert "--st-background-color: #fbf9f4;" in variables() and "--st-background-color: #14151f;" in variables()
    assert page.packet()[0]["texts"]["where_looks"] == "where it looks"


def test_144_heads_of_128_tokens_stay_whole_in_a_megabyte(trace):
    shown = random_view(128)
    page = html_page(shown, [(3, 4)], record(trace, shown, [(3, 4)]))
    assert len(page.encode()) <= MAX_PAGE
    detail, heads = Page(page).packet()
    assert not heads["pooled"] and heads["tops"] == {"heads": 127} and "erro de até 0,004" in page
    np.testing.assert_array_equal(detail["exact"], shown.head(3, 4))
    assert np.abs(heads["heads"][7, 5] - shown.head(7, 5)).max() <= 0.5 / 127 + 1e-7


def test_a_long_sentence_says_that_only_one_head_is_exact(trace):
    shown = random_view(200, layers=2, heads=2)
    page = html_page(shown, [(1, 1)], record(trace, shown, [(1, 1)]), language="en")
    assert "Exact weights in head L2·2; of the others this page carries thumbnails only." in page


def test_a_difference_is_one_signed_picture():
    lm = core.load(str(tiny.folder("bert")))
    a, b = (core.capture(lm, text) for text in ("o copo cheio", "o copo vazio"))
    between = difference(a, b)
    detail, heads = Page(html_page(between, [(0, 1)], record(a, between, [(0, 1)], other=b))).packet()
    assert (
        heads is None
        and detail["options"]["ramp"] == "difference"
        and detail["options"]["vmax"] == pytest.approx(between.largest())
    )
    np.testing.assert_array_equal(detail["exact"], between.head(0, 1))


def test_several_heads_stand_beside_the_first(trace):
    shown, heads = view(trace), [(0, 1), (1, 0)]
    detail, _ = Page(html_page(shown, heads, record(trace, shown, heads))).packet()
    np.testing.assert_allclose(detail["mean"], (shown.head(0, 1) + shown.head(1, 0)) / 2, atol=1e-7)
    assert detail["options"]["selection"]["heads"] == [[1, 0]]
    with pytest.raises(BadInput):
        html_page(shown, [], record(trace))
