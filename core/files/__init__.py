"""A person's own files: from bytes to sentences; every format, every fault with its line."""
