"""The page "Scan": what is surprising about this sentence for this model, and nothing that does not clear its null."""
