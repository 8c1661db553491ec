"""``python -m training.vision``: the command line of the recipe."""

from training.vision.recipe import main

main()
