"""The page "Vision": its model, its picture, the place in the link, what is said of it."""
