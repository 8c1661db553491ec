"""The languages that a tokenizer of a translator writes into its texts: NLLB (por_Latn), mBART-50 (pt_XX), M2M100 (pt).

Their code for the source stands in what the tokenizer adds to a text, that for the target is the first token that the
decoder must write. The library keeps both as state of the tokenizer (``src_lang``, ``tgt_lang``) and rewrites its
template at every call, which two sessions that share it would do to each other. Here a shared tokenizer is left as it
is (`keep_still`), and the code of each text is put in the place of its own (`tokens.encode(…, language=id)`).
Inside: which languages there are, what they are called. Not inside: the pair that a model translates between
(core/models/translating.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock, RLock
from typing import Any
from weakref import WeakKeyDictionary

from ..languages import Language

_NLLB = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}")
_FAMILIES = {"NllbTokenizer", "MBart50Tokenizer", "M2M100Tokenizer"}
_LOCKS: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
_GUARD = Lock()


@dataclass(frozen=True)
class LanguagePair:
    """The codes, in the tokenizer's own spelling, of what is read and what is written."""

    source: str
    target: str


def language_ids(tokenizer: Any) -> dict[str, int]:
    """Code → id of the token that stands for it, in the tokenizer's order; none for a tokenizer without languages."""
    if not {base.__name__ for base in type(tokenizer).__mro__} & _FAMILIES:
        return {}
    known: Mapping[str, int] | None = getattr(tokenizer, "lang_code_to_id", None)
    if known is None:
        tokens = dict.fromkeys(map(str, tokenizer.all_special_tokens))
        known = {token: tokenizer.convert_tokens_to_ids(token) for token in tokens if _NLLB.fullmatch(token)}
    return {code: index for code, index in known.items() if index is not None and index != tokenizer.unk_token_id}


def template_language(tokenizer: Any) -> int | None:
    """Id of the language that the tokenizer puts into a text by itself; None where it has none."""
    return language_ids(tokenizer).get(getattr(tokenizer, "src_lang", None) or "")


def keep_still(tokenizer: Any) -> None:
    """Let no call change the template of a tokenizer with languages: it stays that of its source language."""
    if language_ids(tokenizer):
        tokenizer.src_lang = tokenizer.src_lang  # whatever the file says last
        tokenizer._switch_to_input_mode = tokenizer._switch_to_target_mode = _stay


def _stay() -> None:
    """Instead of the library's turn to another language."""


@contextmanager
def reading(tokenizer: Any) -> Iterator[None]:
    """To be held around calls of a tokenizer that turns to its target side and back (Marian): one thread at a time."""
    if not hasattr(tokenizer, "_switch_to_target_mode") or "_switch_to_target_mode" in vars(tokenizer):
        yield
        return
    with _GUARD:
        lock = _LOCKS.setdefault(tokenizer, RLock())
    with lock:
        yield


def code_for(wanted: str, known: Iterable[str]) -> str | None:
    """The code that a tokenizer has for what another writes (pt, pt_XX and por_Latn are one language): the same, else
    the first of the same language; None where there is none.
    """
    codes = list(known)
    if wanted in codes:
        return wanted
    return next((code for code in codes if wanted and _subtag(code) == _subtag(wanted)), None)


def _subtag(code: str) -> str:
    """The language of a code as Unicode CLDR writes it: por → pt."""
    from babel.core import get_global

    subtag = code.partition("_")[0].lower()
    return get_global("language_aliases").get(subtag, subtag)


@cache
def language_name(code: str, language: Language) -> str:
    """What the language of a code is called in a language (Unicode CLDR); the code itself where it has no name."""
    from babel import Locale

    return Locale.parse(language).languages.get(_subtag(code)) or code
