"""mirante-decoder-pt: recipe, evaluation, export, card."""
