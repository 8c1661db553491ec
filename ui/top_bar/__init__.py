"""The shared pickers beside every page: model, sentence, long texts."""
