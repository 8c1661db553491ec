"""mirante-sentiment: recipe, generated and written sentences, measures, export, card."""
