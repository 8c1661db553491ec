"""The bundled decoder: what the files say, what the application sees, and its own published evaluation."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
import torch
from safetensors import safe_open
from transformers import AutoModelForCausalLM

import core
from core.models.catalog import bundled_kind, describe
from core.models.sources import BUNDLED, bundled_names
from training.common import corpus, tokenizer
from training.decoder import card as decoder_card, evaluate, heads, model as decoder, table

pytestmark = pytest.mark.skipif(decoder.NAME not in bundled_names(), reason="the decoder is not in this tree")
SENTENCE = "O gato está sentado no tapete e a porta está aberta."


@pytest.fixture(scope="module")
def lm():
    torch.set_num_threads(1)
    return core.load(decoder.NAME, device="cpu")


def test_it_is_listed_as_a_decoder_and_loads_fast(lm):
    start = time.perf_counter()
    core.load(decoder.NAME, device="cpu")
    assert time.perf_counter() - start < 2
    entry = describe(BUNDLED / decoder.NAME)
    assert bundled_kind(decoder.NAME) == lm.kind == entry.kind == "decoder"
    assert entry.bytes < 15_000_000 and entry.parameters == lm.parameters


def test_the_weights_are_half_precision_and_the_config_is_clean():
    with safe_open(decoder.ASSETS / "model.safetensors", "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118
    config = json.loads((decoder.ASSETS / "config.json").read_text(encoding="utf-8"))
    assert config["model_type"] == "llama" and "/" not in json.dumps(config)
    assert config["num_key_value_heads"] < config["num_attention_heads"]


def test_captured_attention_is_the_library_s_own(lm):
    trace = core.capture(lm, SENTENCE)
    eager = AutoModelForCausalLM.from_pretrained(
        decoder.ASSETS, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    with torch.inference_mode():
        told = eager(input_ids=torch.tensor([trace.tokens.ids]), output_attentions=True, use_cache=False).attentions
    assert trace.layers() == len(told)
    # The first layer is equal; further up the kernels' rounding adds up, and eager itself is 2e-6 from float64 here.
    for layer, maps in enumerate(told):
        np.testing.assert_allclose(trace.layer_attention(layer), maps[0].numpy(), rtol=0, atol=5e-6)
        assert not np.triu(trace.layer_attention(layer), k=1).any(), "nothing looks ahead"


def test_common_words_are_whole_and_the_text_comes_back(lm):
    tokens = core.capture(lm, SENTENCE).tokens
    assert tokens.special == (True,) + (False,) * (len(tokens) - 1)
    assert tokens.words[1:6] == ("O", "gato", "está", "sentado", "no")
    assert lm.tokenizer.decode(tokens.ids, skip_special_tokens=True) == SENTENCE


def test_the_published_numbers_are_those_of_the_document():
    document = json.loads((decoder.ASSETS / "evaluation.json").read_text(encoding="utf-8"))
    assert (decoder.ASSETS / "README.md").read_text(encoding="utf-8") == decoder_card.text(document)
    assert document["table"] == table.rows(document)
    before, after = (document["rounding"][name] for name in ("before", "after"))
    assert after["low"] <= before["value"] <= after["high"]


def test_the_published_continuation_and_head_are_found_again(lm):
    document = json.loads((decoder.ASSETS / "evaluation.json").read_text(encoding="utf-8"))
    made = tokenizer.load(decoder.ASSETS)
    prompt, written = next(iter(document["continuations"].items()))
    assert evaluate.continued(evaluate.load(decoder.ASSETS), made, prompt) == written
    layer, head = document["heads"]["previous"]["head"]
    found = heads.previous(core.capture(lm, SENTENCE).layer_attention(layer))[head]
    assert found == pytest.approx(document["heads"]["previous"]["best"]["value"], abs=0.3)


def test_no_treebank_test_sentence_may_be_trained_on(corpora):
    banned = corpus.forbidden(corpora)
    assert banned and not banned & {corpus.key(text) for split in corpus.load(corpora) for text in split.train}
