"""Analyses of one trace: arrays out, one file per method; what changes a run and what only reads it."""
