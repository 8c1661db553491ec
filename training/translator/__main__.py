"""``python -m training.translator``: the command line of the recipe."""

from .recipe import main

main()
