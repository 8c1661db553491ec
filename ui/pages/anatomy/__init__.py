"""The page "Anatomy": the forward pass of the chosen model on the sentence, its stream, its neurons, its positions, and
the three families.
"""
