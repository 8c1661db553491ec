"""Every page of the registry, from a link, in both languages: a title, no error, the frame beside it; its files and
its line in the documentation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from ui.shell.locale import catalog
from ui.shell.page_registry import REGISTRY, WITHOUT_FOLDER, PageEntry, page_entry, page_links

ROOT = Path(__file__).resolve().parents[2]
STREAMLITS_CHOICES = {"embed", "embed_options"}
PAGES = [f"{entry.slug}.py" for entry in REGISTRY]


def open_page(name: str, **query: str) -> AppTest:
    """The app as a copied link opens it: app.py, then the page."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    return app if name == "inicio.py" else app.switch_page(f"pages/{name}").run()


def test_the_registry_has_every_page_and_every_folder() -> None:
    assert sorted(PAGES) == sorted(path.name for path in (ROOT / "pages").glob("*.py"))
    folders = {path.name for path in (ROOT / "ui" / "pages").iterdir() if (path / "__init__.py").exists()}
    assert folders == {entry.folder for entry in REGISTRY if entry.slug not in WITHOUT_FOLDER}


def test_addresses_and_pictures_of_the_registry_are_told_apart() -> None:
    links = [link for link, _ in page_links()]
    pictures = [view.picture for _, view in page_links() if view.picture]
    assert len(set(links)) == len(links) and len(set(pictures)) == len(pictures)
    assert all(view.accessibility or view.picture for _, view in page_links()), "a link that nobody opens"


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry.slug)
def test_every_page_is_looked_at_and_stands_in_the_features(entry: PageEntry) -> None:
    assert any(view.accessibility for view in entry.views) and any(view.picture for view in entry.views)
    row = f"| {entry.section} | {entry.title} | `{entry.path}` | {entry.purpose} |"
    assert row in (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
    assert catalog("pt").gettext(str(entry.purpose)) != str(entry.purpose)


def test_every_choice_in_a_documented_link_is_one_that_the_code_reads() -> None:
    written = {
        node.value
        for folder in ("ui", "pages", "core")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "page_registry.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    links = [link for link, _ in page_links()] + re.findall(
        r"`(/[a-z_]*\?[^`]*)`", (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
    )
    chosen = {name: link for link in links for name in parse_qs(urlsplit(link).query, keep_blank_values=True)}
    assert len(chosen) > 20
    unread = {name: link for name, link in chosen.items() if name not in written | STREAMLITS_CHOICES}
    assert not unread, unread


def test_the_link_that_measures_the_cache_measures_it() -> None:
    app = open_page("gerar.py", measured="true", sentence="O menino leu")
    assert app.toggle(key="measured").value is True
    assert not app.exception and not app.error
    assert app.button(key="write_times_start") or "write_curve" in str(app.main)


@pytest.mark.parametrize("language", ["pt", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_from_a_link(name: str, language: str) -> None:
    needs = {f"{entry.slug}.py": entry.needs for entry in REGISTRY}[name]
    sentence = ">>por<< The cat saw the jug." if needs == "encoder-decoder" else "O gato viu a jarra."
    app = open_page(name, lang=language, sentence=sentence)
    assert not app.exception and not app.error, [error.value for error in app.error]
    assert len(app.title) == 1 and app.title[0].value
    if page_entry(name.removesuffix(".py")).reads_sentence:
        assert app.text_area(key="sentence").label == {"pt": "Frase", "en": "Sentence"}[language]
        assert app.text_area(key="sentence").value == sentence
    else:
        assert "sentence" not in {field.key for field in app.text_area}
    labels = {key: found for key, options in bound_options(app).items() if (found := options & texts())}
    assert not labels, f"a link would say a translated label: {labels}"
    spaced = {key: option for key, options in bound_options(app).items() for option in options if " " in option}
    assert not spaced, spaced


def bound_options(app: AppTest) -> dict[str, set[str]]:
    """Parameter of the link → what its widget writes there, for widgets that Streamlit binds and that offer options."""

    def inside(block) -> Iterator:
        for child in getattr(block, "children", {}).values():
            yield child
            yield from inside(child)

    protos = [proto for element in inside(app._tree) if (proto := getattr(element, "proto", None))]
    bound = [proto for proto in protos if getattr(proto, "query_param_key", "") and hasattr(proto, "options")]
    assert {"lang"} <= {proto.query_param_key for proto in bound}
    return {proto.query_param_key: {getattr(o, "content", o) for o in proto.options} for proto in bound}


@cache
def texts() -> set[str]:
    """Whatever a page says in one language and otherwise in the other."""
    return {
        text
        for msgid, said in catalog("pt")._catalog.items()
        if isinstance(msgid, str) and msgid != said
        for text in (msgid, said)
    }


@pytest.mark.parametrize("language", ["pt", "en"])
@pytest.mark.parametrize(("source", "shown"), [("file", "file"), ("Enviar arquivo", "paste"), ("Send a file", "paste")])
def test_a_link_says_a_source_by_its_name_and_an_old_label_falls_back(source: str, shown: str, language: str) -> None:
    app = open_page("minhas_frases.py", lang=language, source=source)
    assert not app.exception and not app.error
    assert app.session_state["source"] == shown
    assert app.query_params.get("source") == ("file" if shown == "file" else None)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", [{"model": "../../etc"}, {"sentence": ""}, {"layer": "999", "head": "x"}], ids=str)
def test_a_link_that_makes_no_sense_gives_a_page_not_an_exception(name: str, query: dict[str, str]) -> None:
    app = open_page(name, **query)
    assert not app.exception
    assert app.title[0].value
    assert not any("reference" in error.value or "referência" in error.value for error in app.error)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_begins_with_the_guard_before_it_imports_anything_else(name: str) -> None:
    body = ast.parse((ROOT / "pages" / name).read_text(encoding="utf-8")).body
    assert [ast.unparse(node) for node in body[1:3]] == ["from ui.shell.frame import guard", "guard()"]


@pytest.mark.parametrize(
    ("query", "shown", "said"),
    [
        ({"layer": "999", "head": "3"}, (4, 3), "layer=999"),
        ({"layer": "2", "head": "9"}, (2, 8), "head=9"),
        ({"layer": "2", "head": "3"}, (2, 3), None),
        ({"layer": "0"}, None, None),
    ],
)
def test_a_link_beyond_the_model_opens_the_nearest_and_says_so(
    query: dict, shown: tuple | None, said: str | None
) -> None:
    app = open_page("explorar.py", lang="pt", **query)
    if shown:
        assert (app.session_state["layer"], app.session_state["head"]) == shown
    captions = [one.value.replace("\\", "") for one in app.caption if "O link pede" in one.value]
    assert (len(captions) == 1 and said in captions[0]) if said else not captions
