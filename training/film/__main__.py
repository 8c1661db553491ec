"""``python -m training.film``: the command line of the recipe."""

from .recipe import main

main()
