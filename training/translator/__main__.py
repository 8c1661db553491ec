"""``python -m training.translator``: the command line of the recipe."""

from training.translator.recipe import main

main()
