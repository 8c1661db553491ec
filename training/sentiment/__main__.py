"""``python -m training.sentiment``: the command line of the recipe."""

from .recipe import main

main()
