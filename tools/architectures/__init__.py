"""Every text and vision type of the installed transformers, tiny and random, through the same row of checks.

python -m tools.architectures            all of them, written as docs/architectures.md
python -m tools.architectures bert t5    only these, printed
"""
