"""What a lesson says to a person: one text in one language or in several.

``Text`` is what the fields of a lesson file are made of; ``LessonFault`` is how a field refuses, with a
sentence that is translated where it is shown (lesson_file.py gives it its line). Not here: how Markdown is drawn."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, RootModel, StringConstraints, model_validator

from ..errors import Message
from ..languages import DEFAULT, LANGUAGES, Language

LONGEST_TEXT, LONGEST_TITLE, LONGEST_NOTE = 600, 120, 3000

_Title = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]
_Line = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]
_Note = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONGEST_NOTE)]


class LessonFault(ValueError):
    """A field of a lesson that cannot be used. path: the fields between where it is checked and what is wrong."""

    def __init__(self, template: str, path: tuple[str | int, ...] = (), **fields: object) -> None:
        self.message, self.path = Message(template, **fields), path
        super().__init__(str(self.message))


class Part(BaseModel):
    """A mapping of the file: no field but those that are named, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class _Spoken(RootModel[dict[str, Any]]):
    """A text in some of Mirante's languages: written as one string, it is the same in all."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _by_language(cls, written: object) -> object:
        if isinstance(written, str):
            return {DEFAULT: written}
        if not isinstance(written, dict) or not written:
            raise LessonFault(
                "Here stands no text: write one in quotation marks, or one for each language (pt: …, en: …)."
            )
        if unknown := [str(language) for language in written if language not in LANGUAGES]:
            raise LessonFault(
                "“{name}” is no language of Mirante; there are {known}.",
                (unknown[0],),
                name=unknown[0],
                known=", ".join(LANGUAGES),
            )
        return written

    def of(self, language: Language) -> str:
        """The text in a language; where it has none, in the default language, else in the first that is there."""
        texts: dict[str, str] = self.root
        return texts.get(language) or texts.get(DEFAULT) or next(iter(texts.values()))

    @property
    def languages(self) -> frozenset[Language]:
        """The languages in which it is written."""
        return frozenset(self.root)


class Text(_Spoken):
    """One or two sentences, of ``LONGEST_TEXT`` characters at most."""

    root: dict[str, _Line]


class Heading(_Spoken):
    """A title, of ``LONGEST_TITLE`` characters at most."""

    root: dict[str, _Title]


class Remark(_Spoken):
    """A note for the teacher, of ``LONGEST_NOTE`` characters at most."""

    root: dict[str, _Note]
