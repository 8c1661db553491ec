"""mirante-film: recipe, measures of every checkpoint, export, card."""
