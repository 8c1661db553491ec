"""The guided path "Start here": one card a screen, a prediction before every picture."""
