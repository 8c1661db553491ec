"""Cards of other architectures: Variants, Convolution, Vision."""

from __future__ import annotations

from ..errors import Message
from .card import CORRELATION, EVEN, EVEN_AND_TWIN, NATS, ON_MASK, OURS, SHARE, MetricCard, keyed

_VARIANTS = f"python -m core variants {ON_MASK} --layer 1 --head 1"
_CLASSIFY = 'python -m core classify --text "Não é ruim, não."'
_POINT = "python -m core point --model mirante-vision --pictures 8"
_EFFICIENT, _CONVOLUTION = "Efficient attention", "Convolution"

VARIANT_CARDS = keyed(
    [
        MetricCard(
            key="variant_error",
            name=Message("error of the output"),
            definition=Message("How far the output of a head moves when it looks in this other way."),
            formula="‖O − O*‖_F ÷ ‖O*‖_F",
            unit=Message("share: 0 equal, 1 as large as the output itself"),
            null=EVEN,
            source=OURS,
            command=_VARIANTS,
            section=_EFFICIENT,
        ),
        MetricCard(
            key="variant_weights",
            name=Message("difference of the weights"),
            definition=Message("The largest and the mean change of a weight, over the cells that the model may use."),
            formula="max, mean of abs(A − A*)",
            unit=SHARE,
            null=EVEN,
            source=OURS,
            command=_VARIANTS,
            section=_EFFICIENT,
        ),
        MetricCard(
            key="variant_kept",
            name=Message("attention kept"),
            definition=Message("How much of the model's own attention lies on cells that the pattern leaves open."),
            formula="mean_i Σ_j A*_ij, (i, j) open",
            unit=SHARE,
            null=Message("the share of cells that are open"),
            source=OURS,
            command=_VARIANTS,
            section=_EFFICIENT,
        ),
        MetricCard(
            key="variant_cost",
            name=Message("operations and bytes"),
            definition=Message(
                "What the variant costs on this head and text by formula, and what it writes on its way."
            ),
            formula="a product with its sum 2, a cell of a softmax 6; float32",
            unit=Message("operations; bytes"),
            null=Message("full attention on the same head"),
            source="Dao et al. 2022",
            command=_VARIANTS,
            section=_EFFICIENT,
        ),
        MetricCard(
            key="variant_growth",
            name=Message("time, memory and their exponent"),
            definition=Message(
                "What a variant takes on this machine as the text grows, and with which power of the length it grows."
            ),
            formula="shortest processor time of several runs; most bytes alive; slope of log on log",
            unit=Message("seconds; bytes; exponent (1 linear, 2 quadratic)"),
            null=Message("full attention, measured in the same way: exponent 2"),
            source=OURS,
            command=f"{_VARIANTS} --growth 256,512",
            section=_EFFICIENT,
        ),
    ]
)

CONVOLUTION_CARDS = keyed(
    [
        MetricCard(
            key="conv_logit",
            name=Message("verdict"),
            definition=Message("Praise above 0, blame below; as a probability, 1 ÷ (1 + e^−logit)."),
            formula="d·Σ_t α_t h_t + b",
            unit=NATS,
            null=Message("0: undecided; and the same classifier with every word weighing the same"),
            source="Kim 2014; Raffel & Ellis 2015",
            command=_CLASSIFY,
            section=_CONVOLUTION,
        ),
        MetricCard(
            key="conv_weight",
            name=Message("weight of a word"),
            definition=Message(
                "The one share of the classifier's attention that a word has; no weight is e² times another."
            ),
            formula="α = softmax(tanh(w·h_t + b))",
            unit=SHARE,
            null=Message("1 ÷ words"),
            source="Raffel & Ellis 2015",
            command=_CLASSIFY,
            section=_CONVOLUTION,
        ),
        MetricCard(
            key="conv_hiding",
            name=Message("what hiding a word changes"),
            definition=Message("The logit less that of the text with the word hidden: above 0 it spoke for praise."),
            formula="logit − logit without the word",
            unit=NATS,
            null=Message("0: a word that is unknown already; the other words of the text"),
            source="Zeiler & Fergus 2014; Li et al. 2016",
            command=_CLASSIFY,
            section=_CONVOLUTION,
        ),
        MetricCard(
            key="conv_agreement",
            name=Message("agreement of weight and hiding"),
            definition=Message(
                "How alike two orders of the words are: by attention, and by how much hiding each changes. The best of "
                "many heads stands beside what luck gives the best of as many."
            ),
            formula="Spearman's ρ, from 3 words on",
            unit=CORRELATION,
            null=Message("0: unrelated; of the best head, the mean of the largest of H random correlations"),
            source=Message("ours, after {source}", source="Jain & Wallace 2019"),
            command=_CLASSIFY,
            section=_CONVOLUTION,
        ),
    ]
)

VISION_CARDS = keyed(
    [
        MetricCard(
            key="vision_weight",
            name=Message("weight of a patch"),
            definition=Message(
                "How much the vector at the place of a patch counts in a head's sum, of 100% "
                "for each patch, or [CLS], that looks."
            ),
            formula="softmax_j(s·q_i·k_j)",
            unit=SHARE,
            null=Message("1 ÷ positions"),
            source="Dosovitskiy et al. 2021",
            command=_POINT,
            section="Vision",
        ),
        MetricCard(
            key="vision_rollout",
            name=Message("rollout over patches"),
            definition=Message("Where what stands at a position comes from, through all layers, by the weights alone."),
            formula="R_l = rownorm(mean_h A + I)·R_{l−1}",
            unit=SHARE,
            null=EVEN_AND_TWIN,
            source="Abnar & Zuidema 2020",
            command=_POINT,
            section="Vision",
        ),
        MetricCard(
            key="vision_pointing",
            name=Message("pointing"),
            definition=Message(
                "How much of a head's attention from [CLS] falls on the circle; the head was chosen on other pictures."
            ),
            formula="Σ A[CLS, j], j patches of which the circle covers at least ⅛",
            unit=SHARE,
            null=Message("such patches ÷ positions; and the best head of the random twin"),
            source=OURS,
            command=_POINT,
            section="Vision",
        ),
        MetricCard(
            key="vision_accuracy",
            name=Message("right answers"),
            definition=Message("The share of drawn pictures in which the model names the right cell."),
            formula="right ÷ pictures",
            unit=SHARE,
            null=Message("chance, 1 of 16; and the random twin"),
            source=OURS,
            command=_POINT,
            section="Vision",
        ),
        MetricCard(
            key="vision_cut",
            name=Message("probability without the patches"),
            definition=Message(
                "How probable the right answer is when a head is silent, or when [CLS] or nobody may "
                "look at the patches."
            ),
            formula="p(answer), edges to the patches −∞",
            unit=SHARE,
            null=Message("as many other patches cut, mean of 5 draws"),
            source=Message("after {source}", source="Geva et al. 2023"),
            command=_POINT,
            section="Vision",
        ),
    ]
)
