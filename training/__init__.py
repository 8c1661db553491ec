"""Recipes that made every bundled model: corpus, grammar, tokenizer, training loop, evaluation, export.

Nothing here imports Streamlit, and nothing in the application imports this package.
"""
