"""``python -m ui``: the server of ``make run``, for one person and for a class. ``--help`` says what can be set."""

from .serving.server import main

if __name__ == "__main__":
    main()
