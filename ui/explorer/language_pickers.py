"""Source and target language of a translator of many languages (NLLB, mBART-50, M2M100), in the link.

Names are those of Unicode CLDR in the visitor's language; the code stands beside them, as the model spells it. Not
here: how a model is told (core/models/translating.py)."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.text.translation import code_for, language_ids, language_name

from ..serving import cache
from ..shell.locale import language, plain, t
from ..shell.state import LONGEST_CODE, SOURCE_LANGUAGE, TARGET_LANGUAGE, Chosen, current, publish, settle


def pick_languages(chosen: Chosen) -> None:
    """Two lists, where the chosen model has languages to choose from; nothing elsewhere."""
    own = cache.language_model(replace(chosen, languages=(None, None)))
    if own.languages is None:
        return
    names = {code: language_name(code, language()) for code in language_ids(own.tokenizer)}
    ordered = tuple(sorted(names, key=lambda code: (names[code] == code, names[code].casefold(), code)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _pick(t("Translates from"), SOURCE_LANGUAGE, own.languages.source, ordered, names)
        _pick(t("Translates into"), TARGET_LANGUAGE, own.languages.target, ordered, names)


def _pick(label: str, key: str, default: str, codes: tuple[str, ...], names: dict[str, str]) -> None:
    if (wanted := current(key)) and wanted not in codes:
        st.session_state[key] = code_for(wanted, codes) or default
        if code_for(wanted, codes) is None:
            st.warning(
                t(
                    "This model has no language “{code}”; {name} is used. Choose one from the list.",
                    code=plain(wanted[:LONGEST_CODE]),
                    name=names[default],
                )
            )
    settle(key, codes, default)
    option = st.selectbox(
        label,
        codes,
        key=key,
        persist_state="session",
        format_func=lambda code: code if names[code] == code else f"{names[code]} · {code}",
    )
    publish(key, option, default)
