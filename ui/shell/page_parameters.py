"""The names of the parameters that a link to each page may have: what a lesson's links are compared with.

tests/ui/test_page_parameters.py holds that every link of the registry and every option of Explore stands here, and
that nothing stands here that no code names. Not here: their values, which the pages settle themselves.
"""

from __future__ import annotations

from .page_registry import REGISTRY

EVERYWHERE = frozenset(
    "model sentence text device precision lang projector embed embed_options source_language target_language".split()
)
"""What the frame and the shared pickers read."""
_VIEW = "unit rows specials first rescale weight kind"
_HELD = "token side to heads picture metric cut share syntax"
_HEAD = "layer head"
_QUESTION = "word answer against mask target"

_OF_PAGE: dict[str, str] = {
    "inicio": "",
    "comece_aqui": "lesson_card guesses",
    "explorar": f"{_HEAD} {_HELD} {_VIEW} mask target first_row first_column",
    "passo_a_passo": f"{_HEAD} step token key kind stack mask target",
    "camadas": f"{_HEAD} what piece least depth levels token first_token kind target",
    "anatomia": f"{_HEAD} anatomy stage silent ffn shuffle kinds token first_token mask target kind stack",
    "mascarar": f"{_HEAD} {_HELD} {_VIEW} mask",
    "gerar": f"{_HEAD} {_HELD} wrote temperature topk topp seed measured",
    "traduzir": f"{_HEAD} {_HELD} {_VIEW} target search beam",
    "comparar": f"{_HEAD} {_HELD} {_VIEW} mode show b_layer b_head b_sentence b_model",
    "caminhos": f"{_QUESTION} method kind",
    "causa": f"{_QUESTION} change off acts instead in without other seen",
    "perfis": "behaviour over",
    "papeis": "",
    "fidelidade": "judged over",
    "varredura": f"{_QUESTION}",
    "variantes": f"{_HEAD} variant width globals lots columns fold features groups draw tile_side tile growth",
    "visao": "vision_model vision_layer vision_head patch picture drawing others clutter",
    "jarra_e_copo": f"{_HEAD} step change",
    "bancada": f"{_HEAD} items probe conditions twin causal pairs",
    "minhas_frases": "source lines",
    "convolucao": "review at looks side",
    "modelos": "card film_step film_head",
}


def page_parameters() -> dict[str, frozenset[str]]:
    """Address of every page → what its links may say."""
    return {entry.slug: EVERYWHERE | set(_OF_PAGE.get(entry.slug, "").split()) for entry in REGISTRY}
