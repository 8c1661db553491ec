"""One attention call: its record, the tape that holds it, the seam, edits, and the second adapter (eager).

What is known of architectures by name stands in families.py.
"""
