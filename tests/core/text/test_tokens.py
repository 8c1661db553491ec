"""Laws of core/text/tokens.py on every tokenizer family: labels are true, spans and words hold, rows stay 1."""

from __future__ import annotations

import dataclasses
import json
import pickle
import unicodedata
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from core.assets import ASSETS
from core.errors import BadInput
from core.text import tokens as tokens_module
from core.text.tokens import Tokens, encode, encode_target, merge
from core.text.vocabulary import visible
from tests.core.text.tiny_tokenizers import FAMILIES, NAUGHTY, build

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."
KEEP_EVERYTHING = (
    "gpt2",
    "roberta",
    "llama",
    "byt5",
    "canine",
)  # no normalizer: every character of the text is in some piece
BUNDLED = ASSETS / "models/mirante-encoder-pt"

every_family = pytest.mark.parametrize("family", FAMILIES)


def read(family: str, text: str) -> Tokens | None:
    """The tokens, or None where the tokenizer drops the whole text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ByT5 warns about a typed </s>
        try:
            return encode(build(family), text)
        except BadInput as error:
            assert "finds nothing to read" in str(error)
            return None


def fold(text: str) -> str:
    """Letters without case, accents, compatibility forms, white space and characters that tokenizers drop."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(part for part in parts if unicodedata.category(part) not in {"Mn", "Cf", "Cc", "Co", "Cn", "Zs"})


def check_laws(tokens: Tokens, text: str) -> None:
    count, sizes = len(tokens), Counter(tokens.word_of)
    assert tokens.text == text
    for field in (tokens.pieces, tokens.special, tokens.unknown, tokens.spans, tokens.word_of):
        assert len(field) == count
    assert len(tokens.words) == len(tokens.word_spans)
    assert list(dict.fromkeys(tokens.word_of)) == list(range(len(tokens.words))), "words are numbered as they appear"
    assert all(label and label == visible(label) for label in (*tokens.pieces, *tokens.words))
    for place in range(count):
        span, word = tokens.spans[place], tokens.word_of[place]
        if tokens.special[place]:
            assert span is None and sizes[word] == 1 and tokens.words[word] == tokens.pieces[place]
        elif span is not None and text[slice(*span)].strip():
            start, stop = tokens.word_spans[word]
            assert start <= span[0] < span[1] <= stop, "a piece lies in its word"
            assert not text[span[0]].isspace() and not text[span[1] - 1].isspace()
    check_words(tokens, text)
    starts = [span[0] for span in tokens.spans if span is not None]
    assert starts == sorted(starts)


def check_words(tokens: Tokens, text: str) -> None:
    """Word labels with the gaps between them are the text."""
    rebuilt, exact, end = "", "", 0
    for label, span in zip(tokens.words, tokens.word_spans, strict=True):
        if span is not None:
            assert end <= span[0] < span[1]
            assert label == visible(text[slice(*span)], space=" " if text[slice(*span)].strip() else "␣")
            exact += text[end : span[1]]
            rebuilt += text[end : span[0]] + label
            end = span[1]
    assert exact + text[end:] == text
    if visible(text) == text and not any(label == "␣" for label in tokens.words):
        assert rebuilt + text[end:] == text


@every_family
def test_labels_spans_and_words(family):
    for text in NAUGHTY:
        tokens = read(family, text)
        if tokens is None:
            continue
        check_laws(tokens, text)
        for place, (piece, span) in enumerate(zip(tokens.pieces, tokens.spans, strict=True)):
            if span is None or tokens.unknown[place] or place in tokens.typed_control or "⟨" in piece or piece == "␣":
                continue
            covered = text[slice(*span)]
            shown = fold(piece.replace("␣", "").removeprefix("##"))
            assert shown in fold(covered) or piece == visible(covered) or piece == "##" + covered, (
                text,
                piece,
                covered,
            )


@pytest.mark.parametrize("family", KEEP_EVERYTHING)
def test_spans_cover_every_character(family):
    for text in NAUGHTY:
        covered = {place for span in read(family, text).spans if span for place in range(*span)}
        assert all(place in covered for place, char in enumerate(text) if not char.isspace()), text


@every_family
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30))
def test_any_text(family, text):
    if not text.strip():
        with pytest.raises(BadInput):
            encode(build(family), text)
        return
    tokens = read(family, text)
    if tokens is not None:
        check_laws(tokens, text)
        uniform = np.full((len(tokens), len(tokens)), 1 / len(tokens))
        np.testing.assert_allclose(merge(uniform, tokens, tokens).sum(-1), 1, atol=1e-9)


@every_family
def test_the_jarra_sentence(family):
    tokens = read(family, SENTENCE)
    words = [word for word, span in zip(tokens.words, tokens.word_spans, strict=True) if span is not None]
    assert words == [
        "Ela",
        "derramou",
        "água",
        "da",
        "jarra",
        "para",
        "o",
        "copo",
        "até",
        "que",
        "ficasse",
        "cheio",
        ".",
    ]


def test_same_words_in_every_family():
    text = "São João-do-Mato, d'água: R$ 1.000,50!!! 🙂 e-mail"
    expected = ["São", "João-do-Mato", ",", "d'água", ":", "R$", "1.000,50", "!!!", "🙂", "e-mail"]
    for family in set(FAMILIES) - {"loose"}:
        tokens = read(family, text)
        words = [word for word, span in zip(tokens.words, tokens.word_spans, strict=True) if span is not None]
        assert words == expected, family


def test_special_is_what_the_template_added():
    typed = {
        "wordpiece-cased": "[CLS] o [SEP]",
        "xlm-roberta": "<s> o </s>",
        "t5": "o </s>",
        "marian": "o </s>",
        "canine": "\ue000 o",
    }
    for family, text in typed.items():
        tokens = read(family, text)
        plain = read(family, "o")
        assert sum(tokens.special) == sum(plain.special), family
        shown = [tokens.pieces[place] for place in tokens.typed_control]
        assert shown == {"canine": ["[CLS]"]}.get(family, [part for part in text.split() if part != "o"]), family
        for place in tokens.typed_control:
            start, stop = tokens.spans[place]
            assert visible(text[start:stop]) == tokens.words[tokens.word_of[place]]


def test_a_typed_end_is_not_doubled_by_byt5():
    tokens = read("byt5", "o</s>")
    assert tokens.pieces == ("o", "</s>") and tokens.special == (False, False) and tokens.typed_control == (1,)


def test_typed_mask_is_the_mask():
    tokenizer = build("wordpiece-cased")
    tokens = encode(tokenizer, "Ela [MASK] água")
    place = tokens.ids.index(tokenizer.mask_token_id)
    assert (tokens.pieces[place], tokens.spans[place], tokens.special[place]) == ("[MASK]", (4, 10), False)
    assert tokens.typed_control == (place,) and tokens.words[tokens.word_of[place]] == "[MASK]"
    assert read("roberta", "Ela <mask>").spans[-2] == (4, 10)  # <mask> takes the space before it; the span does not


def test_pieces_are_written_as_documented():
    assert read("gpt2", "ela\n🙂").pieces[-5:] == ("␤", "⟨0xF0⟩", "⟨0x9F⟩", "⟨0x99⟩", "⟨0x82⟩")
    assert read("llama", "🙂").pieces == ("<s>", "␣", "⟨0xF0⟩", "⟨0x9F⟩", "⟨0x99⟩", "⟨0x82⟩")
    assert read("gpt2", "água jarra").pieces == ("água", "␣jarra")
    assert read("byt5", "é\t").pieces == ("⟨0xC3⟩", "⟨0xA9⟩", "⇥", "</s>")
    assert read("canine", "e\u0301\u200b").pieces == ("[CLS]", "e", "◌\u0301", "⟨ZWSP⟩", "[SEP]")
    assert any(piece.startswith("##") for piece in read("wordpiece-cased", "derramaram").pieces)
    assert read("wordpiece-uncased", "Água").pieces == ("[CLS]", "agua", "[SEP]")
    assert read("wordpiece-uncased", "Água").words == ("[CLS]", "Água", "[SEP]")


def test_fragments_share_the_character():
    for family in ("gpt2", "roberta", "llama", "gemma", "byt5"):
        tokens = read(family, "a 🙂🙃")
        assert [span for span in tokens.spans if span and span[0] >= 2] == [(2, 3)] * 4 + [(3, 4)] * 4, family
        assert tokens.words[tokens.word_of[tokens.spans.index((3, 4))]] == "🙃"


def test_a_piece_over_two_words_fuses_them():
    tokens = read("loose", "o copo, de que")
    assert tokens.pieces == ("␣o", "␣copo,", "␣de␣que")
    assert tokens.words == ("o", "copo,", "de que")


def test_unknown_pieces():
    tokens = read("wordpiece-cased", "água 🙂")
    assert tokens.unknown == (False, False, True, False) and tokens.pieces[2] == "[UNK]" and tokens.words[2] == "🙂"
    assert read("marian", "água 🙂").words[-2:] == ("🙂", "</s>") and any(read("marian", "🙂").unknown)
    assert not any(read("gpt2", "água 🙂 <|endoftext|>").unknown)  # its "unknown" entry is its end of text


def test_source_and_target_vocabularies_are_not_mixed():
    source = read("marian-separate", SENTENCE)
    assert "".join(source.pieces[:-1]).replace("␣", "") == SENTENCE.replace(" ", "")
    ids = build("marian-separate")(text_target="a jarra.")["input_ids"]
    tokenizer = build("marian-separate")
    assert tokenizer.decoder[tokenizer.pad_token_id] != "<pad>", "the trap is set: this id means something else here"
    start = tokenizer.target_encoder["<pad>"]
    target = encode_target(tokenizer, [start, *ids], "a jarra.")
    assert target.words == ("<pad>", "a", "jarra", ".", "</s>")
    assert target.special[0] and target.special[-1] and sum(target.special) == 2
    piece = tokenizer.decoder[tokenizer.pad_token_id]
    assert encode_target(tokenizer, [tokenizer.pad_token_id], piece.strip("▁")).pieces == (piece.replace("▁", "␣"),)


@every_family
def test_target_labels(family):
    tokenizer = build(family)
    ids = tokenizer(text_target=SENTENCE)["input_ids"] if "marian" in family else list(read(family, SENTENCE).ids)
    for text in (SENTENCE, None):
        tokens = encode_target(tokenizer, ids, text)
        assert tokens.ids == tuple(ids)
        found = [word for word, span in zip(tokens.words, tokens.word_spans, strict=True) if span is not None]
        if family != "loose":  # its unknown letters leave gaps that are not guessed
            assert [fold(word) for word in found if word != "<unk>"] == [
                fold(word) for word in SENTENCE.replace(".", " .").split()
            ]


def test_a_target_of_control_tokens_only():
    tokenizer = build("t5")
    for ids in ([tokenizer.pad_token_id], [tokenizer.pad_token_id, tokenizer.eos_token_id]):
        tokens = encode_target(tokenizer, ids)
        assert tokens.special == (True,) * len(ids) and tokens.words == tokens.pieces and tokens.text == ""
    assert len(encode_target(tokenizer, [])) == 0


def test_target_that_says_something_else_is_not_guessed():
    ids = list(read("gpt2", "água da jarra").ids)
    tokens = encode_target(build("gpt2"), ids, "zzzz")
    assert set(tokens.spans) == {None}
    assert tokens.words == ("água", "da", "jarra")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no text"),
        (" \n\t\u00a0", "no text"),
        ("a\0b", "NUL"),
        ("a\ud800", "surrogate"),
        (None, "NoneType"),
        (["a"], "list"),
    ],
)
def test_refusals(text, says):
    with pytest.raises(BadInput, match=says):
        encode(build("wordpiece-cased"), text)


def test_nothing_left_to_read():
    with pytest.raises(BadInput, match="drops every character"):
        encode(build("wordpiece-cased"), "\u200b\u200b")


def test_nothing_is_padded_or_cut():
    tokenizer = build("t5")
    text = "água " * 2000
    before = len(encode(tokenizer, text))
    tokenizer.backend_tokenizer.enable_truncation(8)
    tokenizer.backend_tokenizer.enable_padding(length=64)
    assert len(encode(tokenizer, text)) == before > 4000
    assert encode(tokenizer, "água").pieces[-1] == "</s>"


@every_family
def test_labels_wait_until_somebody_asks(family, monkeypatch):
    """A capture that nobody draws spends nothing on labels; what is asked for later is all there, once for all."""
    described = []
    describe = tokens_module._described
    monkeypatch.setattr(tokens_module, "_described", lambda *parts: described.append(1) or describe(*parts))
    tokens = read(family, SENTENCE)
    assert len(tokens) == len(tokens.special) and tokens.text == SENTENCE and not described
    assert len(tokens.pieces) == len(tokens) and "derramou" in tokens.words and described == [1]
    copy = pickle.loads(pickle.dumps(read(family, SENTENCE)))
    for field in dataclasses.fields(Tokens):
        assert getattr(copy, field.name) == getattr(tokens, field.name)
    assert type(copy) is Tokens and not any(callable(value) for value in vars(tokens).values())
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tokens.nothing


def test_asked_by_many_threads_at_once_the_labels_are_one():
    for _ in range(20):
        tokens = read("gpt2", SENTENCE)
        with ThreadPoolExecutor(8) as pool:
            assert len({words for words in pool.map(lambda _, read=tokens: read.words, range(8))}) == 1


def made(words: list[int]) -> Tokens:
    count = len(words)
    labels = tuple(f"w{word}" for word in range(max(words) + 1))
    return Tokens(
        "x", (0,) * count, ("x",) * count, (False,) * count, (False,) * count, (None,) * count, tuple(words), labels
    )


def test_merge_by_hand():
    attention = np.array([[0.1, 0.2, 0.7], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5]], dtype=np.float32)
    tokens = made([0, 0, 1])  # rows 0 and 1 averaged, columns 0 and 1 added
    expected = [[(0.3 + 1.0) / 2, (0.7 + 0.0) / 2], [0.5, 0.5]]
    merged = merge(attention, tokens, tokens)
    assert merged.dtype == np.float32
    np.testing.assert_allclose(merged, expected, atol=1e-7)


@given(
    query=st.lists(st.integers(0, 2), min_size=1, max_size=7),
    key=st.lists(st.integers(0, 2), min_size=1, max_size=9),
    seed=st.integers(0, 2**16),
)
def test_merged_rows_sum_to_one(query, key, seed):
    query, key = (
        made(list(np.cumsum([0, *steps[1:]]) if max(steps) < 2 else range(len(steps)))) for steps in (query, key)
    )
    attention = np.random.default_rng(seed).dirichlet(np.ones(len(key)), size=(2, 3, len(query))).astype(np.float32)
    merged = merge(attention, query, key)
    assert merged.shape == (2, 3, len(query.words), len(key.words))
    np.testing.assert_allclose(merged.sum(-1), 1, atol=1e-6)
    np.testing.assert_array_equal(merged[1, 2], merge(attention[1, 2], query, key))


def test_merge_of_identity_and_of_uniform():
    tokens = made([0, 1, 1, 2, 2, 2])
    np.testing.assert_allclose(merge(np.eye(6), tokens, tokens), np.eye(3), atol=1e-12)
    np.testing.assert_allclose(merge(np.full((6, 6), 1 / 6), tokens, tokens), [[1 / 6, 2 / 6, 3 / 6]] * 3, atol=1e-12)
    alone = made([0, 1, 2])
    attention = np.random.default_rng(0).dirichlet(np.ones(3), size=3)
    np.testing.assert_array_equal(merge(attention, alone, alone), attention)


@pytest.mark.parametrize("shape", [(3,), (3, 3), (2, 3), (3, 2, 2)])
def test_merge_refuses_other_shapes(shape):
    with pytest.raises(BadInput, match="shape .* 3 and 2 positions"):
        merge(np.zeros(shape), made([0, 1, 2]), made([0, 1]))


def test_the_bundled_encoder_keeps_common_words_whole():
    if not (BUNDLED / "tokenizer.json").exists():
        pytest.skip("mirante-encoder-pt is not trained yet")
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(BUNDLED, local_files_only=True)
    tokens = encode(tokenizer, SENTENCE)
    assert tokens.pieces[1:-1] == (
        "Ela",
        "derramou",
        "água",
        "da",
        "jarra",
        "para",
        "o",
        "copo",
        "até",
        "que",
        "ficasse",
        "cheio",
        ".",
    )
    assert tokens.words == tokens.pieces and not any(tokens.unknown)
    assert tokens.special == (True, *[False] * 13, True)
    assert json.loads((BUNDLED / "tokenizer.json").read_text(encoding="utf-8"))["truncation"] is None
    for text in NAUGHTY:
        check_laws(encode(tokenizer, text), text)


@pytest.mark.parametrize("word_of", [(0, 1, 2, 3), (0, 0, 0, 1), (0, 1, 1, 2, 2, 2, 3), (0, 1, 0, 2), (1, 0, 0, 2)])
def test_merging_is_the_product_with_the_table_of_memberships(word_of):
    """Words in order take a shorter way; words that are interrupted, or stand in another order, do not."""
    n, words = len(word_of), max(word_of) + 1
    tokens = Tokens("", tuple(range(n)), ("x",) * n, (False,) * n, (False,) * n, (None,) * n, word_of, ("w",) * words)
    other = Tokens("", (0, 1), ("x",) * 2, (False,) * 2, (False,) * 2, (None,) * 2, (0, 0), ("w",))
    table = np.eye(words)[list(word_of)]
    maps = np.random.default_rng(1).random((3, n, n)).astype(np.float32)
    expected = np.einsum("qw,bqk,kv->bwv", table / table.sum(0), maps, table)
    np.testing.assert_allclose(merge(maps, tokens, tokens), expected, rtol=1e-6)
    np.testing.assert_allclose(merge(maps[:, :, :2], tokens, other)[..., 0], expected_sum(maps, table), rtol=1e-6)


def expected_sum(maps: np.ndarray, table: np.ndarray) -> np.ndarray:
    return np.einsum("qw,bqk->bw", table / table.sum(0), maps[:, :, :2])
