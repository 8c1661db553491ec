"""Claims over many sentences: syntactic relations, roles and profiles of heads, faithfulness of methods."""
