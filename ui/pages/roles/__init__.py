"""The page "Roles": heads that follow a syntactic relation."""
