"""From a name to a loaded, verified model.

Sources, catalogue, cards, devices, the untrained (random-weight) model, checkpoints of a training.
"""
