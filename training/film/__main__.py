"""``python -m training.film``: the command line of the recipe."""

from training.film.recipe import main

main()
