"""Four people open four models in the same second, on a server that nobody has visited: everyone sees predictions, and
so does who comes later.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import FIRST_VISIT, settled, watch

LINKS = {  # a page, and what stands on it only when the model has its head
    "/mascarar?mask=12:cheio&lang=pt": "trás da máscara o modelo espera",
    "/mascarar?model=mirante-film&mask=12:cheio&lang=pt": "trás da máscara o modelo espera",
    "/gerar?lang=pt": "O que vem depois",
    "/traduzir?lang=pt": "fraises",
}


def open_together(browser: Browser, server: str, stack: ExitStack) -> dict[str, Page]:
    pages = {}
    for link in LINKS:
        context = browser.new_context(locale="pt-BR")
        stack.callback(context.close)
        pages[link] = context.new_page()
    for link, page in pages.items():
        page.goto(server + link, wait_until="commit")
    return pages


@pytest.mark.slow
def test_four_models_in_the_same_second_on_a_fresh_server(fresh_server: str, browser: Browser) -> None:
    for visit in range(2):
        with ExitStack() as stack:
            pages = open_together(browser, fresh_server, stack)
            problems = {link: watch(page) for link, page in pages.items()}
            for link, page in pages.items():
                expect(page.get_by_text(LINKS[link]).first).to_be_visible(timeout=FIRST_VISIT)
                settled(page)
                assert page.get_by_test_id("stException").count() == 0
                assert page.get_by_text("sem a camada de previsão").count() == 0, f"visit {visit}: {link}"
            assert not any(problems.values()), problems
