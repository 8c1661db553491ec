"""``python -m training.vision``: the command line of the recipe."""

from .recipe import main

main()
