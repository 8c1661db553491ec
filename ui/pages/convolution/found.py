"""What the page computes for one sentence: the classifier's reading, the encoder's, and every word hidden in both. Kept
as ui.serving.long_work keeps it.
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

HIDING = 1.2e-4  # seconds of the encoder per token and hidden word, measured on one thread
MOST_SHOWN = 48


@dataclass(frozen=True, eq=False)
class Found:
    """verdict, fell: of the classifier, with the change of its logit per word; even: its logit with attention 1/n.
    reading, trace: of the encoder.
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
    def shown(self) -> range:
        """The words that pictures show."""
        return range(min(MOST_SHOWN, len(self.verdict.words)))


def found(chosen: Chosen, text: str) -> Found | None:
    """Both readings; None while a long computation was not agreed to.

    Raises:
        MiranteError: a blank or too long text, or what the encoder raises.
    """
    own = replace(chosen, model=ENCODER, sentence=text)
    verdict = classifier.classify(loaded(), text)  # at once, and refuses what is too long
    trace = cache.trace(own, text)
    lm = cache.language_model(own)
    key = (own.device, own.precision, text)
    return work(
        key, lambda _: _make(lm, trace, verdict), seconds=HIDING * len(verdict.words) * len(trace.tokens), name="conv"
    )


def _make(lm: LanguageModel, trace: Trace, verdict: TextVerdict) -> Found:
    model, text = loaded(), verdict.text
    even = classifier.classify(classifier.evenly(model), text).logit
    return Found(
        model,
        verdict,
        occlusion.occlusion(model, verdict),
        even,
        linear_probe.probe_text(lm, encoder_probe(), text),
        trace,
    )


@lru_cache(maxsize=1)
def measured() -> dict[str, Any]:
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
