"""What the page "Profiles" computes: the profile of every head over the chosen sentences, and the untrained model's.

Results are kept as ui.serving.long_work keeps them. Not here: how they are drawn (views.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.analyses.contributions import value_norms
from core.axes import Kind
from core.errors import MiranteError, TooLong
from core.models.loading import LanguageModel
from core.studies.profiles import Profile, divergences, profile, scaled
from core.tracing.captures import capture
from core.tracing.trace import Trace

from ...serving import cache
from ...serving.long_work import work
from ...shell.state import Chosen

_USUAL = 120  # characters of a sentence of the lists; maps of longer ones grow with their square


@dataclass(frozen=True, eq=False)
class Profiles:
    """The model's profile and the untrained (random-weight) model's (None where there is none)."""

    model_profile: Profile
    untrained: Profile | None


def measured_profiles(chosen: Chosen, texts: Sequence[str], kind: Kind) -> Profiles | None:
    """Both profiles; None while a long computation was not agreed to.

    Raises:
        MiranteError: what core.capture raises for every sentence.
    """
    model = cache.language_model(chosen)
    untrained = _untrained_model(chosen)
    key = (*chosen.key, tuple(texts), kind)
    return work(
        key,
        lambda progress: _both_profiles(model, untrained, texts, kind, progress),
        seconds=sum((0.06 + model.parameters / 3e9) * max(1.0, len(text) / _USUAL) ** 1.5 for text in texts),
        name="profiles",
    )


def head_plane(chosen: Chosen, trace: Trace, kind: Kind) -> tuple[np.ndarray, float] | None:
    """(head, 2) positions of the heads of one sentence in a plane, and the share of their distances that it holds."""
    heads, n = trace.layers(kind) * trace.heads(kind), trace.record(0, kind).size[0]
    return work(
        (trace, kind),
        lambda progress: scaled(
            divergences(np.stack([trace.layer_attention(layer, kind) for layer in range(trace.layers(kind))]), progress)
        ),
        seconds=heads**2 * n**2 * 8e-9,
        name="plane",
    )


def _both_profiles(
    model: LanguageModel, untrained: LanguageModel | None, texts: Sequence[str], kind: Kind, progress
) -> Profiles:
    """The profile of the model, then of the untrained one, with one progress over both."""
    total = len(texts) * (1 if untrained is None else 2)
    causal = model.layout.looks_back(kind)
    model_profile = profile(
        _measured_sentences(model, texts, kind), causal=causal, progress=lambda done: progress(done, total)
    )
    untrained_profile = (
        None
        if untrained is None
        else profile(
            _measured_sentences(untrained, texts, kind),
            causal=causal,
            progress=lambda done: progress(len(texts) + done, total),
        )
    )
    return Profiles(model_profile, untrained_profile)


def _measured_sentences(model: LanguageModel, texts: Sequence[str], kind: Kind) -> Iterator[tuple]:
    """(tokens, maps, sizes) of each sentence that the model can read.

    Raises:
        TooLong: none can be read.
    """
    sentences_read = 0
    for text in texts:
        try:
            trace = capture(model, text)
        except TooLong:
            if sentences_read == 0 and text == texts[-1]:
                raise
            continue
        sentences_read += 1
        yield (
            trace.sides(kind)[0],
            np.stack([trace.layer_attention(layer, kind) for layer in range(trace.layers(kind))]),
            _sizes(model, trace, kind),
        )


def _sizes(model: LanguageModel, trace: Trace, kind: Kind) -> np.ndarray | None:
    """Sizes of what each head fetches; None where this model does not show them."""
    try:
        return value_norms(model, trace, kind)
    except MiranteError:
        return None


def _untrained_model(chosen: Chosen) -> LanguageModel | None:
    """The untrained (random-weight) model of the same architecture; None where it cannot be made."""
    try:
        return cache.null_model(chosen)
    except MiranteError:
        return None
