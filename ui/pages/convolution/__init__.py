"""The page "Convolution + attention": a classifier with one attention vector beside an encoder's heads.

The words of both are hidden one at a time.
"""
