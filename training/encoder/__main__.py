"""``python -m training.encoder``: the command line of the recipe."""

from training.encoder.recipe import main

main()
