"""Traces and captures on real (tiny, random) models: shapes, kinds, refusals."""

import numpy as np
import pytest

import core
from core.axes import checked_index, head_name
from core.errors import BadInput, TooLong, UnsupportedModel
from tests import tiny


@pytest.fixture(scope="module")
def bert():
    return core.load(str(tiny.folder("bert")))


@pytest.fixture(scope="module")
def t5():
    return core.load(str(tiny.folder("t5")))


def test_one_stack(bert):
    trace = core.capture(bert, tiny.SENTENCE)
    n = len(trace.tokens.pieces)
    assert trace.kinds == ("self",) and (trace.layers(), trace.heads()) == (3, 4)
    assert trace.attention(2, 3).shape == (n, n) and trace.attention(2, 3).dtype == np.float32
    assert trace.layer_attention(1).shape == (4, n, n)
    assert trace.query(0, 0).shape == trace.key(0, 0).shape == trace.value(0, 0).shape == (n, 6)
    assert trace.logits.shape == (n, bert.model.config.vocab_size)
    np.testing.assert_allclose(trace.merged(trace.attention(0, 0)).sum(1), 1, atol=1e-5)


def test_attention_follows_from_query_and_key(bert):
    trace = core.capture(bert, tiny.SENTENCE)
    scores = trace.query(1, 2) @ trace.key(1, 2).T / np.sqrt(6)
    weights = np.exp(scores - scores.max(1, keepdims=True))
    np.testing.assert_allclose(weights / weights.sum(1, keepdims=True), trace.attention(1, 2), atol=1e-6)


def test_encoder_decoder_has_three_kinds(t5):
    trace = core.capture(t5, tiny.SENTENCE, tiny.TARGET)
    n, m = len(trace.tokens.pieces), len(trace.target.pieces)
    assert trace.kinds == ("encoder", "decoder", "cross") and n != m
    assert trace.attention(0, 0, "encoder").shape == (n, n)
    assert trace.attention(0, 0, "decoder").shape == (m, m)
    assert trace.attention(0, 0, "cross").shape == (m, n)
    assert trace.target.text == tiny.TARGET
    assert trace.target.special[0] and "".join(trace.target.pieces[1:]).replace("␣", " ").strip() == tiny.TARGET


def test_without_a_target_the_model_writes_one(t5):
    trace = core.capture(t5, "Ela encheu o copo.")
    assert 1 < len(trace.target.pieces) <= 128
    assert trace.logits.shape[0] == len(trace.target.pieces)


def test_hidden_states_on_request(bert):
    assert core.capture(bert, "o copo").hidden is None
    trace = core.capture(bert, "o copo", hidden=True)
    assert trace.hidden.shape == (4, len(trace.tokens.pieces), 24)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.attention(3, 0), "no layer 3"),
        (lambda t: t.attention(0, 4), "no head 4"),
        (lambda t: t.attention(-1, 0), "no layer -1"),
        (lambda t: t.attention(0, 0, "cross"), "no “cross” attention"),
        (lambda t: t.attention(0, True), "no head True"),
    ],
)
def test_impossible_indices_are_refused(bert, call, message):
    with pytest.raises(BadInput, match=message):
        call(core.capture(bert, "o copo"))


def test_target_is_refused_where_there_is_none(bert):
    with pytest.raises(BadInput, match="no separate target"):
        core.capture(bert, "o copo", "the glass")


def test_too_long_names_the_limit(bert):
    with pytest.raises(TooLong, match="at most 96"):
        core.capture(bert, "copo " * 300)


def test_memory_is_estimated_before_running(bert, monkeypatch):
    monkeypatch.setenv("MIRANTE_MEMORY_MB", "0")
    with pytest.raises(TooLong, match="limit is 0 MB"):
        core.capture(bert, "o copo")


def test_models_outside_the_seam_say_why_there_are_no_vectors():
    trace = core.capture(core.load(str(tiny.folder("flaubert"))), tiny.SENTENCE)
    np.testing.assert_allclose(trace.attention(0, 0).sum(1), 1, atol=1e-5)
    if trace.record(0).vectors is None:
        with pytest.raises(UnsupportedModel):
            trace.query(0, 0)


def test_provenance_is_complete(bert):
    found = core.capture(bert, "o copo").provenance.as_dict()
    assert found["model"] == bert.name and found["architecture"] == "BertForMaskedLM" and len(found["revision"]) == 12
    assert found["adapter"] == "seam" and found["dtype"] == "float32" and found["versions"]["torch"]


def test_indices_and_names():
    assert checked_index(2, 3, "layer") == 2
    assert head_name(3, 6) == "C4·7" and head_name(3, 6, "L") == "L4·7"


def test_nobody_writes_into_a_trace(bert):
    trace = core.capture(bert, "o copo", hidden=True)
    for array in (trace.logits, trace.hidden):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    before = trace.query(0, 0).copy()
    trace.query(0, 0)[:] = 7
    np.testing.assert_array_equal(trace.query(0, 0), before)


def test_merging_names_its_kind_where_there_are_several(t5):
    trace = core.capture(t5, tiny.SENTENCE, tiny.TARGET)
    with pytest.raises(BadInput, match="encoder, decoder, cross"):
        trace.merged(trace.attention(0, 0, "cross"))
    assert trace.merged(trace.attention(0, 0, "cross"), "cross").shape == (
        len(trace.target.words),
        len(trace.tokens.words),
    )


def test_a_generated_target_says_so(t5):
    written = core.capture(t5, "Ela encheu o copo.")
    assert written.generated and written.cut == (len(written.target) >= 96)
    given = core.capture(t5, "Ela encheu o copo.", "She filled the glass.")
    assert not given.generated and not given.cut


def test_a_text_beyond_all_models_is_refused_before_it_is_tokenized(bert):
    with pytest.raises(TooLong, match="at most 50000 are read"):
        core.capture(bert, "a." * 50_000)


def test_the_estimate_covers_what_is_kept(t5, bert):
    from core.tracing.memory import estimate_bytes

    for lm, text in ((t5, "copo " * 40), (bert, "o copo")):
        trace = core.capture(lm, text, *(["um copo"] if lm is t5 else []))
        tensors = [
            x
            for kind in trace.records.values()
            for record in kind
            for x in vars(record).values()
            if hasattr(x, "nbytes")
        ]
        assert sum(x.nbytes for x in {id(x): x for x in tensors}.values()) <= estimate_bytes(lm, len(trace.tokens))
