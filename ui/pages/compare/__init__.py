"""The page Comparar: what is compared (sides.py) and how it is shown (views.py)."""
