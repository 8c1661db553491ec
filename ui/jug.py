"""The jug-and-glass pair on a page: its two readings, its candidates, its difference, its masked adjective.

The numbers come from core (candidates, difference, masked); here they are only asked for and put into words.
The bench with controls (same gender, swapped roles, many items) is not here, and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.axes import head_name
from core.candidates import best_head, candidate_weights, following, won, word_index
from core.difference import difference
from core.errors import UnsupportedModel
from core.figures.candidates import candidate_maps
from core.figures.probabilities import probability_bars
from core.masked import can_mask, choice_probabilities, with_mask
from core.trace import Trace

from . import cache
from .charts import chart, look
from .components.attention import attention_explorer
from .heads import follow_head
from .locale import percent, plain, t
from .state import Chosen

FRAME = "Ela derramou água da jarra para o copo até que ficasse {}."
WORDS = ("cheio", "vazia")
CANDIDATES = ("Ela", "água", "jarra", "copo")
GOLD = ("copo", "jarra")
ADJECTIVES = ("cheio", "cheia", "vazio", "vazia")


@dataclass(frozen=True, eq=False)
class Pair:
    """Both sentences, read: traces, and per sentence the weights (layer, head, candidate) from the adjective."""

    traces: tuple[Trace, Trace]
    weights: tuple[np.ndarray, np.ndarray]


def read_pair(chosen: Chosen) -> Pair:
    """The two sentences through the chosen model.

    Raises:
        UnsupportedModel: an encoder–decoder, whose encoder, decoder and cross maps this screen does not compare yet.
    """
    traces = tuple(cache.trace(chosen, FRAME.format(word)) for word in WORDS)
    if traces[0].kinds != ("self",):
        raise UnsupportedModel(
            "This screen compares models of one stack (encoder or decoder), and “{name}” has an encoder and a decoder. "
            "Choose another model, or see this one in Explore.", name=chosen.model,
        )  # fmt: skip
    weights = tuple(_weights(trace, word) for trace, word in zip(traces, WORDS, strict=True))
    return Pair(traces, weights)


def first_head(pair: Pair) -> tuple[int, int]:
    """The head that turns most from ``copo`` to ``jarra`` when the adjective changes: the one to show, not a proof."""
    return best_head(following(*pair.weights, *map(CANDIDATES.index, GOLD)))


def read_null(chosen: Chosen) -> Pair:
    """The two sentences through the model's random twin: what its architecture shows before it has learned anything."""
    traces = tuple(cache.null_trace(chosen, FRAME.format(word)) for word in WORDS)
    return Pair(traces, tuple(_weights(trace, word) for trace, word in zip(traces, WORDS, strict=True)))


def say_wins(pair: Pair, null: Pair) -> None:
    """The takeaway: in how many heads the right noun gets most, beside what luck and the random twin give."""
    glass, jug = _wins(pair)
    n, heads = len(CANDIDATES), glass.size
    both = [head_name(i, j, t("L")) for i, j in zip(*np.nonzero(glass & jug), strict=True)]
    st.markdown(
        t(
            "Of {heads} heads, look most at the right noun: from *cheio*, **{glass}** (by luck, about {luck}); from *vazia*, **{jug}** (about {luck}); "
            "from both, **{both}** (about {luck_both}){names}. Luck: a blind choice among {candidates}.",
            heads=heads, glass=int(glass.sum()), jug=int(jug.sum()), both=len(both), luck=round(heads / n), luck_both=round(heads / n**2),
            names=": " + ", ".join(both) if 0 < len(both) <= 5 else "", candidates=", ".join(CANDIDATES),
        )
    )  # fmt: skip
    glass, jug = _wins(null)
    st.caption(
        t("The random twin of this model (the same architecture, never trained): {glass}, {jug}, and {both} from both.",
          glass=int(glass.sum()), jug=int(jug.sum()), both=int((glass & jug).sum()))
    )  # fmt: skip


def show_candidates(pair: Pair) -> None:
    """Eight small layer × head maps on one scale: two adjectives × four candidates."""
    figure = candidate_maps(
        pair.weights, WORDS, CANDIDATES, gold=[CANDIDATES.index(gold) for gold in GOLD], look=look(),
        layer=t("layer"), head=t("head"), prefix=t("L"), gold_note=t("right"),
    )  # fmt: skip
    chart(figure, key="jug_candidates")
    st.caption(t("Each cell is a head; its colour, the share of the adjective's row that falls on the candidate. One scale for all eight maps."))  # fmt: skip


def show_difference(pair: Pair, layer: int, head: int) -> None:
    """The signed map A − B of the chosen head, on a scale shared by all heads."""
    found = difference(*pair.traces)
    held = found.query.labels.index(" / ".join(WORDS))
    attention_explorer(
        found, layer=layer, head=head, locked=held, mode="matrix", ramp="difference", vmax=max(found.largest(), 0.01), key="jug_difference", height=440,
        on_select=lambda: follow_head("jug_difference"),
    )  # fmt: skip
    if found.only_a or found.only_b:
        st.caption(t("Without a partner, and left out: {words}.", words=plain(" · ".join((*found.only_a, *found.only_b)))))
    st.caption(t("A: “{a}”. B: “{b}”. Orange: A looks more. Blue: B looks more. The same scale for all heads.", a=FRAME.format(WORDS[0]), b=FRAME.format(WORDS[1])))  # fmt: skip


def show_predictions(chosen: Chosen) -> None:
    """The four adjectives' probabilities at the mask; for a model without one, why there are none."""
    model = cache.language_model(chosen)
    if not can_mask(model):
        st.info(t("This model has no mask, or no prediction head: it cannot be asked which adjective fits."))
        return
    text = with_mask(model, FRAME.format(WORDS[0]), WORDS[0])
    found = choice_probabilities(model.tokenizer, cache.trace(chosen, text), ADJECTIVES)
    st.markdown(plain(text))
    chart(
        probability_bars(found, right=WORDS, look=look(), right_note=t("fits the story"), unknown_note=t("not one piece in this vocabulary")),
        key="jug_predictions",
    )  # fmt: skip
    known = [p for p in found.values() if p is not None]
    if len(known) == len(ADJECTIVES):
        share = (found["cheio"] + found["vazia"]) / sum(known)
        st.caption(
            t("Of what falls on these four, {share} is on the two that fit the story: the glass gets full, the jug gets empty. Together the four hold {total} of everything. By chance: 50%.",
              share=percent(share), total=percent(sum(known)))
        )  # fmt: skip


def show_caution(pair: Pair) -> None:
    """Why one pair proves nothing, and where the proof will stand."""
    st.markdown(
        t(
            "**For the adjective you see, gender is enough.** In Portuguese *cheio* (masculine) can only agree with *copo*, and *vazia* (feminine) cannot. "
            "A model that knows only gender finds the noun. The authors of the Portuguese Winograd set met this very item and replaced it for that reason "
            "(Melo, Imaizumi, Cozman 2019)."
        )
    )
    st.markdown(
        t(
            "**The mask asks for more, and was practised.** All four adjectives agree with some noun of the sentence; choosing *cheio* or *vazia* takes gender and role "
            "together. But the bundled model was trained on generated sentences of this frame, with other pairs of nouns: its card says how it does where gender does not help."
        )
    )  # fmt: skip
    st.markdown(
        t(
            "**One pair proves nothing about a head.** With {n} heads that toss a coin, the best one is right on one pair almost surely. "
            "A head must be chosen on some sentences and judged on others.", n=pair.weights[0][..., 0].size,
        )
    )  # fmt: skip
    st.markdown(
        t(
            "**What is missing here:** the bench with controls: same-gender pairs (meaning alone), swapped genders, an overt pronoun, "
            "many items, intervals and chance lines. It is planned and not built yet; until then this screen shows an example, not evidence."
        )
    )  # fmt: skip


def _wins(pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """Per sentence (layer, head): the right noun gets most."""
    return tuple(won(w, CANDIDATES.index(gold)) for w, gold in zip(pair.weights, GOLD, strict=True))


def _weights(trace: Trace, word: str) -> np.ndarray:
    candidates = [word_index(trace.tokens, candidate) for candidate in CANDIDATES]
    return candidate_weights(trace, word_index(trace.tokens, word), candidates)
