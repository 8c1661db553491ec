"""What the page computes for one sentence: the classifier's reading, the encoder's, and every word hidden in both.

Results are cached by ui/serving/long_work.py. Not here: what the page says of them (classifier.py, encoder.py,
agreement.py, inside.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from core.conv import classifier, linear_probe, occlusion
from core.conv.classifier import Classifier, TextVerdict
from core.conv.linear_probe import ENCODER, LinearProbe, ProbeReading
from core.models.loading import LanguageModel
from core.models.sources import BUNDLED
from core.tracing.trace import Trace

from ...serving import cache
from ...serving.long_work import work
from ...shell.state import Chosen

_SECONDS_PER_TOKEN_AND_WORD = 1.2e-4
"""Measured on one thread: seconds of the encoder per token and hidden word."""
_MOST_DRAWN = 48
"""Words that pictures draw at most."""


@dataclass(frozen=True, eq=False)
class BothReadings:
    """One sentence as the classifier and the encoder read it.

    verdict: the classifier's reading. fell: (word,), by how much its logit falls when each word is hidden. even: its
    logit when every word has the attention 1/n. reading, trace: the encoder's.
    """

    model: Classifier
    verdict: TextVerdict
    fell: np.ndarray
    even: float
    reading: ProbeReading
    trace: Trace

    @property
    def same_words(self) -> bool:
        """Whether both cut the sentence into the same words: only then are words compared one by one."""
        return self.verdict.words == self.reading.words

    @property
    def drawn(self) -> range:
        """Indices of the words that pictures draw."""
        return range(min(_MOST_DRAWN, len(self.verdict.words)))


def read_both(chosen: Chosen, text: str) -> BothReadings | None:
    """Both readings; None while a long computation still waits for the visitor's agreement.

    Raises:
        MiranteError: a blank or too long text, or what the encoder raises.
    """
    encoder_choice = replace(chosen, model=ENCODER, sentence=text)
    verdict = classifier.classify(loaded(), text)  # at once, and refuses what is too long
    trace = cache.trace(encoder_choice, text)
    lm = cache.language_model(encoder_choice)
    key = (encoder_choice.device, encoder_choice.precision, text)
    return work(
        key,
        lambda _: _read_with_encoder(lm, trace, verdict),
        seconds=_SECONDS_PER_TOKEN_AND_WORD * len(verdict.words) * len(trace.tokens),
        name="conv",
    )


def _read_with_encoder(lm: LanguageModel, trace: Trace, verdict: TextVerdict) -> BothReadings:
    model, text = loaded(), verdict.text
    even = classifier.classify(classifier.evenly(model), text).logit
    return BothReadings(
        model,
        verdict,
        occlusion.occlusion(model, verdict),
        even,
        linear_probe.probe_text(lm, encoder_probe(), text),
        trace,
    )


@lru_cache(maxsize=1)
def evaluation() -> dict[str, Any]:
    """What was measured when the classifier was made (evaluation.json)."""
    return json.loads((BUNDLED / classifier.CLASSIFIER / "evaluation.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def loaded() -> Classifier:
    """The shipped classifier, read once."""
    return classifier.load_classifier()


@lru_cache(maxsize=1)
def encoder_probe() -> LinearProbe:
    """The shipped probe, read once."""
    return linear_probe.load_probe()
