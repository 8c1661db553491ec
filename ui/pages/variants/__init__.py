"""The page "Variants": one head's queries, keys and values under nine kinds of efficient attention."""
