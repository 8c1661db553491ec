"""A card for every number: what it is, its formula, unit, null, source, and the command that makes it.

From these cards come "What is this number?" on the pages (ui/shell/number_cards.py), ``python -m core metrics`` and the
help of each command (core/cli/metrics.py), and the table of docs/maths.md (``python -m tools.metric_table``). One file
for each group of numbers; registry.py has them all. Not here: the numbers, which the other rooms compute."""
