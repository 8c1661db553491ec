"""The languages that Mirante speaks: English, in which the msgids are written, and one for every catalogue in
assets/locale.

``translate("{n} heads", language, n=8)`` is the text that a person reads. A catalogue is read as it is (Babel parses
the .po file once per process), so there is no compiled file to keep in step. Another language is a folder more, and no
code. Not here: which language a visit has (ui.shell.locale)."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from .assets import ASSETS

CATALOGS = ASSETS / "locale"
DEFAULT = "pt"
_MSGIDS = "en"  # the language that the msgids are written in
Language = str
"""A code such as ``pt``: one of LANGUAGES."""


def spoken() -> tuple[Language, ...]:
    """The codes of all languages: the default first, then that of the msgids, then the others in order."""
    others = {path.parent.parent.name for path in CATALOGS.glob("*/LC_MESSAGES/mirante.po")}
    return (DEFAULT, _MSGIDS, *sorted(others - {DEFAULT, _MSGIDS}))


LANGUAGES = spoken()


def translate(msgid: str, language: Language, **fields: object) -> str:
    """``msgid`` in a language (in English where the catalogue lacks it), then ``{fields}`` filled in."""
    text = catalog(language).gettext(msgid)
    return text.format(**fields) if fields else text


@cache
def catalog(language: Language) -> NullTranslations:
    """The catalogue of a language; English needs none."""
    path = CATALOGS / language / "LC_MESSAGES" / "mirante.po"
    if not path.exists():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        messages = read_po(file, locale=language, domain="mirante")
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def decimal_sign(language: Language) -> str:
    """What stands between units and decimals: ``,`` in Portuguese, ``.`` in English (Unicode CLDR)."""
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(language)


@cache
def thousands_sign(language: Language) -> str:
    """What stands between thousands: ``.`` in Portuguese, ``,`` in English (Unicode CLDR)."""
    from babel.numbers import get_group_symbol

    return get_group_symbol(language)


@cache
def region_tag(language: Language) -> str:
    """What an HTML page says of itself (``lang``): ``pt-BR`` for Portuguese, else the code."""
    return {"pt": "pt-BR"}.get(language, language)
