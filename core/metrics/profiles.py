"""Cards of heads over many sentences: profiles and roles, relations of a treebank, faithfulness of the methods."""

from __future__ import annotations

from ..errors import Message
from .card import CORRELATION, ON_ENCODER, ON_SENTENCES, SHARE, TWIN, MetricCard, keyed

_PROFILE = f"python -m core profile {ON_SENTENCES}"
_ROLES = f"python -m core roles {ON_ENCODER}"
_RELATIONS = f"python -m core relations {ON_ENCODER} --dev dev.conllu --test test.conllu"
_FAITH = f"python -m core faithfulness {ON_SENTENCES}"
_RELATED = Message("the best fixed offset to the left or right, chosen on the same sentences, and the random twin")
_ORDERS = Message("100 random orders of the words of the same sentence, and the nearest words first, without a model")

PROFILE_CARDS = keyed(
    MetricCard(
        key=f"profile_{key}",
        name=name,
        definition=definition,
        formula=formula,
        unit=Message("tokens") if key == "distance" else SHARE,
        null=TWIN,
        source=source,
        command=_PROFILE + " --fetched" * (key == "sink_norm"),
        section="Profiles and roles",
    )
    for key, name, definition, formula, source in (
        (
            "entropy",
            Message("Entropy"),
            Message(
                "−Σ α log α as a share of the most that the keys in sight allow: 0% one key, 100% evenly over all."
            ),
            "−Σ α log α ÷ log(keys in sight)",
            "Clark et al. 2019",
        ),
        (
            "distance",
            Message("Mean distance"),
            Message(
                "How many tokens away a row looks, weighted by attention, special tokens left out "
                "(Vig & Belinkov 2019)."
            ),
            "Σ α·abs(i − j) ÷ Σ α",
            "Vig & Belinkov 2019",
        ),
        (
            "confidence",
            Message("Confidence"),
            Message("Mean over rows of the largest weight on a token that is not special (Voita et al. 2019)."),
            "mean_i max_j α_ij, j no special token",
            "Voita et al. 2019",
        ),
        (
            "sink",
            Message("Weight on sinks"),
            Message("Weight on special tokens, on the first position and on what a model's own sinks take."),
            "mean_i (1 − Σ_j α_ij), j neither special nor first",
            Message("ours, after {source}", source="Clark et al. 2019"),
        ),
        (
            "sink_norm",
            Message("Share of sinks in what is fetched"),
            Message(
                "The share of those places in what is fetched, ‖α·v·W_O‖: a large weight there may bring next "
                "to nothing (Kobayashi et al. 2020)."
            ),
            "Σ_sinks ‖α_ij v_j W_O^h‖ ÷ Σ_j ‖α_ij v_j W_O^h‖",
            "Kobayashi et al. 2020",
        ),
    )
)

ROLE_CARDS = keyed(
    MetricCard(
        key=f"role_{key}",
        name=name,
        definition=definition,
        formula=formula,
        unit=SHARE,
        null=Message("a map that is even over what may be seen, on the same rows, and the random twin"),
        source=source,
        command=_PROFILE,
        section="Profiles and roles",
    )
    for key, name, definition, formula, source in (
        (
            "previous",
            Message("previous token"),
            Message("Mean weight on the token before, over the rows that have one."),
            "mean_i α_i,i−1",
            "Voita et al. 2019",
        ),
        ("self", Message("itself"), Message("Mean weight of a token on itself."), "mean_i α_ii", "Clark et al. 2019"),
        (
            "next",
            Message("next token"),
            Message("Mean weight on the token after, over the rows that may see one."),
            "mean_i α_i,i+1",
            "Voita et al. 2019",
        ),
        (
            "first",
            Message("first position"),
            Message("Mean weight on the very first position."),
            "mean_i α_i,0",
            "Vig & Belinkov 2019",
        ),
        (
            "separator",
            Message("separator"),
            Message("Mean weight on special tokens other than the first."),
            "mean_i Σ_j α_ij, j special, j > 0",
            "Clark et al. 2019",
        ),
        (
            "duplicate",
            Message("the same word again"),
            Message("Mean weight on the same token elsewhere, over the rows that repeat one."),
            "mean_i Σ_j α_ij, t_j = t_i, j ≠ i",
            "Olsson et al. 2022",
        ),
        (
            "induction",
            Message("induction"),
            Message("Mean weight on what followed an earlier occurrence of the row's token (Olsson et al. 2022)."),
            "mean_i Σ_j α_ij, t_j−1 = t_i, j ≤ i",
            "Olsson et al. 2022",
        ),
    )
)

STUDY_CARDS = keyed(
    [
        MetricCard(
            key="profile_plane",
            name=Message("distance between two heads"),
            definition=Message(
                "How differently two heads look on this sentence; the plane keeps as much of these distances as two "
                "dimensions can, and says how much."
            ),
            formula="mean_i JS(A_h[i], A_g[i]); plane: classical scaling",
            unit=Message("nats, 0 … log 2; of the plane, share of squared distances"),
            null=Message("equal heads: 0; no distance is said to be large"),
            source="Clark et al. 2019; Torgerson 1952",
            command=f'python -m core heads {ON_ENCODER} --text "A água está na jarra."',
            section="Profiles and roles",
        ),
        MetricCard(
            key="role_best",
            name=Message("best head of a role"),
            definition=Message(
                "The head with the highest score for a role on random words said twice. It is the best of all heads: "
                "luck is in it, and in the best head of the random twin beside it."
            ),
            formula="max_(l, h) of the role's score",
            unit=SHARE,
            null=Message("the best head of the random twin, on the same texts"),
            source="Olsson et al. 2022",
            command=_ROLES,
            section="Profiles and roles",
        ),
        MetricCard(
            key="relation_accuracy",
            name=Message("accuracy of a head for a relation"),
            definition=Message(
                "Of the arcs of a relation, the share whose other end is the word that the head looks "
                "at most; head and "
                "direction were chosen on other sentences."
            ),
            formula="hits ÷ arcs",
            unit=SHARE,
            null=_RELATED,
            source="Clark et al. 2019",
            command=_RELATIONS,
            section="Relations",
        ),
        MetricCard(
            key="relation_gain",
            name=Message("gain over a fixed offset"),
            definition=Message("What the head's accuracy has over that of the best fixed offset to the left or right."),
            formula="accuracy − accuracy of the best fixed offset",
            unit=Message("difference of shares, −1 … 1"),
            null=Message("0: the fixed offset does as well; and the same gain in the random twin"),
            source="Clark et al. 2019; Voita et al. 2019",
            command=_RELATIONS,
            section="Relations",
        ),
        MetricCard(
            key="faith_comprehensiveness",
            name=Message("comprehensiveness"),
            definition=Message(
                "How much probability the answer loses when the first words of a method's order are hidden, more than "
                "in random orders."
            ),
            formula="mean_k [p(all) − p(without the first k words)], k = 10 … 50 %",
            unit=Message("difference of probabilities, −1 … 1"),
            null=_ORDERS,
            source="DeYoung et al. 2020",
            command=_FAITH,
            section="Faithfulness",
        ),
        MetricCard(
            key="faith_sufficiency",
            name=Message("sufficiency"),
            definition=Message(
                "How much probability the answer keeps when only the first words of a method's order are left, more "
                "than in random orders."
            ),
            formula="mean_k [p(all) − p(the first k words alone)], k = 10 … 50 %",
            unit=Message("difference of probabilities, −1 … 1"),
            null=_ORDERS,
            source="DeYoung et al. 2020",
            command=_FAITH,
            section="Faithfulness",
        ),
        MetricCard(
            key="faith_agreement",
            name=Message("agreement of two methods"),
            definition=Message("How alike two methods order the words of a sentence, mean over sentences."),
            formula="Spearman's ρ of the two orders",
            unit=CORRELATION,
            null=Message("0: unrelated orders"),
            source=Message("ours, after {source}", source="Bastings & Filippova 2020"),
            command=_FAITH,
            section="Faithfulness",
        ),
    ]
)
