"""Pairs that the table of own pairs begins with. Not here: what a row means (pair_rows.py)."""

from __future__ import annotations

EXAMPLE: tuple[dict[str, str], ...] = (
    {
        "sentence_a": "Ela derramou água da jarra para o copo até que ficasse cheio.",
        "sentence_b": "Ela derramou água da jarra para o copo até que ficasse vazia.",
        "probe_a": "cheio",
        "probe_b": "vazia",
        "candidates": "jarra; copo",
        "gold_a": "copo",
        "gold_b": "jarra",
        "question_a": "Ela derramou água da jarra para o copo até que ficasse cheio. O que ficou cheio? O [MASK].",
        "question_b": "Ela derramou água da jarra para o copo até que ficasse vazia. O que ficou vazio? A [MASK].",
    },
    {
        "sentence_a": "O troféu não coube no baú porque era grande demais.",
        "sentence_b": "O troféu não coube no baú porque era pequeno demais.",
        "probe_a": "grande",
        "probe_b": "pequeno",
        "candidates": "troféu; baú",
        "gold_a": "troféu",
        "gold_b": "baú",
        "question_a": "O troféu não coube no baú porque era grande demais. O que era grande demais? O [MASK].",
        "question_b": "O troféu não coube no baú porque era pequeno demais. O que era pequeno demais? O [MASK].",
    },
    {
        "sentence_a": "A chave não entrou na fechadura porque era grossa demais.",
        "sentence_b": "A chave não entrou na fechadura porque era estreita demais.",
        "probe_a": "grossa",
        "probe_b": "estreita",
        "candidates": "chave; fechadura",
        "gold_a": "chave",
        "gold_b": "fechadura",
        "question_a": "",
        "question_b": "",
    },
)
"""Rows to start from: with the help of gender, and two without it."""
