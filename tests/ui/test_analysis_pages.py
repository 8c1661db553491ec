"""Caminhos, Causa, Perfis, Papéis and Fidelidade from a link, for an encoder, a decoder and a translator; bad input;
what the link keeps.
"""

from __future__ import annotations

import json
from base64 import b64decode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import capture, load
from core.analyses.ablation import ablations
from core.analyses.input_attribution import method_maps, method_row
from core.analyses.score import LogitDifference
from core.models.sources import default_root
from core.predictions.masked import mask_position, whole_word
from core.studies import documents
from tests.ui.test_pages import open_page
from ui.explorer import study_data
from ui.pages.roles.relation_glosses import glossed
from ui.shell.locale import catalog

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."
MODELS = {
    "mirante-encoder-pt": SENTENCE,
    "mirante-decoder-pt": SENTENCE,
    "mirante-translator": ">>fra<< I like strawberries.",
}
TREEBANK = "\n".join(
    f"# text = O gato {verb} a "
    f"jarra.\n1\tO\to\tDET\t_\t_\t2\tdet\t_\t_\n2\tgato\tgato\tNOUN\t_\t_\t3\tnsubj\t_\t_\n3\t{verb}\tver\tVERB\t_\t_\t0\troot\t_\t_\n"
    "4\ta\to\tDET\t_\t_\t5\tdet\t_\t_\n5\tjarra\tjarra\tNOUN\t_\t_\t3\tobj\t_\tSpaceAfter=No\n6\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\t_\n"
    for verb in ["viu", "quis", "tem", "vê"] * 30
)


def opened(page: str, **query: str) -> AppTest:
    app = open_page(page, lang="pt", **query)
    assert not app.exception
    return app


def charts(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def said(app: AppTest) -> str:
    return "\n".join(one.value.replace("\\", "") for one in app.markdown)


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace(".", ",").replace("-", "−")


@pytest.mark.parametrize("model", MODELS)
def test_paths_of_every_bundled_kind(model: str) -> None:
    app = opened("caminhos.py", model=model, sentence=MODELS[model])
    assert not app.error, [one.value for one in app.error]
    assert len(charts(app)) == (3 if model == "mirante-translator" else 4) and "Todos os métodos, uma posição" in [
        one.value for one in app.subheader
    ]
    assert app.session_state["method"] == "gradient" and len(app.dataframe) == 1


def test_the_bars_of_paths_are_the_numbers_of_core() -> None:
    app = opened("caminhos.py", sentence=SENTENCE, method="alti", answer="cheio", against="vazio")
    lm = load("mirante-encoder-pt", device="cpu", root=default_root())
    trace = capture(lm, SENTENCE.replace("cheio", "[MASK]"))
    asked = LogitDifference(
        mask_position(lm.tokenizer, trace), whole_word(lm.tokenizer, "cheio"), whole_word(lm.tokenizer, "vazio")
    )
    expected = method_row(method_maps(lm, trace, "self", asked), "alti", asked.position)
    bars = charts(app)[0]["data"]
    shown = bars[0]["x"]
    values = (
        np.frombuffer(b64decode(shown["bdata"]), dtype=shown["dtype"]) if isinstance(shown, dict) else np.array(shown)
    )
    np.testing.assert_allclose(values, expected, atol=1e-5)
    assert [one["name"] for one in bars[1:] if one.get("name")] == [
        "a mesma atenção espalhada por igual",
        "gêmeo aleatório",
    ]
    assert "diferença de logits" in said(app) and "".join(app.query_params["method"]) == "alti"


def test_the_flow_is_computed_on_demand_and_cross_attention_says_what_it_lacks() -> None:
    assert not opened("caminhos.py", sentence=SENTENCE, method="flow").error
    app = opened("caminhos.py", model="mirante-translator", sentence=MODELS["mirante-translator"])
    assert "Métodos que este modelo não tem, e por quê" in [one.label for one in app.expander]


@pytest.mark.parametrize("change", ["heads", "words", "parts"])
@pytest.mark.parametrize("model", MODELS)
def test_causes_of_every_bundled_kind(model: str, change: str) -> None:
    app = opened("causa.py", model=model, sentence=MODELS[model], change=change)
    assert not app.error, [one.value for one in app.error]
    assert len(charts(app)) == {"heads": 2, "words": 2, "parts": 3 if model == "mirante-translator" else 2}[change]
    assert app.session_state["change"] == change


def test_the_map_of_causes_is_what_core_measures_and_a_head_of_the_link_is_out() -> None:
    app = opened("causa.py", sentence=SENTENCE, off="4.7,9.9", answer="cheio", against="vazia")
    assert app.multiselect(key="ablated").value == ["4.7"], "a head that this model does not have is left out"
    assert "Sem **C4·7**" in said(app) and len(app.dataframe) == 2
    lm = load("mirante-encoder-pt", device="cpu", root=default_root())
    trace = capture(lm, SENTENCE.replace("cheio", "[MASK]"))
    asked = LogitDifference(
        mask_position(lm.tokenizer, trace), whole_word(lm.tokenizer, "cheio"), whole_word(lm.tokenizer, "vazia")
    )
    changes, _ = ablations(lm, trace, asked)
    (takeaway,) = [line for line in said(app).splitlines() if "Desligada sozinha" in line]
    largest, least = (np.unravel_index(int(i), changes.shape) for i in (np.abs(changes).argmax(), changes.argmin()))
    assert changes[largest] > 0 > changes[least], "the example: what moves most is a gain"
    assert (
        f"**C{largest[0] + 1}·{largest[1] + 1}** é a que mais muda a pontuação: **{_signed(changes[largest])}**"
        in takeaway
    )
    assert f"perde mais sem **C{least[0] + 1}·{least[1] + 1}**: {_signed(changes[least])}" in takeaway
    assert "É a maior de 32 cabeças em uma só frase" in takeaway
    null = [line for line in said(app).splitlines() if "Ao lado de 1 cabeça ao acaso" in line]
    assert len(null) == 1 and "as outras 31 cabeças" in null[0]
    elements = list(app.main)
    told = next(i for i, one in enumerate(elements) if one.type == "markdown" and "Sem **C4·7**" in one.value)
    first, second, *_ = (i for i, one in enumerate(elements) if one.type == "plotly_chart")
    assert first < told < second, "beside the map that is clicked"
    app.multiselect(key="ablated").set_value(["4.7", "1.1"]).run()
    assert not app.exception and "".join(app.query_params["off"]) == "4.7,1.1" and "somam" in said(app)
    assert "Ao lado de 2 cabeças ao acaso: 20 conjuntos" in said(app).replace("*", "")


def test_patching_says_what_it_needs() -> None:
    app = opened("causa.py", change="patch", sentence=SENTENCE)
    assert not app.error and not charts(app) and any("Escreva a outra" in one.value for one in app.caption)
    app = opened(
        "causa.py", change="patch", sentence=SENTENCE, other="Ela derramou água da jarra para o copo até que ficasse."
    )
    assert "cheio" in app.error[0].value
    app = opened(
        "causa.py",
        change="patch",
        sentence=SENTENCE,
        other="Ela derramou água da jarra para o copo antes que ficasse cheio. Sim.",
    )
    assert "tokens" in app.error[0].value
    app = opened(
        "causa.py",
        change="patch",
        sentence=SENTENCE,
        other="Ele derramou leite do balde para a taça até que ficasse cheio.",
        answer="cheio",
        against="cheia",
    )
    assert not app.error, [one.value for one in app.error]
    assert len(charts(app)) == 3 or app.button(key="patch_start")


@pytest.mark.parametrize("page", ["caminhos.py", "causa.py"])
def test_an_answer_that_cannot_be_explained_is_said(page: str) -> None:
    app = opened(page, sentence=SENTENCE, answer="paralelepípedo")
    assert "não é um só token" in app.error[0].value
    assert not opened(page, sentence=SENTENCE, word="3:jarra", answer="", against="—").error


def test_a_sentence_without_a_word_cannot_be_asked() -> None:
    assert "pelo menos duas palavras" in opened("causa.py", sentence="...").error[0].value


@pytest.mark.parametrize("model", MODELS)
def test_profiles_of_every_bundled_kind(model: str) -> None:
    app = opened("perfis.py", model=model, sentence=MODELS[model], over="this", behaviour="previous")
    assert not app.error, [one.value for one in app.error]
    assert len(charts(app)) == 3 and len(app.dataframe) == 1
    heads = app.dataframe[0].value
    first = heads.iloc[:, 2].dropna().to_numpy()
    assert list(first) == sorted(first, reverse=True) and heads.iloc[0, -1].startswith("/explorar?")


def test_profiles_over_the_examples_have_intervals_and_a_twin() -> None:
    app = opened("perfis.py", behaviour="previous")
    assert "C3·8" in said(app) and "gêmeo aleatório" in said(app)
    assert app.dataframe[0].value.iloc[0, 1] == "token anterior" and " – " in str(app.dataframe[0].value.iloc[0, -3])


@pytest.mark.parametrize("model", ["mirante-encoder-pt", "mirante-decoder-pt"])
def test_roles_show_the_study_that_comes_with_the_model(model: str) -> None:
    app = opened("papeis.py", model=model)
    document = documents.shipped_document(model, "relations")
    better = sum(one["gain"]["low"] > 0 for one in document["rows"])
    assert not app.error and f"**{better} de {len(document['rows'])} relações**" in said(app)
    assert len(charts(app)) == 2 and len(app.dataframe[0].value) == len(document["rows"])


def test_a_translator_has_roles_and_no_portuguese_relations() -> None:
    app = opened("papeis.py", model="mirante-translator")
    assert len(charts(app)) == 1 and "inglês" in app.info[0].value


def test_a_treebank_of_ones_own_is_counted_and_a_bad_one_refused() -> None:
    app = opened("papeis.py")
    flawed = TREEBANK + TREEBANK[: TREEBANK.index("\n\n") + 2].replace("# text = O gato", "# text = A gata")
    app.file_uploader(key="treebank").set_value([("um.conllu", flawed.encode(), "text/plain")]).run()
    assert "1 de 121 frases ficaram de fora" in app.warning[0].value
    if app.get("button") and any(one.key == "relations_start" for one in app.button):
        app.button(key="relations_start").click().run()
    assert not app.exception and not app.error, [one.value for one in app.error]
    assert "um.conllu" in "\n".join(one.value for one in app.caption).replace("\\", "") and "det (" in json.dumps(
        charts(app)[0]
    )
    app.file_uploader(key="treebank").set_value([("dois.conllu", "não é\num treebank\n".encode(), "text/plain")]).run()
    assert not app.exception and "CoNLL-U" in app.error[0].value.replace("\\", "")


@pytest.mark.parametrize("model", ["mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator"])
def test_faithfulness_shows_the_study_that_comes_with_the_model(model: str) -> None:
    document = documents.shipped_document(model, "faithfulness")
    app = opened("fidelidade.py", model=model)
    assert not app.error and len(charts(app)) == 3
    assert len(app.dataframe[0].value) == len(document["rows"])
    offered = [one for one in document["rows"] if one["offered"] and "same_as" not in one]
    (takeaway,) = [line for line in said(app).splitlines() if "Melhores que o acaso" in line]
    assert f"({len(document['rows']) - sum('same_as' in one for one in document['rows'])} métodos foram" in takeaway
    beyond = [one for one in offered if one["beyond_nearest"]]
    assert ("por quanto em cada uma: **" in takeaway) == bool(beyond) and "sem modelo nenhum" in takeaway
    assert takeaway.count("p.p. (") == 2 + 2 * len(beyond), "each with its intervals in both measures"
    captions = "\n".join(one.value for one in app.caption)
    assert ("Conta-se uma vez só" in captions) == any("same_as" in one for one in document["rows"])
    agreed = document["agreement"]
    low, high = (f"{agreed[end][0][1]:+.2f}".replace(".", ",") for end in ("low", "high"))
    assert f"({low} – {high})" in json.dumps(charts(app)[2], ensure_ascii=False), "an agreement has its interval"


def test_faithfulness_of_sentences_of_this_visit_says_its_cost_first() -> None:
    app = opened("fidelidade.py", judged="own", over="examples")
    assert not charts(app) and "segundos" in app.info[0].value and app.button(key="faith_start")


def test_paths_says_whether_a_method_may_be_called_importance() -> None:
    for method in ("gradient", "flow", "raw"):
        app = opened("caminhos.py", model="mirante-decoder-pt", sentence=SENTENCE, method=method)
        captions = "\n".join(one.value for one in app.caption)
        row = documents.faithfulness_row("mirante-decoder-pt", method, "self")
        assert ("Pode ser lido como importância" in captions) == row["offered"]
        gain = f"{100 * row['sufficiency_gain']['value']:+.1f}".replace(".", ",").replace("-", "−")
        assert f"suficiência {gain}\u00a0p.p. (" in captions and f"{row['sufficiency_gain']['n']} frases" in captions
        assert ("as palavras mais próximas primeiro: " in captions) == row["offered"], "and its trivial cause"
        assert ("A proximidade pode ser tudo" in captions) == (row["offered"] and not row["beyond_nearest"])


LONG = (
    "Ela derramou água da jarra para o copo até que o copo ficasse cheio, e depois ela guardou o copo, a jarra, "
    "o balde, a taça, a garrafa, o pote e o prato no armário da cozinha que o menino pintou."
)


@pytest.mark.parametrize("method", ["gradient", "norm"])
def test_paths_of_a_long_sentence_show_one_window(method: str) -> None:
    app = opened("caminhos.py", sentence=LONG, method=method)
    assert not app.error, [one.value for one in app.error]
    assert any("40 de" in one.value for one in app.caption) and len(app.slider) == 1


def test_a_word_that_stands_twice_can_be_chosen_by_its_place() -> None:
    app = opened("causa.py", sentence=LONG, change="words", word="13:cheio", without="9:copo")
    labels = [one for one in app.selectbox(key="without_word").options if one.startswith("copo")]
    assert len(labels) == 3 and len(set(labels)) == 3, "Streamlit finds a choice by its label"
    chosen = app.selectbox(key="without_word").value
    assert chosen.endswith(":copo") and "Sem “copo”" in said(app)


def test_a_word_cannot_stand_against_itself() -> None:
    app = opened("causa.py", sentence=SENTENCE, answer="cheio", against="cheio")
    assert not app.error and app.selectbox(key="question_against").value != "cheio" and "+0,00" not in said(app)


def test_another_text_has_answers_of_its_own() -> None:
    app = opened("causa.py", sentence=SENTENCE, answer="quebrado", against="vazio")
    assert app.selectbox(key="question_answer").value == "quebrado"
    app.text_area(key="sentence").set_value("O menino leu o livro que a professora deixou sobre a mesa.").run()
    assert not app.exception and app.selectbox(key="question_answer").value == "mesa"
    app.switch_page("pages/caminhos.py").run()
    assert not app.exception and app.selectbox(key="question_answer").value == "mesa"


def test_patching_keeps_the_hidden_word_in_its_place() -> None:
    twice = "O copo que viu o copo caiu sobre a mesa."
    app = opened(
        "causa.py", change="patch", sentence=twice, word="2:copo", other="O copo que viu o prato caiu sobre a mesa."
    )
    assert not any("posição" in one.value for one in app.error)
    app = opened(
        "causa.py", change="patch", sentence=twice, word="2:copo", other="O prato que viu o copo caiu sobre a mesa."
    )
    assert "mesma posição" in app.error[0].value


def test_the_encoder_of_a_translator_looks_both_ways() -> None:
    lm = load("mirante-translator", device="cpu", root=default_root())
    assert not lm.layout.looks_back("encoder") and lm.layout.looks_back("decoder") and not lm.layout.looks_back("cross")
    assert {"next", "separator"} <= {
        row["role"] for row in documents.shipped_document("mirante-translator", "roles")["rows"]
    }
    app = opened("caminhos.py", model="mirante-translator", sentence=MODELS["mirante-translator"], method="raw")
    assert not app.warning, "cross-attention has no mask whose shape could mislead"


def test_one_sentence_has_no_interval_and_nothing_is_offered_from_it() -> None:
    found = documents.faithfulness(load("mirante-encoder-pt", device="cpu", root=default_root()), [SENTENCE], orders=3)
    assert all(row["comprehensiveness"]["low"] is None and not row["offered"] for row in found["rows"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.conllu.gz", b"\x1f\x8b\x08\x00broken"),
        ("b.conllu", TREEBANK.replace("\t2\tdet", "\t9\tdet").encode()),
        ("c.conllu", TREEBANK.replace("1\tO\t", "a\tO\t").encode()),
    ],
)
def test_a_damaged_treebank_is_one_clear_message(name: str, data: bytes) -> None:
    app = opened("papeis.py")
    app.file_uploader(key="treebank").set_value([(name, data, "text/plain")]).run()
    assert not app.exception and app.error and not any("referência" in one.value for one in app.error)


def judged(monkeypatch, sentences: int, offered: dict[str, bool], gains: dict[str, float]) -> AppTest:
    document = json.loads(json.dumps(documents.shipped_document("mirante-encoder-pt", "faithfulness")))
    document["sentences"] = sentences
    document["rows"] = [row for row in document["rows"] if row["method"] in gains]
    for row in document["rows"]:
        gain = gains[row["method"]]
        row["offered"] = offered[row["method"]]
        row["comprehensiveness_gain"] = {"value": gain, "low": gain - 0.02, "high": gain + 0.02, "n": sentences}
    monkeypatch.setattr(documents, "shipped_document", lambda *_: document)
    return opened("fidelidade.py")


def test_faithfulness_names_the_largest_fall_among_the_methods_that_it_calls_better(monkeypatch) -> None:
    gains = {"raw": 0.03, "gradient": 0.05, "knockout": 0.091}
    app = judged(monkeypatch, 40, {"raw": True, "gradient": True, "knockout": False}, gains)
    (takeaway,) = [line for line in said(app).splitlines() if "Melhores que o acaso" in line]
    assert "tem a maior queda: +5,0 p.p. (+3,0 p.p. – +7,0 p.p.)" in takeaway.replace("\u00a0", " ")
    assert "+9,1" not in takeaway and "em 40 frases (3 métodos foram experimentados)" in takeaway


def test_faithfulness_calls_the_best_of_methods_that_are_no_better_luck(monkeypatch) -> None:
    gains = {"raw": 0.01, "knockout": 0.091}
    app = judged(monkeypatch, 40, dict.fromkeys(gains, False), gains)
    assert "Nenhum de 2 métodos" in said(app) and "é a melhor de 2" in said(app)
    app = judged(monkeypatch, 3, dict.fromkeys(gains, False), gains)
    assert "3 frases são poucas" in said(app) and "maior queda" not in said(app)


def test_mask_a_word_and_causes_ask_one_question_of_one_word() -> None:
    masked = open_page("mascarar.py", lang="pt", sentence=SENTENCE, mask="12:cheio")
    causes = opened("causa.py", sentence=SENTENCE)
    maps = [
        next(data["z"] for drawn in charts(app) for data in drawn["data"] if data["type"] == "heatmap")
        for app in (masked, causes)
    ]
    assert not masked.exception and maps[0] == maps[1]
    assert "A maior das 32 mudanças é um ganho: sem C4·4" in said(masked).replace("*", "")
    link = next(element for element in masked.main.get("page_link") if "causou" in element.proto.label)
    assert "answer=cheio" in link.proto.query_string and "against=vazia" in link.proto.query_string


def test_patching_has_a_table_and_a_file_with_its_provenance() -> None:
    app = opened(
        "causa.py",
        change="patch",
        sentence=SENTENCE,
        other="Ele derramou leite do balde para a taça até que ficasse cheio.",
        answer="cheio",
        against="cheia",
    )
    assert not app.error, app.error
    rows = app.dataframe[-1].value
    assert len(rows) == 2 * 4 * 15 + 32 and rows.iloc[:, 3].is_monotonic_decreasing


@pytest.mark.parametrize("model", ["mirante-encoder-pt", "mirante-decoder-pt"])
def test_a_role_that_too_few_rows_could_show_names_no_head_and_the_others_say_of_how_many(model: str) -> None:
    app = opened("perfis.py", model=model, behaviour="induction")
    first = said(app).splitlines()[0]
    assert "e são precisas 5: nenhuma cabeça recebe esse nome" in first and "palavras sorteadas, repetidas" in first
    shipped = next(row for row in documents.shipped_document(model, "roles")["rows"] if row["role"] == "induction")
    assert f"**C{shipped['layer'] + 1}·{shipped['head'] + 1}**" in first
    app = opened("perfis.py", model=model, behaviour="previous")
    first = said(app).splitlines()[0]
    assert "de 32 cabeças, maior em" in first and "n = " in first and "linhas" in first


def test_what_our_studies_were_made_on_is_said_in_portuguese() -> None:
    for name in ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator"):
        for study in ("relations", "roles", "faithfulness"):
            document = documents.shipped_document(name, study)
            assert document is None or catalog("pt").gettext(document["data"]) != document["data"]
            assert document is None or document["data"] in {str(message) for message in study_data._OURS}


def test_every_relation_of_our_studies_is_glossed() -> None:
    rows = documents.shipped_document("mirante-encoder-pt", "relations")["rows"]
    assert all(glossed(row["relation"]) != row["relation"] for row in rows)
    app = opened("papeis.py")
    assert "substantivo que descreve um substantivo" in said(app) and "por sorte seriam cerca de 0,7 de 27" in said(app)
