"""Every error that Mirante raises on purpose.

    MiranteError            base: a template and its fields
    ├── ModelNotFound       no such bundled model, folder or hub id (or no network)
    ├── UnsupportedModel    the model exists, but its attention cannot be shown truthfully
    │   └── ModelFailure    its own code, or a library's, failed at a step (boundary.py)
    ├── TooLong             the text needs more positions or memory than there are
    ├── BadInput            a text, index or option that makes no sense
    │   └── BadLesson       a lesson file, with every mistake in it (classroom/lesson_file.py)
    └── BadFile             an uploaded or local file that cannot be read safely

A message says what was asked, what was found and what to do. It is kept as a template
with fields, so that a page can translate the template (gettext) and fill it afterwards;
a field may itself be a ``Message``, to be translated first. ``str(error)`` is English.
Whatever a stranger sent is cut to ``LONGEST_FIELD`` characters where it becomes a field.
Programming errors keep Python's own classes.
"""

from __future__ import annotations

from collections.abc import Callable

LONGEST_FIELD = 400  # characters of one field
LONGEST_NAME = 100  # characters of a name in a message
NAME_FIELDS = ("name", "model")
"""Fields that hold a name."""
MOST_DIGITS = 18  # of a whole number that is written out


def shortened(text: str, most: int = LONGEST_NAME) -> str:
    """``text``, or its beginning, … and its end (of a path, what tells) where it has more than ``most`` characters."""
    end = most // 3
    return text if len(text) <= most else f"{text[: most - 1 - end]}…{text[-end:]}"


def is_failure(error: BaseException) -> bool:
    """Whether something failed, rather than being stopped: a panic of a Rust library (tokenizers) is no Exception."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _bounded(name: str, field: object) -> object:
    """A field as it is shown: texts and exceptions cut, a number of too many digits as its order of magnitude."""
    if isinstance(field, str | BaseException) and not isinstance(field, MiranteError):
        return shortened(str(field), LONGEST_NAME if name in NAME_FIELDS else LONGEST_FIELD)
    if isinstance(field, int) and field.bit_length() * 0.30103 > MOST_DIGITS:
        return f"{'−' if field < 0 else ''}10^{int(field.bit_length() * 0.30103)}"
    return field


class Message:
    """A translatable part of a message: ``str(m)`` is ``template.format(**fields)`` in English."""

    def __init__(self, template: str, **fields: object) -> None:
        self.template = template
        self.fields = {name: _bounded(name, field) for name, field in fields.items()}

    def __str__(self) -> str:
        return self.template.format(**self.fields) if self.fields else self.template


class MiranteError(Exception):
    """Base of every error of ours: ``str(e)`` is ``template.format(**fields)`` in English."""

    def __init__(self, template: str, **fields: object) -> None:
        self.template = template
        self.fields = {name: _bounded(name, field) for name, field in fields.items()}
        super().__init__(template.format(**self.fields) if fields else template)

    def __reduce__(self) -> tuple[Callable[..., MiranteError], tuple[type[MiranteError], str, dict[str, object]]]:
        """Pickle with the fields (worker processes send errors back)."""
        return _rebuild, (type(self), self.template, self.fields)


class ModelNotFound(MiranteError):
    """No bundled model, local folder or reachable hub repository has this name."""


class UnsupportedModel(MiranteError):
    """The model was found, but its attention cannot be captured truthfully."""


class ModelFailure(UnsupportedModel):
    """Code that is not ours failed on this model; ``__cause__`` is what it raised (boundary.py)."""


class TooLong(MiranteError):
    """More positions than the model has, or more memory than the limit."""


class BadInput(MiranteError):
    """A text, an index or an option that cannot be used."""


class BadFile(MiranteError):
    """A file that cannot be read, or must not be."""


def _rebuild(kind: type[MiranteError], template: str, fields: dict[str, object]) -> MiranteError:
    return kind(template, **fields)
