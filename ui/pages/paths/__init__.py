"""The page "Paths": from which words an answer comes, by every method of core/analyses/methods beside its nulls."""
