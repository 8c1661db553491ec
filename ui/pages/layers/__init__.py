"""The page "Layers": logit lens, information flow, queries and keys."""
