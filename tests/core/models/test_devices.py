"""Devices: the choice, and the same maps on a GPU as on the CPU (skipped, visibly, where there is none)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import core
from core.errors import BadInput
from core.models import devices
from tests.tiny import SENTENCE, TARGET, folder

GPUS = [
    pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")),
    pytest.param("mps", marks=pytest.mark.skipif(not torch.backends.mps.is_available(), reason="no MPS device here")),
]
# one per mechanism: plain, sliding window, cap, sinks, relative bias with cross-attention, both kinds of second adapter
NAMES = ["bert", "mistral-sliding", "gemma2", "gpt_oss", "t5", "bloom", "deberta-v2"]


def traced(name: str, device: str, precision: str = "float32"):
    lm = core.load(folder(name), device=device, precision=precision)
    return core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)


def difference(a, b) -> float:
    """Largest difference between two traces of the same text, over every map."""
    layers = [(kind, layer) for kind in a.kinds for layer in range(a.layers(kind))]
    return max(np.abs(a.layer_attention(i, k) - b.layer_attention(i, k)).max() for k, i in layers)


def test_the_cpu_is_always_there_and_last():
    assert devices.available()[-1] == "cpu"
    assert devices.choose_device(None) == devices.choose_device("auto") == torch.device(devices.available()[0])


def test_a_device_that_is_not_there_is_refused_with_the_list():
    with pytest.raises(BadInput, match="cpu"):
        devices.choose_device("tpu")


@pytest.mark.parametrize("precision", ["float16", "bfloat16", "int8"])
def test_the_cpu_computes_in_float32_only(precision):
    with pytest.raises(BadInput, match=precision):
        devices.dtype_for(torch.device("cpu"), precision)


def test_the_trace_says_where_it_was_made():
    trace = traced("bert", "cpu")
    assert (trace.provenance.device, trace.provenance.dtype) == ("cpu", "float32")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("device", GPUS)
def test_a_gpu_shows_what_the_cpu_shows(device, name):
    here, there = traced(name, "cpu"), traced(name, device)
    assert there.provenance.device.startswith(device)
    assert difference(here, there) <= 2e-5
    assert all(m.dtype == np.float32 for m in (there.attention(0, 0), there.query(0, 0), there.logits))


@pytest.mark.parametrize("device", GPUS)
def test_half_precision_is_close_and_says_so(device):
    exact, half = traced("bert", device), traced("bert", device, "bfloat16")
    assert half.provenance.dtype == "bfloat16"
    assert 0 < difference(exact, half) <= 0.05
