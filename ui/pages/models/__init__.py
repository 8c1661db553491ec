"""The page "Models": the bundled models, their cards, the film of a training."""
