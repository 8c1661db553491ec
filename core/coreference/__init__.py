"""The coreference bench: which noun does a word go with, by meaning or by gender alone, and with what certainty."""
