"""Comparar: deep links in every mode and way, bad input in words, one scale."""

from __future__ import annotations

import numpy as np
import pytest

from core.views.difference import Difference
from core.views.view import Side
from tests.ui.test_pages import open_page
from ui.pages.compare.views import COMPARE_VIEWS, scale_end


@pytest.mark.parametrize("mode", ["heads", "sentences", "models"])
@pytest.mark.parametrize("way", COMPARE_VIEWS)
def test_every_way_of_every_mode(mode: str, way: str) -> None:
    app = open_page("comparar.py", lang="pt", mode=mode, show=way, layer="2", head="3")
    assert not app.error, [error.value for error in app.error]
    assert app.title[0].value == "Comparar"
    text = " ".join(one.value for one in app.markdown)
    assert "**A" in text and "**B" in text


def test_the_default_is_the_signature_pair() -> None:
    app = open_page("comparar.py", lang="pt")
    assert app.text_input(key="b_sentence").value.endswith("vazia.")
    assert any("cheio" in one.value and "vazia" not in one.value for one in app.markdown)


def test_words_without_a_partner_are_named() -> None:
    app = open_page(
        "comparar.py",
        lang="pt",
        show="difference",
        b_sentence="Ela derramou água bem fria da jarra para o copo até que ficasse vazia.",
    )
    assert any("Só em B, sem par: bem · fria." in one.value for one in app.caption)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"mode": "models", "b_model": "nobody/nothing"}, "nobody/nothing"),
        ({"b_sentence": "   "}, "vazia"),
        ({"b_sentence": "palavra " * 124}, None),
    ],
)
def test_bad_input_is_one_message(link: dict, said: str | None) -> None:
    app = open_page("comparar.py", lang="pt", **link)
    assert not app.exception
    if said:
        assert app.error and said in app.error[0].value


def test_nonsense_in_the_link_falls_back() -> None:
    app = open_page(
        "comparar.py", lang="pt", mode="dreams", show="never", b_layer="99", b_head="x", layer="0", token="99:nada"
    )
    assert not app.error and not app.exception


def test_a_translator_is_compared_by_its_own_kinds() -> None:
    app = open_page(
        "comparar.py",
        lang="pt",
        model="mirante-translator",
        sentence="I ate your strawberries.",
        b_sentence="I ate your apples.",
        kind="cross",
    )
    assert not app.error, [error.value for error in app.error]


def test_the_scale_is_a_round_number_above_the_largest_difference() -> None:
    side = Side(("a",), (False,), (False,), (0,))
    for value, end in ((0.0, 0.05), (0.049, 0.05), (-0.28, 0.3), (0.3, 0.3), (1.0, 1.0)):
        gap = Difference(
            query=side,
            key=side,
            layers=1,
            heads=1,
            kind="self",
            renormalised=False,
            _full=lambda *_, value=value: np.array([[value]]),
        )
        assert scale_end(gap) == pytest.approx(end)
