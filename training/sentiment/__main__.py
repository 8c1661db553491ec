"""``python -m training.sentiment``: the command line of the recipe."""

from training.sentiment.recipe import main

main()
