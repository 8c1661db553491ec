"""``python -m training.decoder``: the command line of the recipe."""

from training.decoder.recipe import main

main()
