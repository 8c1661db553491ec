"""The items of the coreference bench: what writes assets/coreference."""
