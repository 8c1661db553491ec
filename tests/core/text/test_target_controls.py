"""Control tokens that a person types into a target are what was typed: only the start token is special."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st
from transformers import T5Tokenizer

import core
from core.text.tokens import encode_target, target_labels
from tests.core.files.public_reports import Report, reports
from tests.core.text.tiny_tokenizers import FAMILIES, build
from tests.many_languages import folder as many_folder
from tests.tiny import folder

SENTINELS = [f"<extra_id_{n}>" for n in range(4)]


@pytest.fixture(scope="module")
def t5():
    """A tiny T5 whose tokenizer has sentinels, in the room that its vocabulary leaves."""
    lm = core.load(folder("t5"))
    tokenizer = copy.deepcopy(lm.tokenizer)
    tokenizer.add_special_tokens({"additional_special_tokens": SENTINELS})
    return replace(lm, tokenizer=tokenizer)


@pytest.mark.parametrize("report", reports("typed-sentinel-of-a-target-called-special"))
def test_reported_sentinels_are_typed(report: Report, t5):
    text = report.given["target"]
    target = core.capture(t5, report.given["text"], text).target
    assert target.special == (True, *[False] * (len(target) - 1))
    typed = [place for place, piece in enumerate(target.pieces) if piece.startswith("<extra_id")]
    assert len(typed) == 2 and target.typed_control == tuple(typed)
    assert [text[slice(*target.spans[place])] for place in typed] == ["<extra_id_0>", "<extra_id_1>"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([*SENTINELS, "água", "<pad>", "</s>", "<mask>", "o", "copo."]), min_size=1, max_size=6))
def test_whatever_is_typed_into_a_target_has_its_place(t5, parts: list[str]):
    text = " ".join(parts)
    target = core.capture(t5, "Ela leu.", text).target
    assert target.special == (True, *[False] * (len(target) - 1))
    typed = [part for part in parts if part in (*SENTINELS, "<pad>", "</s>", "<mask>")]
    assert [text[slice(*target.spans[place])] for place in target.typed_control] == typed


@pytest.mark.filterwarnings("ignore:This sequence already has")
@pytest.mark.parametrize("family", [name for name in FAMILIES if name not in ("canine",)])
def test_what_a_template_adds_is_told_from_what_is_typed(family: str):
    """For every family, its own control tokens typed first, between and last."""
    tokenizer = build(family)
    plain_ids, plain = target_labels(tokenizer, "a jarra")
    added = sum(plain)
    for control in dict.fromkeys(map(str, tokenizer.all_special_tokens)):
        for text in (f"{control} a jarra", f"a {control} jarra", f"a jarra {control}", control):
            ids, special = target_labels(tokenizer, text)
            typed_end = family in ("byt5",) and text.endswith(tokenizer.eos_token)  # it adds no second end
            assert sum(special) == added - typed_end, (family, text)
            tokens = encode_target(tokenizer, [tokenizer.pad_token_id or 0, *ids], text, special=(True, *special))
            assert tokens.special == (True, *special)


@pytest.mark.parametrize("family", ["nllb", "mbart50"])  # of M2M100 the library adds no token for a code that is typed
def test_a_language_that_is_typed_is_no_template(family: str):
    lm = core.load(many_folder(family))
    code = lm.tokenizer.convert_ids_to_tokens(lm.source_language)
    target = core.capture(lm, "O sol.", f"{code} sol").target
    assert target.special[:2] == (True, True) and not any(target.special[2:])
    assert lm.source_language in {target.ids[place] for place in target.typed_control}


def test_sentinels_that_a_model_writes_are_no_template():
    tokenizer = T5Tokenizer(extra_ids=4)
    sentinel = tokenizer.convert_tokens_to_ids("<extra_id_0>")
    tokens = encode_target(tokenizer, [tokenizer.pad_token_id, sentinel])
    assert tokens.special == (True, False) and tokens.typed_control == (1,)
