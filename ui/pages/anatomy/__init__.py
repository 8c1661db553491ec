"""The page "Anatomy": the forward pass on the sentence, its stream, its neurons, its positions, the three families."""
