"""Efficient attention, written from the formulas: the same queries, keys and values under nine ways of looking.

``inputs`` one head's q, k, v · ``exact`` softmax attention, full and causal · ``patterns`` which cells may be looked
at, and why · ``banded`` such patterns in O(n·w) · ``linformer`` · ``performer`` · ``sharing`` (MQA, GQA) · ``tiles``
(FlashAttention, step by step) · ``results`` all of them on one head, with their errors · ``cost`` by formula ·
``growth`` measured. Nothing here is trained: a variant gets the vectors of a model that learned with another attention.
"""
