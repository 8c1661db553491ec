"""What serves many visitors: bounded caches, the forward queue, long work, the HTTP API, security headers, limits, the
log.
"""
