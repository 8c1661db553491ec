"""The languages between which a model translates, chosen per use: nothing shared is changed.

Not inside: where a tokenizer writes them (core/text/translation.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os.path import commonprefix

from ..errors import BadInput
from ..text.translation import LanguagePair, language_ids
from .loading import LanguageModel

CODES_NAMED = 12  # of those that a message lists


def translating(lm: LanguageModel, source: str | None = None, target: str | None = None) -> LanguageModel:
    """``lm`` as it reads one language and writes another: the same weights and tokenizer under another pair.

    source, target: codes as the model's tokenizer spells them (NLLB por_Latn, mBART-50 pt_XX, M2M100 pt); None leaves
    what ``lm`` has.

    Raises:
        BadInput: a model without a choice of languages, or a language that it does not have.
    """
    if source is None and target is None:
        return lm
    if lm.languages is None:
        raise BadInput(
            "“{name}” has no choice of languages: leave them out. NLLB, mBART-50 and M2M100 have one.", name=lm.name
        )
    known = language_ids(lm.tokenizer)
    pair = LanguagePair(source or lm.languages.source, target or lm.languages.target)
    for code in (pair.source, pair.target):
        if code not in known:
            raise BadInput(
                "“{name}” has no language “{code}”; it writes its languages so: {known}.",
                name=lm.name,
                code=code,
                known=", ".join(_likely(code, tuple(known))),
            )
    return replace(lm, languages=pair)


def _likely(code: str, known: Sequence[str]) -> list[str]:
    """Some of the codes, for a message: those first that begin as ``code`` does."""
    nearest = sorted(known, key=lambda name: -len(commonprefix([name.lower(), code.lower()])))
    return nearest[:CODES_NAMED] + (["…"] if len(known) > CODES_NAMED else [])
