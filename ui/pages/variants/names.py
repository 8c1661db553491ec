"""What the variants and the curves of the measurement are called, and what each variant is in one line."""

from __future__ import annotations

from core.variants.results import Variant

from ...shell.locale import t


def variant_names() -> dict[str, str]:
    """Short names of the variants, in the order of the page."""
    return {
        "full": t("Full"),
        "causal": t("Causal"),
        "window": t("Sliding window"),
        "longformer": "Longformer",
        "bigbird": "BigBird",
        "linformer": "Linformer",
        "performer": "Performer",
        "sharing": "MQA / GQA",
        "flash": "FlashAttention",
    }


def about_variant(name: Variant) -> str:
    """What the variant computes, and after which paper."""
    return {
        "full": t(
            "softmax(q·k·scale)·v over all pairs, by torch's fused kernel (Vaswani et al. 2017). Time grows "
            "with the square of the length."
        ),
        "causal": t(
            "The same, but no token sees a later one: the upper part is exactly 0. This is how models that write look."
        ),
        "window": t(
            "Each token sees only its neighbours, w on each side (the paper’s w counts both); computed in "
            "blocks, so that time and memory grow with n·w (Beltagy et al. 2020)."
        ),
        "longformer": t(
            "A window, and a few global tokens that see everything and are seen by everything (Beltagy et "
            "al. 2020). Longformer gives its global tokens projections of their own; here they use this "
            "model's."
        ),
        "bigbird": t(
            "A window, global tokens, and for each token a few others drawn once by lot (Zaheer et al. 2020)."
        ),
        "linformer": t(
            "Keys and values are folded into k columns by a matrix E, and the softmax runs over columns "
            "(Wang et al. 2020). There E is trained; here it is not."
        ),
        "performer": t(
            "exp(q·k) is estimated by products of positive random features, with orthogonal directions "
            "(FAVOR+, Choromanski et al. 2021). No map is ever made."
        ),
        "sharing": t(
            "The heads of a layer share keys and values: here, the mean of each group's (Shazeer 2019; "
            "Ainslie et al. 2023). In the paper the model is trained on afterwards; here it is not."
        ),
        "flash": t(
            "Exact attention that walks over the matrix in tiles and keeps, for each row, only a running "
            "maximum m and sum s (Dao et al. 2022; Dao 2023)."
        ),
    }[name]


def curve_names() -> dict[str, str]:
    """Names of the measured curves, in the order of the chart."""
    return {
        "plain": t("full, by the formula"),
        "fused": t("full, fused (sdpa)"),
        "causal": t("causal, fused (sdpa)"),
        "tiles": t("tiles, ours"),
        "window": t("sliding window"),
        "longformer": "Longformer",
        "bigbird": "BigBird",
        "linformer": "Linformer",
        "performer": "Performer",
        "step_mha": t("8 heads, each its own"),
        "step_gqa": t("8 heads share 2 (GQA)"),
        "step_mqa": t("8 heads share 1 (MQA)"),
    }
