"""Cards of the coreference bench: Bench, and Jug and glass."""

from __future__ import annotations

from ..errors import Message
from .card import NATS, ON_ENCODER, OURS, SHARE, MetricCard, keyed

_SECTION = "Intervals"
_COREF = f"python -m core coref {ON_ENCODER} --probe question --condition P0 --condition P2 --condition P3"
_HALF = Message("chance, ½; and the random twin")
_COIN = Message("1 ÷ candidates")
_ELAZAR = "Elazar et al. 2021"

BENCH_CARDS = keyed(
    [
        MetricCard(
            key="bench_choice",
            name=Message("the model's choice"),
            definition=Message(
                "The share of sentences in which the model prefers the right noun. It mixes what the "
                "sentence says with "
                "how much the model likes that noun."
            ),
            formula="share of sentences with log p(right) > log p(every other)",
            unit=SHARE,
            null=Message("chance, 1 ÷ candidates; a rule that only agrees in gender; the random twin"),
            source="Levesque et al. 2012",
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_contrast",
            name=Message("its preference, within pairs"),
            definition=Message(
                "The share of pairs in which, from one sentence to the other, the preference moves to the right noun: "
                "how much the model likes either noun cancels."
            ),
            formula="share of pairs with Δ[log p(A) − log p(B)] on the right side",
            unit=SHARE,
            null=_HALF,
            source=_ELAZAR,
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_shift",
            name=Message("size of the move"),
            definition=Message("How far the preference moves within a pair, towards the right noun."),
            formula="mean Δ[log p(A) − log p(B)]",
            unit=NATS,
            null=Message("0: the changed word changes nothing; and the random twin"),
            source=_ELAZAR,
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_both",
            name=Message("both right"),
            definition=Message(
                "The share of pairs in which both sentences are right: a fixed liking gets none of them."
            ),
            formula="pairs with both members right ÷ pairs",
            unit=SHARE,
            null=Message("chance, 1 ÷ candidates²"),
            source=_ELAZAR,
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_same",
            name=Message("same answer in both"),
            definition=Message("The share of pairs in which the model answers one noun in both: it likes that noun."),
            formula="pairs with one answer ÷ pairs",
            unit=SHARE,
            null=_HALF,
            source=OURS,
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_look",
            name=Message("best head, held out"),
            definition=Message(
                "How often the head that was best on one half of the pairs looks most at the right "
                "noun on the other half."
            ),
            formula="share of held-out sentences with α(right) > α(every other)",
            unit=SHARE,
            null=_COIN,
            source=Message("ours, after {source}", source="Clark et al. 2019"),
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_luck",
            name=Message("best of all heads by luck"),
            definition=Message("What the best of as many heads would reach if every head tossed coins."),
            formula="E[max of H binomials] ÷ n, exact",
            unit=SHARE,
            without_null=Message(
                "none: this is the null of the best head that is chosen and judged on the same sentences"
            ),
            source=OURS,
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_moves",
            name=Message("a look that moves with the meaning"),
            definition=Message(
                "The share of held-out pairs in which, from one sentence to the other, the head's look moves to the "
                "right noun."
            ),
            formula="share of pairs with Δ[α(A) − α(B)] on the right side",
            unit=SHARE,
            null=_HALF,
            source=Message("ours, after {source}", source="Elazar et al. 2021"),
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_margin",
            name=Message("margin of a look"),
            definition=Message("How much more of its attention a head gives to the right noun than to the other one."),
            formula="mean [α(right) − α(other)]",
            unit=Message("difference of shares, −1 … 1"),
            null=Message("0: neither is looked at more"),
            source=OURS,
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_cut",
            name=Message("edge cut"),
            definition=Message(
                "The share of sentences in which cutting the edges to the right noun lowers its preference more than "
                "cutting those to every other noun."
            ),
            formula="share with fall(right) > fall(every other)",
            unit=SHARE,
            null=_COIN,
            source=Message("after {source}", source="Geva et al. 2023"),
            command=f"{_COREF} --causal --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_apart",
            name=Message("look and cut apart"),
            definition=Message(
                "The share of sentences in which the noun most looked at, mean of all heads, is not "
                "the noun whose loss "
                "moves the answer most."
            ),
            formula="share with argmax α ≠ argmax fall",
            unit=SHARE,
            null=Message("1 − 1 ÷ candidates: unrelated"),
            source=OURS,
            command=f"{_COREF} --causal --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_rule",
            name=Message("a rule that only agrees"),
            definition=Message(
                "What a rule without any meaning is right in: the noun of fitting gender, the nearest, or the first."
            ),
            formula="right sentences of the rule ÷ sentences",
            unit=SHARE,
            without_null=Message("none: this is a null of the others"),
            source=OURS,
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
        MetricCard(
            key="bench_confound",
            name=Message("gender-confound index"),
            definition=Message(
                "How much of what is above chance where gender helps is gone where it does not: 0 nothing, 1 all."
            ),
            formula="1 − (measure where gender says nothing − chance) ÷ (measure in P0 − chance)",
            unit=Message("share; below 0 and above 1 are possible"),
            null=Message("0: gender made no difference; not shown where P0 is too near chance"),
            source=Message("ours; its interval: {source}", source="Donner & Zou 2012"),
            command=f"{_COREF} --json",
            section=_SECTION,
        ),
    ]
)
