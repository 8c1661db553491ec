"""A translator of many languages reads and writes the pair that each use asks for, and nothing is shared."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from transformers import AutoTokenizer
from typer.testing import CliRunner

import core
from core.__main__ import app
from core.errors import BadInput
from core.predictions.generation import beams
from core.text.tokens import encode, target_labels
from core.text.translation import language_ids, language_name
from tests.many_languages import FAMILIES, folder
from tests.tiny import SENTENCE, TARGET, folder as tiny_folder

families = pytest.mark.parametrize("family", FAMILIES)


@pytest.fixture(scope="module", params=FAMILIES)
def translator(request):
    return core.translating(core.load(folder(request.param)), *FAMILIES[request.param])


@families
def test_a_model_begins_with_the_pair_it_was_saved_with(family: str):
    lm = core.load(folder(family))
    assert lm.languages is not None and lm.languages.target == FAMILIES[family][0]
    assert lm.languages.source == lm.tokenizer.src_lang and len(language_ids(lm.tokenizer)) > 50
    assert lm.layout.mixing.state == "none", "two hundred languages at the end of a vocabulary are no ordinary tokens"


@families
def test_both_sides_are_those_of_the_library(family: str):
    """The ids of a tokenizer of its own, told both languages in the library's way."""
    source, target = FAMILIES[family]
    theirs = AutoTokenizer.from_pretrained(folder(family), src_lang=source, tgt_lang=target)
    lm = core.translating(core.load(folder(family)), source, target)
    expected = theirs(SENTENCE, text_target=TARGET)
    trace = core.capture(lm, SENTENCE, TARGET)
    assert list(trace.tokens.ids) == expected["input_ids"]
    assert list(trace.target.ids) == [lm.model.config.decoder_start_token_id, *expected["labels"][:-1]]
    assert trace.target.special[:3] == (True, True, False) and not any(trace.target.special[2:])
    assert trace.tokens.special == (True, *[False] * (len(trace.tokens) - 2), True)


def test_the_language_that_is_written_comes_first(translator):
    trace = core.capture(translator, "O sol.")
    assert trace.target.ids[:2] == (translator.model.config.decoder_start_token_id, translator.target_language)
    assert trace.target.special[:2] == (True, True) and trace.tokens.ids[0] == translator.source_language
    assert {beam.target.ids[1] for beam in beams(translator, "O sol.", 2, limit=8)} == {translator.target_language}
    assert trace.provenance.as_dict()["languages"] == vars(translator.languages)


def test_words_keep_their_places_in_any_language(translator):
    plain = encode(translator.tokenizer, SENTENCE)
    told = encode(translator.tokenizer, SENTENCE, language=translator.source_language)
    assert (plain.ids[1:], plain.spans, plain.words[1:]) == (told.ids[1:], told.spans, told.words[1:])
    assert plain.ids[0] != told.ids[0]


def test_two_people_at_once_read_their_own_languages(translator):
    """Threads that share the tokenizer, each with a pair of its own."""
    codes = list(language_ids(translator.tokenizer))[:24]
    before = translator.tokenizer.src_lang

    def read(number: int) -> bool:
        lm = core.translating(translator, codes[number % 24], codes[-1 - number % 24])
        tokens = encode(lm.tokenizer, SENTENCE, language=lm.source_language)
        labels, special = target_labels(lm.tokenizer, TARGET, language=lm.target_language)
        lm.tokenizer(text_target=TARGET)
        return (tokens.ids[0], labels[0], special[0]) == (lm.source_language, lm.target_language, True)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(300)))
    assert translator.tokenizer.src_lang == before


def test_two_sides_of_one_tokenizer_do_not_meet():
    """Marian turns its one tokenizer to the target and back: beside a thread that reads a source."""
    from tests.core.text.tiny_tokenizers import build

    tokenizer = build("marian-separate")
    source, target = encode(tokenizer, SENTENCE).ids, target_labels(tokenizer, SENTENCE)[0]
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda n: encode(tokenizer, SENTENCE).ids if n % 2 else target_labels(tokenizer, SENTENCE)[0],
                range(200),
            )
        )
    assert source != target and all(ids == (source if n % 2 else target) for n, ids in enumerate(found))


def test_another_language_is_refused_with_those_there_are(translator):
    for wrong in ("xx", "Português", "por-Latn", ""):
        if not wrong:
            assert core.translating(translator, wrong).languages == translator.languages
            continue
        with pytest.raises(BadInput, match="has no language") as refused:
            core.translating(translator, target=wrong)
        assert str(refused.value).count(",") >= 11
    with pytest.raises(BadInput, match="has no choice of languages"):
        core.translating(core.load(tiny_folder("t5")), "pt", "en")


def test_the_command_line_takes_both(tmp_path):
    source, target = FAMILIES["m2m100"]
    out = tmp_path / "o.json"
    command = ["export", "--model", folder("m2m100"), "--text", "O sol.", "--layer", "1", "--head", "1", "--as", "json"]
    command += ["--kind", "cross", "--pieces", "--out", str(out), "--source-language", source]
    result = CliRunner().invoke(app, [*command, "--target-language", target])
    assert result.exit_code == 0, result.output
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["key"]["labels"][0] == "__pt__" and document["query"]["labels"][1] == "__fr__"
    assert document["provenance"]["languages"] == {"source": "pt", "target": "fr"}
    result = CliRunner().invoke(app, [*command, "--target-language", "por_Latn"])
    assert isinstance(result.exception, BadInput) and "pt" in str(result.exception)


def test_names_of_languages_in_the_visitors_language():
    assert language_name("por_Latn", "pt") == "português" and language_name("por_Latn", "en") == "Portuguese"
    assert language_name("pt_XX", "pt") == language_name("pt", "pt") == "português"
    assert language_name("kmr_Latn", "en") == "Kurdish" and language_name("acq_Arab", "en") == "acq_Arab"
