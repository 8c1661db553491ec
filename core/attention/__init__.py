"""One attention call: its record, the tape it is written on, the seam through which the library's calls pass, edits,
and the second adapter (eager).
"""
