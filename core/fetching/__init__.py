"""Bringing a model to the models folder: from the hub or from a folder, pickled weights converted to safetensors."""
