"""``python -m training.decoder``: the command line of the recipe."""

from .recipe import main

main()
