"""What a model expects: at a hidden word, next, written on; and the cache of keys and values that this takes."""
