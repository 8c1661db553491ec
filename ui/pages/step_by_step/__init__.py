"""The page "Step by step": its choices in the link, and the steps that it computes."""
