"""What the studies that come with the models were made on, in the visitor's language."""

from __future__ import annotations

from core.errors import Message

from ..shell.locale import t

THIS_VISIT = "sentences of this visit"
"""In a document that every visitor may be shown: translated where it is read, not where it was made."""
_OURS = (
    Message("sentences of this visit"),
    Message("English sentences of 6 to 12 words and marks of the translation pairs, test part"),
    Message("UD Portuguese Bosque, dev and test"),
    Message("UD Portuguese Bosque, test, sentences of 8 to 25 words"),
    Message("60 texts of random words said twice"),
)


def data_name(data: str) -> str:
    """``data`` of a document (core.studies.documents): translated where we wrote it, a file's name as it is."""
    return t(data) if data in {str(name) for name in _OURS} else data
