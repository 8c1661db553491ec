"""A class's rooms over HTTP, beside the pages: the phones' plain page, what phones send, what the host asks."""
