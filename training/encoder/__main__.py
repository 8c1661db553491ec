"""``python -m training.encoder``: the command line of the recipe."""

from .recipe import main

main()
