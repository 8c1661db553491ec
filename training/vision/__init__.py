"""mirante-vision: recipe, evaluation, export, card."""
