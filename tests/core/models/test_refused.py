"""What cannot be shown truthfully is refused, with the reason, when it is loaded."""

from __future__ import annotations

import pytest

import core
from tests.tiny import REFUSED, folder

REASONS = {
    "mamba": "no attention",
    "falcon_mamba": "no attention",
    "fnet": "no attention",
    "rwkv": "shape",
    "big_bird": "block-sparse",
    "yoso": "sampled",
    "nystromformer-landmarks": "landmarks",
    "reformer": "hashing",
    "prophetnet": "before softmax",
    "diffllama": "subtracts",
    "vit": "not a text model",
    "clip": "not a text model",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name):
    with pytest.raises(core.UnsupportedModel, match=REASONS[name]) as caught:
        core.load(folder(name), device="cpu")
    assert str(caught.value) == caught.value.template.format(**caught.value.fields)
