"""Cards of what a model expects and writes: Mask a word, Generate, and predictions elsewhere."""

from __future__ import annotations

from ..errors import Message
from .card import A_COUNT, ON_DECODER, ON_MASK, OURS, SHARE, MetricCard, keyed

_EXPECT = f"python -m core expect {ON_DECODER}"

PREDICTION_CARDS = keyed(
    [
        MetricCard(
            key="expect_probability",
            name=Message("probability of a token"),
            definition=Message("How probable the model finds a token at the mask, or as the next one."),
            formula="softmax(logits)_w",
            unit=SHARE,
            null=Message("1 ÷ vocabulary: nothing is known; a frequent token is probable almost everywhere"),
            source="Vaswani et al. 2017",
            command=f"python -m core expect {ON_MASK}",
            section="Generation",
        ),
        MetricCard(
            key="expect_drawn",
            name=Message("probability of being written"),
            definition=Message("The probability of a token after temperature, the k most probable and the share p."),
            formula="softmax(logits ÷ T), cut to k, then to p, rescaled to 1",
            unit=SHARE,
            null=Message("T = 1, nothing cut: the model's own probability"),
            source="Holtzman et al. 2020",
            command=f"{_EXPECT} --temperature 0.8 --top-k 50",
            section="Generation",
        ),
        MetricCard(
            key="cache_bytes",
            name=Message("size of the cache"),
            definition=Message("What the model keeps of all tokens so far: their keys and values in every layer."),
            formula="2 · layers · positions · key/value heads · head width · bytes per number",
            unit=Message("bytes"),
            without_null=A_COUNT,
            source="Shazeer 2019; Ainslie et al. 2023",
            command=_EXPECT,
            section="Generation",
        ),
        MetricCard(
            key="cache_seconds",
            name=Message("time of one token"),
            definition=Message("What one more token takes on this machine with the cache."),
            formula="median of 5 measured times",
            unit=Message("seconds"),
            null=Message("the same token without the cache"),
            source=OURS,
            command=f"{_EXPECT} --timed",
            section="Generation",
        ),
    ]
)
