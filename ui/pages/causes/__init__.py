"""The page "Causes": what follows when something in a run is changed."""
