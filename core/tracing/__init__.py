"""One run of a model as a trace: running it again, noting its modules, what lies around a layer, batches."""
