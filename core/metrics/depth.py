"""Cards of the whole model on one sentence: Layers (lens, flow, vectors) and Anatomy (sizes, neurons, positions)."""

from __future__ import annotations

from ..errors import Message
from .card import A_COUNT, COUNT, ON_MASK, OURS, SHARE, TWIN, MetricCard, keyed

_STAGES = f"python -m core stages {ON_MASK}"
_POSITIONS = f"python -m core positions {ON_MASK}"
_COSINE = Message("cosine, −1 … 1")
_SIZES = Message("none: a size, not a cause; parts may cancel")

LAYER_CARDS = keyed(
    [
        MetricCard(
            key="lens_probability",
            name=Message("early answer"),
            definition=Message("The probability that the model would give to a token if it stopped after this layer."),
            formula="softmax(head(LN_final(h_l)))",
            unit=SHARE,
            null=TWIN,
            source="nostalgebraist 2020",
            command=f"python -m core lens {ON_MASK}",
            section="Layers",
        ),
        MetricCard(
            key="flow_share",
            name=Message("share of a flow"),
            definition=Message(
                "Of all that enters a position in one layer, by size, the share that comes from one position below it."
            ),
            formula="‖r_ij + [i = j]·x_i‖ ÷ Σ_j ‖·‖",
            unit=SHARE,
            null=Message(
                "1 ÷ positions in sight; and, kept by the position itself, what the residual stream brings anyway"
            ),
            source="Kobayashi et al. 2021; Ferrando & Voita 2024",
            command=f"python -m core flow {ON_MASK}",
            section="Layers",
        ),
        MetricCard(
            key="plane_variance",
            name=Message("variance held by the plane"),
            definition=Message("How much of how queries and keys differ is left in the two dimensions that are drawn."),
            formula="σ_k² ÷ Σ σ², k = 1, 2, of queries and keys together",
            unit=SHARE,
            null=Message("2 ÷ dimensions of the head: a cloud that is equally wide everywhere"),
            source="Yeh et al. 2023",
            command=f"python -m core heads {ON_MASK}",
            section="Layers",
        ),
    ]
)

ANATOMY_CARDS = keyed(
    [
        MetricCard(
            key="stage_share",
            name=Message("share of an addition"),
            definition=Message("How large what a block adds is beside the vector that was there before."),
            formula="‖added‖ ÷ (‖added‖ + ‖before‖)",
            unit=SHARE,
            without_null=_SIZES,
            source=OURS,
            command=_STAGES,
            section="Anatomy",
        ),
        MetricCard(
            key="stage_norm",
            name=Message("size of a vector"),
            definition=Message("The length of the vector of a word, before and after a block or a normalisation."),
            formula="‖x‖₂",
            unit=Message("the model's own numbers"),
            without_null=_SIZES,
            source=OURS,
            command=_STAGES,
            section="Anatomy",
        ),
        MetricCard(
            key="river_share",
            name=Message("share of the last vector"),
            definition=Message(
                "How much of the last vector each addition is, by size: the shares of the river sum to 1."
            ),
            formula="s_l·Π_{m>l} (1 − s_m), s the share of an addition",
            unit=SHARE,
            without_null=_SIZES,
            source=OURS,
            command=_STAGES,
            section="Anatomy",
        ),
        MetricCard(
            key="neuron_size",
            name=Message("size of what a neuron writes"),
            definition=Message("How long the vector is that one neuron of a feed-forward block adds at a word."),
            formula="abs(a_n)·‖W₂[:, n]‖",
            unit=Message("the model's own numbers"),
            null=Message("the other neurons of the block at the same word"),
            source="Geva et al. 2021",
            command=_STAGES,
            section="Anatomy",
        ),
        MetricCard(
            key="place_similarity",
            name=Message("how alike two places are"),
            definition=Message("The cosine of what the model adds, or by what it turns, at two places of a text."),
            formula="cos(p_i, p_j); rotary: mean_i cos(Δ·θ_i)",
            unit=_COSINE,
            null=Message("1: the same place; 0: random vectors"),
            source="Vaswani et al. 2017; Su et al. 2021",
            command=_POSITIONS,
            section="Anatomy",
        ),
        MetricCard(
            key="order_kept",
            name=Message("how much of a vector stays"),
            definition=Message("How alike a token's last vector is when the same tokens are read in another order."),
            formula="cos(h_L(t), h′_L(t))",
            unit=_COSINE,
            null=Message("the same with positions switched off: exactly 1 where nothing else tells the order"),
            source=Message("ours, after {source}", source="Haviv et al. 2022"),
            command=_POSITIONS,
            section="Anatomy",
        ),
        MetricCard(
            key="path_length",
            name=Message("steps between two words"),
            definition=Message("How many steps lie between the first and the last word in a network of each kind."),
            formula="n − 1; ⌈(n − 1) ÷ (k − 1)⌉; ⌈log_k n⌉; 1",
            unit=COUNT,
            without_null=A_COUNT,
            source="Vaswani et al. 2017",
            command=_POSITIONS,
            section="Anatomy",
        ),
    ]
)
