"""Addresses below a path: routes, links from page to page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from ui.serving.api import ROUTES
from ui.serving.base_path import below
from ui.shell.links import page_address


def test_every_route_of_ours_stands_below_the_path() -> None:
    assert [route.path for route in below("/mirante", ROUTES)] == ["/mirante" + route.path for route in ROUTES]
    assert [route.path for route in below("", ROUTES)] == [route.path for route in ROUTES]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8501/perfis?lang=pt", "/explorar?layer=2"),
        ("https://escola.example/mirante/perfis", "/mirante/explorar?layer=2"),
        ("https://escola.example/mirante/", "/mirante/explorar?layer=2"),
        ("https://escola.example/mirante", "/mirante/explorar?layer=2"),
        (None, "/explorar?layer=2"),
    ],
)
def test_a_link_in_a_table_stays_below_the_path(url: str | None, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "context", SimpleNamespace(url=url))
    assert page_address("explorar", {"layer": 2}) == address
