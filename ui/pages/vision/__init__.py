"""The page "Vision": its model, its picture, the choices in the link, and what it says and draws."""
