"""From a name to a loaded, verified model: sources, catalogue, cards, devices, the untrained model, checkpoints of a
training.
"""
