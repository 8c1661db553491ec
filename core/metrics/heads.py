"""Cards of what one map of attention shows: a weight, and the eight numbers of a head (core/views/head_metrics.py)."""

from __future__ import annotations

from ..errors import Message
from .card import A_COUNT, COUNT, EVEN, ON_MASK, OURS, SHARE, MetricCard, keyed

_SECTION = "One map"
_HEADS = f"python -m core heads {ON_MASK}"
_EXPORT = f"python -m core export {ON_MASK} --layer 1 --head 1 --as csv --out head.csv"
_OTHER = '--other "Ela derramou vinho da jarra para o [MASK]."'
_PLACES = Message("positions of the text")
_STEP = Message("attention spread evenly: about 1 ÷ keys in sight")

WEIGHT_CARDS = keyed(
    [
        MetricCard(
            key="weight_attention",
            name=Message("attention weight"),
            definition=Message(
                "How much the vector at another word's place counts in a head's sum, of 100% "
                "for each word that looks. Above layer 1 that vector is already a mixture of "
                "words."
            ),
            formula="α_ij = softmax_j(s·q_i·k_j + mask)",
            unit=SHARE,
            null=_STEP,
            source="Vaswani et al. 2017",
            command=_EXPORT,
            section=_SECTION,
        ),
        MetricCard(
            key="weight_value",
            name=Message("weight × value norm"),
            definition=Message(
                "The share of a row by size of what is fetched: a large weight on a small vector is little."
            ),
            formula="α_ij·‖v_j‖ ÷ Σ_j α_ij·‖v_j‖",
            unit=SHARE,
            null=Message("the weight itself, which it equals where all value vectors are of one length"),
            source="Kobayashi et al. 2020",
            command=f"{_EXPORT} --weight value_norm",
            section=_SECTION,
        ),
        MetricCard(
            key="weight_difference",
            name=Message("difference of two maps"),
            definition=Message("Weight in A less weight in B, between words that are paired."),
            formula="A[i, j] − B[i′, j′]",
            unit=Message("difference of shares, −1 … 1"),
            without_null=Message(
                "none is shown: equal sentences give exactly 0, and one pair does not tell how far "
                "unrelated ones differ"
            ),
            source=OURS,
            command=f"python -m core compare {ON_MASK} {_OTHER} --layer 1 --head 1",
            section=_SECTION,
        ),
    ]
)

HEAD_CARDS = keyed(
    MetricCard(
        key=f"head_{key}",
        name=name,
        definition=definition,
        formula=formula,
        unit=_PLACES if key == "distance" else SHARE,
        null=null,
        source=source,
        command=_HEADS,
        section=_SECTION,
    )
    for key, name, definition, formula, null, source in (
        (
            "focus",
            Message("focus"),
            Message("mean of each row's largest weight on a word"),
            "mean_i max_j α_ij, j no special token",
            EVEN,
            Message("after {source}", source="Voita et al. 2019"),
        ),
        (
            "entropy",
            Message("entropy"),
            Message("0: all on one token; 1: evenly over all it may see"),
            "mean_i −Σ_j p_ij log p_ij ÷ log(keys with any weight), p the row rescaled to 1",
            Message("attention spread evenly: exactly 1"),
            "Clark et al. 2019",
        ),
        (
            "distance",
            Message("distance"),
            Message("mean distance of the looks, in positions"),
            "Σ α_ij·abs(i − j) ÷ Σ α_ij, j no special token",
            EVEN,
            "Vig & Belinkov 2019",
        ),
        (
            "previous",
            Message("previous word"),
            Message("mean weight on the position before"),
            "mean_i α_i,i−1",
            _STEP,
            "Clark et al. 2019",
        ),
        ("self", Message("itself"), Message("mean weight on itself"), "mean_i α_ii", _STEP, "Clark et al. 2019"),
        (
            "next",
            Message("next word"),
            Message("mean weight on the position after"),
            "mean_i α_i,i+1",
            _STEP,
            "Clark et al. 2019",
        ),
        (
            "first",
            Message("first word"),
            Message("mean weight on the first word"),
            "mean_i α_i,1",
            _STEP,
            "Vig & Belinkov 2019",
        ),
        (
            "special",
            Message("special tokens"),
            Message("mean weight on special tokens"),
            "mean_i Σ_j α_ij, j special",
            Message("attention spread evenly: special tokens ÷ tokens in sight"),
            "Clark et al. 2019",
        ),
    )
)

SENTENCE_CARDS = keyed(
    [
        MetricCard(
            key="sentence_tokens",
            name=Message("tokens and unknown tokens"),
            definition=Message(
                "Into how many tokens the model's tokenizer cuts the sentence, special ones included, and how "
                "many of them it does not know."
            ),
            formula="number of tokens; number of those that are the unknown token",
            unit=COUNT,
            without_null=A_COUNT,
            source=OURS,
            command=_HEADS,
            section=_SECTION,
        ),
        MetricCard(
            key="sentence_focus",
            name=Message("focus of the most focused head"),
            definition=Message(
                "The largest focus of all heads on this sentence. The best of many is large by luck too: compare it "
                "between sentences, not with a single head's."
            ),
            formula="max_(l, h) mean_i max_j α_ij",
            unit=SHARE,
            null=Message("the largest of as many heads of the random twin"),
            source=OURS,
            command=_HEADS,
            section=_SECTION,
        ),
    ]
)
