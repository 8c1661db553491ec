"""One run of a model, kept: the trace, running it again, listening to its modules, batches."""
