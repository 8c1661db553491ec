"""Cards of what follows when something is changed: Causes, and the scan."""

from __future__ import annotations

from ..errors import Message
from .card import CORRELATION, NATS, ON_MASK, OURS, SHARE, MetricCard, keyed

_SECTION = "Causes"
_ABLATE = f"python -m core ablate {ON_MASK}"
_CUT = f"python -m core cut {ON_MASK}"
_SCAN = 'python -m core scan --model mirante-encoder-pt --text "O menino leu o livro na escola."'
_OTHERS = Message("the largest of its kind in 59 other sentences of about as many words")

CAUSE_CARDS = keyed(
    [
        MetricCard(
            key="cause_score",
            name=Message("score of the answer"),
            definition=Message(
                "How much the model prefers the explained answer: its logit, or its logit less that "
                "of the word against it."
            ),
            formula="logit(answer) − logit(foil)",
            unit=NATS,
            null=Message("0: the two words are equally likely; a logit alone has no zero of its own"),
            source="K. Wang et al. 2023",
            command=_ABLATE,
            section="The question",
        ),
        MetricCard(
            key="cause_ablation",
            name=Message("change without a head"),
            definition=Message("How far the score moves when a head gives nothing, or its mean over other sentences."),
            formula="score(without the head) − score",
            unit=NATS,
            null=Message("every other head taken out alone; of several heads, 20 sets of as many others at random"),
            source="Michel et al. 2019; K. Wang et al. 2023",
            command=f"{_ABLATE} --heads 0.0,0.1",
            section=_SECTION,
        ),
        MetricCard(
            key="cause_kl",
            name=Message("KL divergence"),
            definition=Message("How far all the model's predictions move, not those of the two words alone."),
            formula="Σ_w p(w)·log(p(w) ÷ p′(w))",
            unit=NATS,
            null=Message("0: nothing moved; and the same of every other head"),
            source="Kullback & Leibler 1951",
            command=_ABLATE,
            section=_SECTION,
        ),
        MetricCard(
            key="cause_together",
            name=Message("looking and mattering"),
            definition=Message("Over all heads, whether those that look at a word more also move the score further."),
            formula="Spearman's ρ of α and abs(change), over heads",
            unit=CORRELATION,
            null=Message("0: no connection; the page says within what 95 of 100 unrelated correlations lie"),
            source=OURS,
            command=_ABLATE,
            section=_SECTION,
        ),
        MetricCard(
            key="cause_cut",
            name=Message("change without an edge"),
            definition=Message("How far the score moves when the position that answers may not look at a word."),
            formula="score(that edge −∞ before the softmax) − score",
            unit=NATS,
            null=Message("every other word of the sentence, cut in the same way"),
            source="Geva et al. 2023",
            command=_CUT,
            section=_SECTION,
        ),
        MetricCard(
            key="cause_zeroed",
            name=Message("change without a word's values"),
            definition=Message("How far the score moves when nobody receives anything from a word."),
            formula="score(v_j = 0) − score",
            unit=NATS,
            null=Message("every other word of the sentence, silenced in the same way"),
            source=Message("after {source}", source="Mohebbi et al. 2023"),
            command=_CUT,
            section=_SECTION,
        ),
        MetricCard(
            key="cause_patched",
            name=Message("restored by patching"),
            definition=Message(
                "How much of the difference between two sentences one activation carries: put into "
                "the run of the other "
                "sentence, it restores this share."
            ),
            formula="(score(patched) − score(corrupted)) ÷ (score(clean) − score(corrupted))",
            unit=Message("share: 0 nothing, 1 all; below 0 and above 1 are possible"),
            null=Message("0, what the other places give: most restore nothing"),
            source="Zhang & Nanda 2024",
            command=f'python -m core patch {ON_MASK} --other "Ela derramou vinho da jarra para o [MASK]."',
            section=_SECTION,
        ),
        MetricCard(
            key="cause_part",
            name=Message("part of the score"),
            definition=Message("What one head or block wrote towards the answer; all parts add up to the score."),
            formula="gradient · value of each write, norms frozen",
            unit=NATS,
            null=Message("0: it wrote nothing in the direction of the answer; large parts may cancel"),
            source="Elhage et al. 2021",
            command=f"python -m core parts {ON_MASK}",
            section=_SECTION,
        ),
    ]
)

SCAN_CARDS = keyed(
    [
        MetricCard(
            key="scan_distance",
            name=Message("beyond the null"),
            definition=Message(
                "How far a finding lies beyond the most surprising number of its kind in every other sentence; only "
                "what is above 0 is listed."
            ),
            formula="(z of this sentence − largest z of the others), z in standard deviations of each number",
            unit=Message("standard deviations"),
            null=_OTHERS,
            source="Westfall & Young 1993",
            command=_SCAN,
            section="Scan",
        ),
        MetricCard(
            key="scan_look",
            name=Message("a surprising look"),
            definition=Message(
                "A head's weight from a word to another, beyond what the head gives at that distance on average."
            ),
            formula="α_ij − mean of α at the distance i − j",
            unit=SHARE,
            null=Message(
                "the largest of its kind in 59 other sentences, and the largest look of 19 networks never trained"
            ),
            source=OURS,
            command=_SCAN,
            section="Scan",
        ),
        MetricCard(
            key="scan_cut",
            name=Message("a surprising cut"),
            definition=Message("How far the score moves when the position that answers may not look at a word."),
            formula="abs(score(edge cut) − score)",
            unit=NATS,
            null=_OTHERS,
            source="Geva et al. 2023",
            command=_SCAN,
            section="Scan",
        ),
        MetricCard(
            key="scan_disagreement",
            name=Message("methods that disagree"),
            definition=Message("How differently two methods order the words of this sentence."),
            formula="1 − Spearman's ρ of the two orders",
            unit=Message("1 less a rank correlation, 0 … 2"),
            null=_OTHERS,
            source=OURS,
            command=_SCAN,
            section="Scan",
        ),
    ]
)
