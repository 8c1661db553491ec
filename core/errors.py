"""Every error that Mirante raises on purpose.

    MiranteError            base: a template and its fields
    ├── ModelNotFound       no such bundled model, folder or hub id (or no network)
    ├── UnsupportedModel    the model exists, but its attention cannot be shown truthfully
    ├── TooLong             the text needs more positions or memory than there are
    ├── BadInput            a text, index or option that makes no sense
    └── BadFile             an uploaded or local file that cannot be read safely

A message says what was asked, what was found and what to do. It is kept as a template
with fields, so that a page can translate the template (gettext) and fill it afterwards;
a field may itself be a ``Message``, to be translated first. ``str(error)`` is English.
Programming errors keep Python's own classes.
"""

from __future__ import annotations

from collections.abc import Callable


class Message:
    """A translatable part of a message: ``str(m)`` is ``template.format(**fields)`` in English."""

    def __init__(self, template: str, **fields: object) -> None:
        self.template = template
        self.fields = fields

    def __str__(self) -> str:
        return self.template.format(**self.fields) if self.fields else self.template


class MiranteError(Exception):
    """Base of every error of ours: ``str(e)`` is ``template.format(**fields)`` in English."""

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template.format(**fields) if fields else template)
        self.template = template
        self.fields = fields

    def __reduce__(self) -> tuple[Callable[..., MiranteError], tuple[type[MiranteError], str, dict[str, object]]]:
        """Pickle with the fields (worker processes send errors back)."""
        return _rebuild, (type(self), self.template, self.fields)


class ModelNotFound(MiranteError):
    """No bundled model, local folder or reachable hub repository has this name."""


class UnsupportedModel(MiranteError):
    """The model was found, but its attention cannot be captured truthfully."""


class TooLong(MiranteError):
    """More positions than the model has, or more memory than the limit."""


class BadInput(MiranteError):
    """A text, an index or an option that cannot be used."""


class BadFile(MiranteError):
    """A file that cannot be read, or must not be."""


def _rebuild(kind: type[MiranteError], template: str, fields: dict[str, object]) -> MiranteError:
    return kind(template, **fields)
