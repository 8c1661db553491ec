"""mirante-encoder-pt: recipe, evaluation, export, card."""
