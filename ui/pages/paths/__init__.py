"""The page "Paths": from which words an answer comes, by eight methods, each beside its null."""
