"""The page "Translate": who writes the target side, and the three kinds of attention beside each other."""
