"""What a method is, and what it may read of one run.

Not here: any method; each is a file beside this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ...axes import Kind
from ...errors import BadInput, Message, MiranteError
from ...models.loading import LanguageModel
from ...progress import Progress
from ...tracing.trace import Trace
from ..contributions import MEASURES, Contributions, Measure, contributions, value_norms
from ..relevance import Relevance, relevance
from ..rollout import mean_heads
from ..score import LogitDifference

Need = Literal["attention", "values", "output matrix", "residual stream", "gradient"]


@dataclass(frozen=True, eq=False)
class Evidence:
    """One run and what is computed from it once for all methods, each when a method first asks for it.

    question: the number whose gradient may be asked for."""

    lm: LanguageModel
    trace: Trace
    kind: Kind
    question: LogitDifference | None = None

    @cached_property
    def attention(self) -> np.ndarray:
        """The mean map of each layer, (layer, query, key) float32; rows sum to 1, less what sinks take."""
        return mean_heads(self.trace, self.kind)

    def contributions(self) -> Contributions:
        """The four measures of what each position gives to each other; across two stacks only what is fetched. Costs a
        forward per layer.

        Raises:
            UnsupportedModel: the parts do not add up to what the model adds to its residual stream.
        """
        if isinstance(self._contributions, MiranteError):
            raise self._contributions
        return self._contributions

    def shares(self, measure: Measure) -> np.ndarray:
        """(layer, query, key), rows sum to 1.

        Raises:
            UnsupportedModel: as `contributions`.
        """
        return self.contributions().shares[measure]

    def value_norms(self) -> np.ndarray:
        """‖v_j·W_O^h‖, (layer, head, key) float32, of a model whose parts were seen to add up.

        Raises:
            UnsupportedModel: as `contributions`.
        """
        self.contributions()
        return value_norms(self.lm, self.trace, self.kind)

    @cached_property
    def relevance(self) -> Relevance:
        """Gradient × attention of the question's number. Costs a forward and a backward.

        Raises:
            BadInput: there is no question. UnsupportedModel: no prediction head, or attention that cannot be edited.
        """
        if self.question is None:
            self.lm.require_head()
            raise BadInput("Gradients belong to a number: choose a word that the model predicts.")
        return relevance(self.lm, self.trace, self.question)

    @property
    def _follows_a_stream(self) -> bool:
        """Whether positions pass on to each other by attention alone, within one text."""
        return self.kind != "cross" and self.lm.layout.mixing.state != "some"

    @cached_property
    def _contributions(self) -> Contributions | MiranteError:
        """The refusal is kept too: it costs a forward, and every method that asks gets it."""
        try:
            return contributions(
                self.lm, self.trace, self.kind, measures=MEASURES if self._follows_a_stream else ("fetched",)
            )
        except MiranteError as refusal:
            return refusal


def no_caution(causal: bool, layers: int) -> Message | None:
    """Nothing is known to mislead."""
    return None


def mask_caution(causal: bool, layers: int) -> Message | None:
    """A product of rows of attention in a model that reads from left to right is mostly the shape of the mask."""
    from ..rollout import rollout

    if not causal:
        return None
    even = np.tril(np.ones((18, 18))) / np.arange(1, 19)[:, None]
    return Message(
        "In a model that reads from left to right much of this is the shape of the mask: with "
        "content-free attention the first of 18 words would already have {share}% of the last one's "
        "rollout after {layers} layers. Compare with the black marks.",
        share=round(100 * float(rollout(np.stack([even] * layers))[-1, -1, 0])),
        layers=layers,
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Method:
    """One published answer, as the page, Python, the command line, docs/maths.md and the study of faithfulness take it.

    key: in links, JSON and Python. order: where it stands among the others. title, summary: what a visitor reads.
    needs: what it reads of a run. layer_formula, joint_formula, source, departure: its row of docs/maths.md.
    maps: evidence → ((layer, query, key), what a layer passes on; (query, key) after all layers, rows ≥ 0, or None
    where a row is computed on demand). It raises MiranteError where the model does not have the method.
    row: on demand: (layers, position, progress) → (key,), sums to 1; row_seconds: (layers) → what that takes.
    cross: whether it is defined between two texts. through_layers: whether it follows what is passed on from layer to
    layer, so that it is wrong where tokens also mix outside attention (core/models/mixing.py). by_head: whether the
    page shows beside it what every head fetches.
    caution: (causal, layers) → what misleads in it on such a model. Its null needs nothing: it is the same method where
    every head looks evenly through the same mask (input_attribution.uniform_maps)."""

    key: str
    order: int
    title: Message
    summary: Message
    needs: tuple[Need, ...]
    layer_formula: str
    joint_formula: str
    source: str
    departure: str = ""
    maps: Callable[[Evidence], tuple[np.ndarray, np.ndarray | None]]
    row: Callable[[np.ndarray, int, Progress | None], np.ndarray] | None = None
    row_seconds: Callable[[np.ndarray], float] | None = None
    cross: bool = False
    through_layers: bool = True
    by_head: bool = False
    caution: Callable[[bool, int], Message | None] = no_caution
