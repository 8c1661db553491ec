"""The classifier: its laws on small random weights, one case by hand, the same in NumPy, bad files and bad texts."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from core.conv.classifier import Classifier, classify, evenly, load_classifier, logits
from core.conv.model import PAD, UNKNOWN, ConvAttention, Sizes, most
from core.conv.occlusion import agreement, occlusion
from core.conv.vocabulary import LONGEST, WordIds, words_of
from core.conv.window import word_window
from core.errors import BadFile, BadInput, TooLong

WORDS = WordIds(("<pad>", "<unk>", *"o filme é não bom ruim muito , . !".split()))


@pytest.fixture
def small() -> Classifier:
    """Random weights large enough that nothing is even: 12 words × 7, 5 features, windows of 3."""
    torch.manual_seed(3)
    model = ConvAttention(Sizes(len(WORDS), 7, 5, 3)).eval().requires_grad_(False)
    for parameter in model.parameters():
        parameter.mul_(3)
    return Classifier("small", model, WORDS)


def in_numpy(model: ConvAttention, ids: list[int]) -> tuple[np.ndarray, np.ndarray, float]:
    """(features, attention, logit) from the weights alone, float64."""
    table, kernel, bias = (
        one.double().numpy() for one in (model.embedding.weight, model.convolution.weight, model.convolution.bias)
    )
    half = kernel.shape[2] // 2
    x = np.concatenate([np.zeros((half, table.shape[1])), table[ids], np.zeros((half, table.shape[1]))])
    features = np.array(
        [
            [
                max(0.0, bias[f] + sum(kernel[f, :, o] @ x[t + o] for o in range(kernel.shape[2])))
                for f in range(len(bias))
            ]
            for t in range(len(ids))
        ]
    )
    scores = np.tanh(features @ model.score.weight[0].double().numpy() + float(model.score.bias))
    attention = np.exp(scores) / np.exp(scores).sum()
    return (
        features,
        attention,
        float(attention @ features @ model.dense.weight[0].double().numpy() + float(model.dense.bias)),
    )


@pytest.mark.parametrize("text", ["bom", "o filme é bom .", "O filme não é muito ruim, não é bom! zumbi"])
def test_the_module_is_the_formula(small: Classifier, text: str) -> None:
    found = classify(small, text)
    features, attention, logit = in_numpy(small.model, list(found.ids))
    np.testing.assert_allclose(found.features, features, atol=1e-5)
    np.testing.assert_allclose(found.attention, attention, atol=1e-6)
    assert found.logit == pytest.approx(logit, abs=1e-5)
    assert found.attention.sum() == pytest.approx(1, abs=1e-6) and (found.features >= 0).all()


def test_one_word_has_all_the_attention(small: Classifier) -> None:
    assert classify(small, "bom").attention.tolist() == [1.0]


def test_two_words_by_hand(small: Classifier) -> None:
    found = classify(small, "não bom")
    first, second = (math.exp(float(one)) for one in found.scores)
    np.testing.assert_allclose(found.attention, [first / (first + second), second / (first + second)], rtol=1e-6)
    np.testing.assert_allclose(
        found.pooled, found.attention[0] * found.features[0] + found.attention[1] * found.features[1], atol=1e-6
    )


def test_the_parts_add_up_to_the_logit(small: Classifier) -> None:
    found = classify(small, "o filme não é bom")
    for parts in (found.by_position, found.by_feature):
        assert parts.sum() + found.bias == pytest.approx(found.logit, abs=1e-5)


@pytest.mark.parametrize("position", range(5))
def test_the_window_adds_up_to_what_the_position_says(small: Classifier, position: int) -> None:
    found = classify(small, "o filme não é bom")
    seen = word_window(small, found, position)
    assert seen.parts.sum() + seen.bias == pytest.approx(float(found.says[position]), abs=1e-4)
    assert [place is None for place in seen.places] == [position == 0, False, position == 4]
    assert all(part == 0 for part, place in zip(seen.parts, seen.places, strict=True) if place is None)
    assert seen.active == (found.features[position] > 0).sum()


def test_padding_has_no_influence(small: Classifier) -> None:
    rows = [small.words.ids(words_of(text)) for text in ("bom", "o filme é muito ruim !", "não é bom")]
    together = logits(small, rows)
    np.testing.assert_allclose(together, [logits(small, [row])[0] for row in rows], atol=1e-6)
    read = small.model(torch.tensor([[*rows[0], PAD, PAD]]))
    assert read.attention[0].tolist() == [1.0, 0.0, 0.0]


def test_no_weight_reaches_the_bound_and_training_cannot_change_that(small: Classifier) -> None:
    small.model.score.weight.mul_(1e4)
    for text in ("não bom", "o filme é muito ruim !"):
        found = classify(small, text)
        assert found.attention.max() <= most(len(found.words)) + 1e-6
        assert found.attention.max() / found.attention.min() <= math.e**2 + 1e-3
    assert most(1) == 1 and most(2) == pytest.approx(math.e**2 / (1 + math.e**2))


def test_even_attention_is_even(small: Classifier) -> None:
    found = classify(evenly(small), "o filme é bom")
    np.testing.assert_allclose(found.attention, 0.25)
    assert found.logit != classify(small, "o filme é bom").logit


def test_hiding_nothing_and_hiding_the_unknown_change_nothing(small: Classifier) -> None:
    found = classify(small, "o filme zumbi é bom")
    assert occlusion(small, found, []).size == 0
    assert occlusion(small, found)[2] == 0 and not found.known[2] and found.ids[2] == UNKNOWN
    assert (occlusion(small, found)[[0, 1, 3, 4]] != 0).all()


def test_hiding_is_reading_the_text_without_the_word(small: Classifier) -> None:
    found = classify(small, "o filme é ruim")
    expected = found.logit - classify(small, "o filme é zumbi").logit
    assert occlusion(small, found, [3])[0] == pytest.approx(expected, abs=1e-5)


def test_agreement_is_spearmans_with_ties() -> None:
    assert agreement([1, 2, 3], [10, 20, 30]) == pytest.approx(1) and agreement([1, 2, 3], [3, 2, 1]) == pytest.approx(
        -1
    )
    assert agreement([1, 1, 2, 3], [4, 5, 6, 6]) == pytest.approx(4 / 4.5)  # ranks 1.5 1.5 3 4 and 1 2 3.5 3.5, by hand
    assert agreement([1, 2], [1, 2]) is None and agreement([1, 1, 1], [1, 2, 3]) is None


def test_texts_that_cannot_be_read_are_told(small: Classifier) -> None:
    with pytest.raises(BadInput, match="no text"):
        classify(small, "  ")
    with pytest.raises(TooLong, match=f"{LONGEST}.*{LONGEST + 1}"):
        classify(small, "bom " * (LONGEST + 1))
    assert len(classify(small, "bom " * LONGEST).words) == LONGEST


def test_words_keep_their_writing_and_lose_it_only_for_the_vocabulary() -> None:
    assert words_of("Não é RUIM!!") == ["Não", "é", "RUIM", "!!"] and WORDS.ids(["RUIM", "<unk>", "<pad>"]) == [
        7,
        UNKNOWN,
        UNKNOWN,
    ]


def test_a_damaged_folder_is_told(small: Classifier, tmp_path) -> None:
    with pytest.raises(BadFile, match=tmp_path.name):
        load_classifier(tmp_path)
    (tmp_path / "config.json").write_text(
        json.dumps({"embedding_size": 7, "hidden_size": 5, "window": 3}), encoding="utf-8"
    )
    (tmp_path / "vocabulary.json").write_text(json.dumps(WORDS.entries), encoding="utf-8")
    save_file(
        {name: tensor.contiguous() for name, tensor in small.model.state_dict().items()}, tmp_path / "model.safetensors"
    )
    assert load_classifier(tmp_path).model(torch.tensor([[2, 3]])).logit.item() == pytest.approx(
        small.model(torch.tensor([[2, 3]])).logit.item()
    )
    (tmp_path / "vocabulary.json").write_text(json.dumps(WORDS.entries[:-1]), encoding="utf-8")
    with pytest.raises(BadFile, match="other sizes"):
        load_classifier(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\x80\x04pickled")
    with pytest.raises(BadFile):
        load_classifier(tmp_path)


def test_an_even_window_is_refused() -> None:
    with pytest.raises(ValueError, match="odd"):
        Sizes(5, 2, 2, 4)
