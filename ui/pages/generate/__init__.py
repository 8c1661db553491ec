"""The page "Generate": a decoder writes on, one token after another, and what it keeps while it does."""
