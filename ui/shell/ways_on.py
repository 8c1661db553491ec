"""Where a page leads: the two or three questions that one has now, and the page that answers each.

Every page ends with them (ui/explorer/where_next.py). Not here: links from a result to the place where it can be
looked into, which belong to their pages.
"""

from __future__ import annotations

from core.errors import Message

Way = tuple[Message, str]
"""A question, and the address of the page that answers it."""

WAYS_ON: dict[str, tuple[Way, ...]] = {
    "inicio": (
        (Message("What do all the other heads do?"), "explorar"),
        (Message("One word changes: does a head follow it?"), "jarra_e_copo"),
        (Message("And in sentences of mine?"), "minhas_frases"),
    ),
    "explorar": (
        (Message("Does this look matter for the answer?"), "causa"),
        (Message("How does such a weight come about?"), "passo_a_passo"),
        (Message("Does this head do the same in other sentences?"), "perfis"),
    ),
    "comparar": (
        (Message("Does the difference reach the answer?"), "causa"),
        (Message("Is it so in hundreds of pairs?"), "bancada"),
    ),
    "mascarar": (
        (Message("Which parts of the model does this answer depend on?"), "causa"),
        (Message("In which layer does the answer appear?"), "camadas"),
        (Message("Did it understand, or only agree in gender?"), "jarra_e_copo"),
    ),
    "gerar": (
        (Message("Which words does the next token come from?"), "caminhos"),
        (Message("In which layer does the next token appear?"), "camadas"),
    ),
    "traduzir": (
        (Message("How does such a weight come about?"), "passo_a_passo"),
        (Message("Which words does this translation come from?"), "caminhos"),
    ),
    "passo_a_passo": (
        (Message("What becomes of it in the layers above?"), "camadas"),
        (Message("Does the answer depend on this head?"), "causa"),
        (Message("Could the same be computed with less?"), "variantes"),
    ),
    "camadas": (
        (Message("What else is in the model, beside attention?"), "anatomia"),
        (Message("Which words does the answer come from?"), "caminhos"),
    ),
    "anatomia": (
        (Message("What would the model answer halfway?"), "camadas"),
        (Message("Which parts of the model does this answer depend on?"), "causa"),
    ),
    "causa": (
        (Message("Which words does the answer come from?"), "caminhos"),
        (Message("What else does the model expect in this place?"), "mascarar"),
        (Message("Is it so in hundreds of sentences?"), "bancada"),
    ),
    "caminhos": (
        (Message("Which of these methods can be relied on?"), "fidelidade"),
        (Message("What happens when a word is really cut off?"), "causa"),
    ),
    "varredura": (
        (Message("Does this look matter for the answer?"), "causa"),
        (Message("How does such a head look, whole?"), "explorar"),
    ),
    "perfis": (
        (Message("Does a head follow the grammar?"), "papeis"),
        (Message("How does it look in one sentence?"), "explorar"),
        (Message("Does the answer depend on this head?"), "causa"),
    ),
    "papeis": (
        (Message("Does the answer depend on this head?"), "causa"),
        (Message("What else does this head do?"), "perfis"),
    ),
    "fidelidade": (
        (Message("What does each method say of my sentence?"), "caminhos"),
        (Message("What happens when a word is really cut off?"), "causa"),
    ),
    "comece_aqui": (
        (Message("What do all the other heads do?"), "explorar"),
        (Message("Did it understand, or only agree in gender?"), "jarra_e_copo"),
        (Message("And in sentences of mine?"), "minhas_frases"),
    ),
    "jarra_e_copo": (
        (Message("Is it so in hundreds of pairs?"), "bancada"),
        (Message("Which parts of the model does this answer depend on?"), "causa"),
        (Message("What does another word change?"), "comparar"),
    ),
    "minhas_frases": (
        (Message("What do the heads do in one of them?"), "explorar"),
        (Message("What does each head do in all of them?"), "perfis"),
    ),
    "bancada": (
        (Message("What happens in one such pair, step by step?"), "jarra_e_copo"),
        (Message("What differs between the two sentences of a pair?"), "comparar"),
    ),
    "modelos": (
        (Message("What do its heads do in one sentence?"), "explorar"),
        (Message("What else is in the model, beside attention?"), "anatomia"),
        (Message("What does each head do in many sentences?"), "perfis"),
    ),
    "visao": (
        (Message("Is it the same with words?"), "explorar"),
        (Message("How does such a weight come about?"), "passo_a_passo"),
    ),
    "variantes": (
        (Message("How is full attention computed?"), "passo_a_passo"),
        (Message("How does such a head look, whole?"), "explorar"),
    ),
    "convolucao": (
        (Message("What do many heads see in the same sentence?"), "explorar"),
        (Message("Which of these methods can be relied on?"), "fidelidade"),
    ),
}
"""Address of a page → its ways on, the most natural first."""
