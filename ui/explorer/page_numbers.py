"""Which numbers each page shows, section by section: what the control “What is this number?” opens there.

Every card of core/metrics stands here at least once, and every page that shows numbers (tests/ui/test_number_cards.py).
"""

from __future__ import annotations

from functools import cache

from core.metrics import bench, causes, heads, others, profiles

WHOLE = "page"
"""Section of a page that has one."""


@cache
def page_numbers() -> dict[str, dict[str, tuple[str, ...]]]:
    """Address of a page → section → keys of core.metrics.registry, in the order in which they are read."""
    from core.metrics import paths  # brings torch, which a first page need not wait for

    bench_keys = tuple(bench.BENCH_CARDS)
    return {
        "inicio": {WHOLE: ("weight_attention",)},
        "comece_aqui": {WHOLE: ("weight_attention", "expect_probability", "cause_cut", "bench_contrast")},
        "explorar": {WHOLE: ("weight_attention", "weight_value", *heads.HEAD_CARDS, "expect_probability")},
        "passo_a_passo": {WHOLE: ("weight_attention",)},
        "camadas": {
            "lens": ("lens_probability",),
            "flow": ("flow_share",),
            "vectors": ("plane_variance", "weight_attention"),
        },
        "anatomia": {
            "walk": ("stage_norm", "stage_share", "expect_probability"),
            "river": ("river_share", "stage_share"),
            "neurons": ("neuron_size", "expect_probability"),
            "positions": ("place_similarity", "order_kept"),
            "families": ("path_length",),
        },
        "mascarar": {WHOLE: ("expect_probability", "weight_attention", "cause_ablation")},
        "gerar": {WHOLE: ("expect_probability", "expect_drawn", "weight_attention", "cache_bytes", "cache_seconds")},
        "traduzir": {WHOLE: ("weight_attention",)},
        "comparar": {WHOLE: ("weight_attention", "weight_difference")},
        "caminhos": {key.removeprefix("path_"): (key,) for key in paths.PATH_CARDS}
        | {WHOLE: (*paths.PATH_CARDS, *paths.MIXING_CARDS)},
        "causa": {
            "heads": ("cause_score", "cause_ablation", "cause_kl", "cause_together", "weight_attention"),
            "words": ("cause_score", "cause_cut", "cause_zeroed", "weight_attention"),
            "patch": ("cause_score", "cause_patched"),
            "parts": ("cause_score", "cause_part"),
        },
        "perfis": {key.removeprefix("profile_"): (key,) for key in profiles.PROFILE_CARDS}
        | {key.removeprefix("role_"): (key,) for key in profiles.ROLE_CARDS}
        | {WHOLE: (*profiles.PROFILE_CARDS, *profiles.ROLE_CARDS, "profile_plane")},
        "papeis": {
            "relations": ("relation_accuracy", "relation_gain"),
            "roles": ("role_best", *profiles.ROLE_CARDS),
        },
        "fidelidade": {WHOLE: ("faith_comprehensiveness", "faith_sufficiency", "faith_agreement")},
        "varredura": {WHOLE: tuple(causes.SCAN_CARDS)},
        "variantes": {WHOLE: tuple(others.VARIANT_CARDS)},
        "visao": {WHOLE: tuple(others.VISION_CARDS)},
        "jarra_e_copo": {
            "1": ("expect_probability",),
            "2": ("weight_attention", "weight_difference"),
            "3": ("weight_attention", "expect_probability"),
            "4": ("weight_attention", "cause_ablation", "cause_cut"),
            "5": tuple(key for key in bench_keys if key not in ("bench_both", "bench_same")),
        },
        "bancada": {WHOLE: bench_keys},
        "minhas_frases": {WHOLE: tuple(heads.SENTENCE_CARDS)},
        "convolucao": {WHOLE: tuple(others.CONVOLUTION_CARDS)},
        "modelos": {WHOLE: tuple(profiles.ROLE_CARDS)},
    }
