"""The page "Mask a word"."""
