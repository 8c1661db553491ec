"""The guided screen Jug and glass: five short steps, each with one action."""
