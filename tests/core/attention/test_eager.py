"""The second adapter: maps are the model's own, vectors are those of its products, nothing stays on the model."""

from __future__ import annotations

import threading
from functools import cache

import numpy as np
import pytest
import torch

import core
from core.attention import families
from core.attention.eager_products import Watch, vectors_of
from tests.tiny import ALL, HEAD_DIM, HEADS, OUTSIDE, SENTENCE, TARGET, folder

WIDE = HEADS * HEAD_DIM


@cache
def captured(name: str):
    """(model, trace, inputs and outputs of every module, by module name): the same forward, watched from outside."""
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    plain = type(lm.model).from_pretrained(folder(name), attn_implementation="eager").eval()
    seen: dict[str, tuple] = {}

    def keep(at, given, made):
        seen.setdefault(
            at, (given, made)
        )  # the first call: DeBERTa-v2 projects its relative positions with the same module

    hooks = [
        module.register_forward_hook(lambda _, *two, at=at: keep(at, *two)) for at, module in plain.named_modules()
    ]
    inputs = {"input_ids": torch.tensor([trace.tokens.ids])}
    if trace.target is not None:
        inputs |= {"decoder_input_ids": torch.tensor([trace.target.ids]), "use_cache": False}
    with torch.inference_mode():
        plain(**inputs)
    for hook in hooks:
        hook.remove()  # activations are shared between models
    return plain, trace, seen


def layer_outputs(name: str, suffix: str) -> list[np.ndarray]:
    """(position, width) of the module ``suffix`` of every layer."""
    return [made[0].numpy() for at, (_, made) in captured(name)[2].items() if at.endswith(suffix)]


def split(wide: np.ndarray) -> np.ndarray:
    """(position, head · dim) → (head, position, dim)"""
    return wide.reshape(len(wide), HEADS, -1).transpose(1, 0, 2)


def by_head(fused: np.ndarray) -> tuple[np.ndarray, ...]:
    """(position, head · 3 · dim), as Bloom, Falcon and DeBERTa fuse it → q, k, v (head, position, dim)"""
    three = fused.reshape(len(fused), HEADS, 3, -1)
    return tuple(three[:, :, i].transpose(1, 0, 2) for i in range(3))


def separate(name: str, *suffixes: str) -> list[tuple[np.ndarray, ...]]:
    return [
        tuple(split(one) for one in layer) for layer in zip(*(layer_outputs(name, s) for s in suffixes), strict=True)
    ]


def fused(name: str, suffix: str) -> list[tuple[np.ndarray, ...]]:
    return [by_head(one) for one in layer_outputs(name, suffix)]


def mpt() -> list[tuple[np.ndarray, ...]]:
    return [tuple(split(part) for part in np.split(one, 3, axis=1)) for one in layer_outputs("mpt", "attn.Wqkv")]


def deberta() -> list[tuple[np.ndarray, ...]]:
    """The first version adds the biases of query and value after one product without bias."""
    model, _, _ = captured("deberta")
    layers = [layer.attention.self for layer in model.deberta.encoder.layer]
    found = []
    for (q, k, v), own in zip(fused("deberta", "in_proj"), layers, strict=True):
        q_bias, v_bias = (split(bias.detach().numpy()[None]) for bias in (own.q_bias, own.v_bias))
        found.append((q + q_bias, k, v + v_bias))
    return found


def xlnet() -> list[tuple[np.ndarray, ...]]:
    model, _, seen = captured("xlnet")
    found = []
    for i, layer in enumerate(model.transformer.layer):
        own, h = layer.rel_attn, seen[f"transformer.layer.{i}.rel_attn"][0][0][:, 0].numpy()  # (position, model)
        q, k, v = (np.einsum("ih,hnd->nid", h, weight.detach().numpy()) for weight in (own.q, own.k, own.v))
        found.append((q + own.r_w_bias.detach().numpy()[:, None], k, v))
    return found


# How the projections of each family look; rotated families are held by q·k = map in test_parity.py.
PROJECTIONS = {
    "bloom": lambda: fused("bloom", "self_attention.query_key_value"),
    "deberta": deberta,
    "deberta-v2": lambda: separate("deberta-v2", "query_proj", "key_proj", "value_proj"),
    "falcon-alibi": lambda: fused("falcon-alibi", "query_key_value"),
    "gpt_neo": lambda: separate("gpt_neo", "q_proj", "k_proj", "v_proj"),
    "mpnet": lambda: separate("mpnet", "attn.q", "attn.k", "attn.v"),
    "mpt": mpt,
    "rembert": lambda: separate("rembert", "self.query", "self.key", "self.value"),
    "xglm": lambda: separate("xglm", "q_proj", "k_proj", "v_proj"),
    "xlnet": xlnet,
}


@pytest.mark.parametrize("name", PROJECTIONS)
def test_vectors_are_the_projections(name):
    trace, layers = captured(name)[1], PROJECTIONS[name]()
    assert len(layers) == trace.layers()
    for layer, three in enumerate(layers):
        for head in range(HEADS):
            for read, expected in zip((trace.query, trace.key, trace.value), three, strict=True):
                np.testing.assert_allclose(read(layer, head), expected[head], atol=2e-6)


# XLNet's output projection is a product of parameters: no module reads its heads
@pytest.mark.parametrize("name", [name for name in OUTSIDE if name != "xlnet"])
def test_map_times_value_enters_the_output_projection(name):
    """Σ_j A[i, j]·v[j], heads side by side, is what the next module reads: right values, right order of heads."""
    _, trace, seen = captured(name)
    entering = [t[0] for given, _ in seen.values() for t in given if torch.is_tensor(t) and t.ndim == 3]
    entering += [t[:, 0] for given, _ in seen.values() for t in given if torch.is_tensor(t) and t.ndim == 3]
    entering += [m[0] for _, m in seen.values() if torch.is_tensor(m) and m.ndim == 3]
    for kind in trace.kinds:
        for layer in range(trace.layers(kind)):
            heads = range(trace.heads(kind))
            mixed = np.concatenate(
                [trace.attention(layer, h, kind) @ trace.value(layer, h, kind) for h in heads], axis=1
            )
            found = [t for t in entering if t.shape == mixed.shape and np.abs(t.numpy() - mixed).max() < 5e-6]
            assert found, (kind, layer)


def test_every_known_family_is_tested():
    outside = {tiny.model_type or name for name, tiny in OUTSIDE.items()}
    assert outside | {"squeezebert", "nystromformer", "data2vec-vision"} == set(families.KNOWN)
    # the three: test_reported_forms.py, test_vision.py


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_stays_on_the_shared_model(name):
    lm = core.load(folder(name), device="cpu")
    core.capture(lm, SENTENCE)
    for module in lm.model.modules():  # transformers leaves ContextVar hooks of its own on some families
        left = [*module._forward_hooks.values(), *module._forward_pre_hooks.values()]
        assert {hook.__module__ for hook in left} <= {"transformers.utils.output_capturing"}
    assert lm.layout.adapter == "outside"


def test_an_unknown_family_shows_maps_and_refuses_vectors(monkeypatch):
    monkeypatch.delitem(families.KNOWN, "gpt_neo")
    trace = core.capture(core.load(folder("gpt_neo"), device="cpu"), SENTENCE)
    np.testing.assert_allclose(trace.attention(0, 0).sum(axis=1), 1, atol=1e-6)
    for read in (trace.query, trace.key, trace.value, trace.scores):
        with pytest.raises(core.UnsupportedModel, match="gpt_neo computes its attention in its own way"):
            read(0, 0)


@pytest.mark.parametrize("name", ["bloom", "deberta-v2", "gpt_neo"])
def test_scores_are_refused_rather_than_approximated(name):
    with pytest.raises(core.UnsupportedModel, match=ALL[name].model_type or name):
        captured(name)[1].scores(0, 0)


def test_a_watch_sees_its_own_thread_only():
    a, b = torch.randn(2, 3, 4), torch.randn(2, 4, 5)
    with Watch() as watch:
        other = threading.Thread(target=lambda: a @ b)
        other.start()
        other.join()
        assert watch.products == []
        torch.matmul(a, b), a.bmm(b), torch.einsum("bij,bjk->bik", a, b), torch.zeros(1).baddbmm(a, b)
        a @ torch.randn(4, 4), torch.einsum("bij->bji", a)  # a projection and a transposition
    assert [p.shape for p in watch.products] == [(2, 3, 5)] * 4
    a @ b
    assert len(watch.products) == 4


def test_vectors_of_a_map_by_hand():
    """Two layers, a bystander product between score and value; then a map that no product made."""
    torch.manual_seed(0)
    q, k, v = torch.randn(3, 2, 4, 5, 6)  # three of (layer, head, position, dim)
    maps = []
    with Watch() as watch:
        for layer in range(2):
            maps.append((q[layer] @ k[layer].transpose(1, 2)).softmax(-1))
            q[layer] @ k[layer].transpose(1, 2)
            maps[-1] @ v[layer]
    found = vectors_of(watch.products, [*maps, maps[0] + 1])
    for layer in range(2):
        assert torch.equal(found[layer].query, q[layer])
        assert torch.equal(found[layer].key, k[layer])
        assert torch.equal(found[layer].value, v[layer])
    assert found[2] is None
