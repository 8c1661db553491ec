"""Lessons that are files: cards to read, predictions to make, and answers that are computed of the model at hand."""
