"""Source and target language on the pages that read a translator of many languages, and in their link."""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from tests.many_languages import folder
from tests.ui.test_pages import open_page


@pytest.fixture(autouse=True, scope="module")
def models(tmp_path_factory):
    root = tmp_path_factory.mktemp("models")
    for family in ("nllb", "m2m100"):
        shutil.copytree(folder(family), root / f"tiny-{family}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIRANTE_MODELS", str(root))
        yield


def opened(page: str, **query: str) -> AppTest:
    app = open_page(page, model="tiny-nllb", sentence="O sol.", **{"lang": "pt"} | query)
    assert not app.exception and not app.error, [error.value for error in app.error]
    return app


def pieces(app: AppTest) -> list[str]:
    """What the page's latest trace reads and writes first."""
    from ui.serving import cache

    trace, _ = list(cache._traces._items.values())[-1]
    return [trace.tokens.pieces[0], trace.target.pieces[1]]


def test_a_page_offers_languages_by_their_names():
    app = opened("traduzir.py")
    source, target = app.selectbox(key="source_language"), app.selectbox(key="target_language")
    assert source.value == "eng_Latn" and target.value == "por_Latn" and len(source.options) > 190
    assert "português · por_Latn" in target.options and "acq_Arab" in target.options
    assert target.options.index("acq_Arab") > target.options.index("zulu · zul_Latn"), "names first"
    assert "target_language" not in app.query_params
    english = opened("traduzir.py", lang="en")
    assert "Portuguese · por_Latn" in english.selectbox(key="target_language").options


@pytest.mark.parametrize("page", ["traduzir.py", "explorar.py", "camadas.py"])
def test_a_link_says_both_and_the_page_reads_them(page: str):
    app = opened(page, source_language="por_Latn", target_language="fra_Latn")
    assert app.selectbox(key="source_language").value == "por_Latn"
    assert app.selectbox(key="target_language").value == "fra_Latn"
    assert pieces(app) == ["por_Latn", "fra_Latn"]
    app.selectbox(key="target_language").set_value("deu_Latn").run()
    assert not app.exception and pieces(app) == ["por_Latn", "deu_Latn"]
    assert app.query_params["target_language"] == "deu_Latn"


def test_the_languages_stay_with_another_model_in_its_own_spelling():
    app = open_page(
        "traduzir.py",
        lang="pt",
        model="tiny-m2m100",
        sentence="O sol.",
        source_language="por_Latn",
        target_language="fr",
    )
    assert not app.exception and app.selectbox(key="source_language").value == "pt"
    assert not any("língua" in warning.value for warning in app.warning)
    assert pieces(app) == ["__pt__", "__fr__"]


def test_another_language_is_said_and_the_page_goes_on():
    app = opened("traduzir.py", target_language="klingon" + "x" * 500)
    (said,) = [warning.value for warning in app.warning if "klingon" in warning.value]
    assert "não tem a língua “klingonxx" in said and len(said) < 200
    assert app.selectbox(key="target_language").value == "por_Latn" and pieces(app)[1] == "por_Latn"


def test_other_models_have_no_such_choice():
    app = open_page("traduzir.py", lang="pt", model="mirante-translator", source_language="por_Latn")
    assert not app.exception and not app.error
    assert not [widget for widget in app.selectbox if widget.key == "source_language"]
