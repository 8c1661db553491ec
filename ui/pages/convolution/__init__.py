"""The page "Convolution + attention": a classifier with one attention vector beside an encoder's heads, and the words
of both hidden one at a time.
"""
