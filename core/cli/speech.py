"""The language of the command line, and what it says of an error: one line, as the pages say it.

``MIRANTE_LANG``, else the system's ``LC_ALL``, ``LC_MESSAGES``, ``LANG``: a language that Mirante speaks, else English.
"""

from __future__ import annotations

import os
from gettext import NullTranslations

from ..errors import Message, MiranteError
from ..languages import LANGUAGES, Language, catalog, decimal_sign, thousands_sign

_SETTINGS = ("MIRANTE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_ELSE = "en"


def spoken_language() -> Language:
    """The language of whoever types."""
    stated = next((value for name in _SETTINGS if (value := os.environ.get(name))), _ELSE)
    code = stated.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else _ELSE


def said(message: MiranteError | Message, language: Language | None = None) -> str:
    """A message in a language, its parts translated too."""
    language = language or spoken_language()
    known: NullTranslations = catalog(language)
    fields = {
        name: said(value, language) if isinstance(value, MiranteError | Message) else value
        for name, value in message.fields.items()
    }
    text = known.gettext(message.template)
    return text.format(**fields) if fields else text


def megabytes(size: int, language: Language | None = None) -> str:
    """Bytes as a person reads them: ``438.2 MB``, ``438,2 MB``, ``2.1 GB``."""
    number, unit = (size / 1e9, "GB") if size >= 1e9 else (size / 1e6, "MB") if size >= 1e5 else (size / 1e3, "kB")
    return f"{number:.1f} {unit}".replace(".", decimal_sign(language or spoken_language()))


def whole(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", thousands_sign(spoken_language()))
