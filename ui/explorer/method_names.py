"""How the methods of the page "Paths" are called, what each says in one line, and which warning belongs to it."""

from __future__ import annotations

from core.analyses.input_attribution import Method

from ..shell.locale import t


def method_names() -> dict[Method, str]:
    """Short names, in the order of the page."""
    return {
        "raw": t("Raw attention"),
        "rollout": "Rollout",
        "flow": t("Flow"),
        "norm": t("Norm"),
        "residual": t("Norm + residual"),
        "normed": t("Norm + residual + LN"),
        "alti": "ALTI",
        "gradient": t("Gradient × attention"),
    }


def method_summary(method: Method) -> str:
    """What the method adds up."""
    return {
        "raw": t(
            "The weights of all heads of all layers, averaged. It does not know what a weight fetches, nor "
            "that a position keeps itself."
        ),
        "rollout": t(
            "Each layer's mean weights plus the position itself, multiplied through the layers (Abnar & Zuidema 2020)."
        ),
        "flow": t(
            "How much can flow at most from each word of the input to this place, if weights are the widths "
            "of pipes (Abnar & Zuidema 2020)."
        ),
        "norm": t(
            "How large what is fetched is: ‖Σ heads of weight × value × output matrix‖, averaged over the "
            "layers (Kobayashi et al. 2020)."
        ),
        "residual": t(
            "The same with what the position keeps, multiplied through the layers (Kobayashi et al. 2021; "
            "Modarressi et al. 2022)."
        ),
        "normed": t("And through the layer norm that follows, where a model has one there (Kobayashi et al. 2021)."),
        "alti": t(
            "How much nearer each word's part brings the result of a layer, multiplied through the layers "
            "(Ferrando et al. 2022)."
        ),
        "gradient": t(
            "The weights that hold the explained answer up, to first order, gathered through the layers "
            "(Chefer et al. 2021). The only one that knows which answer is explained."
        ),
    }[method]


def method_warning(method: Method, *, causal: bool, layers: int) -> str | None:
    """What misleads in this method on this model; None where nothing is known to."""
    if method in ("raw", "rollout", "flow") and causal:
        return t(
            "In a model that reads from left to right much of this is the shape of the mask: with "
            "content-free attention the first of 18 words would already have {share}% of the last one's "
            "rollout after {layers} layers. Compare with the black marks.",
            share=_mask_share(layers),
            layers=layers,
        )
    if method == "flow" and layers > 2:
        return t(
            "Flow evens out with depth: from four layers on, even random attention gives nearly the same to every word."
        )
    if method == "norm":
        return t("Without what a position keeps, mixing is overstated: see the five bars below.")
    return None


def _mask_share(layers: int) -> int:
    import numpy as np

    from core.analyses.rollout import rollout

    even = np.tril(np.ones((18, 18))) / np.arange(1, 19)[:, None]
    return round(100 * float(rollout(np.stack([even] * layers))[-1, -1, 0]))
