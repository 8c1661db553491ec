"""Vision transformers: pictures made here or brought by a person, models that read them, their attention.

Nothing is imported here: `scenes` (the pictures that this project draws) needs numpy only; `models` and `captures` need
torch."""
