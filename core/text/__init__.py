"""What a text is to a model: vocabulary entries, spans, words, tokens."""
