"""mirante-translator: recipe, sentence pairs, evaluation, export, card."""
