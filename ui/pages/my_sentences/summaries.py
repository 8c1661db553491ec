"""What a model says about each sentence of a list: the run with its progress, the table, the way to Explore.

Inside: one capture after the other through the shared queue (ui.serving.cache), a summary kept per
sentence in the session, so that a stopped run loses nothing. Not inside: the definition of a
summary (core.views.head_metrics), the list itself (ui.pages.my_sentences.reading).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.axes import head_name
from core.errors import BadInput, MiranteError, TooLong
from core.files.sentences import SentenceFile
from core.files.spreadsheet import SUMMARY_COLUMNS, guarded, to_csv
from core.text.vocabulary import visible
from core.views.head_metrics import SentenceSummary, summarise

from ...serving import cache
from ...shell.locale import error_text, plain, t, tn
from ...shell.state import SENTENCE, Chosen
from ...shell.tables import offer_csv, share_bar, show_table

_AT_ONCE = 8
"""Up to so many sentences are read without being asked: about a second."""
_RESULTS, _RUNNING, _PICK, _TABLE = "_summaries", "_reading", "picked_sentence", "sentence_table"

_SummaryOrRefusal = SentenceSummary | MiranteError


def read_all(sentences: Sequence[str], chosen: Chosen) -> dict[str, _SummaryOrRefusal]:
    """Results of every sentence read so far; a long list starts by button, shows its progress and can be stopped."""
    done = _results(chosen)
    todo = [sentence for sentence in dict.fromkeys(sentences) if sentence not in done]
    if len(todo) > _AT_ONCE and not st.session_state.get(_RUNNING):
        label = t("Read {n} sentences with {model}", n=len(todo), model=plain(chosen.model))
        st.button(label, type="primary", on_click=_set_running, args=(True,))
    elif todo:
        _run(todo, len(dict.fromkeys(sentences)), chosen, done)
    return done


def show_summaries(sentence_file: SentenceFile, results: dict[str, _SummaryOrRefusal]) -> None:
    """One row per sentence; a click on a row picks it. Below: download, and what the model refused."""
    show_table(
        _frame(sentence_file, results),
        key=_TABLE,
        on_pick=lambda: _pick_row(sentence_file.sentences),
        download=False,
        columns=_config(),
        title=t("Table: sentence, tokens, unknown tokens, most focused head and its focus"),
    )
    rows = [
        _cells(line, s, results.get(s)) for line, s in zip(sentence_file.lines, sentence_file.sentences, strict=True)
    ]
    offer_csv(t("Download the table (CSV)"), to_csv(SUMMARY_COLUMNS, rows), "mirante-sentences.csv")
    _refused(sentence_file, results)


def pick_sentence(sentences: Sequence[str], shared: str) -> None:
    """The sentence to explore, by list (searchable) or by a click on its row: it becomes the sentence of all pages.

    The list shows the ``shared`` sentence when it is one of them. A page link follows: switch_page refuses to leave
    a page whose address carries bound parameters (streamlit 1.67).
    """
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    st.session_state[_PICK] = _index(sentences, shared)
    picked = left.selectbox(
        t("Sentence to explore"),
        range(len(sentences)),
        key=_PICK,
        on_change=_use,
        args=(sentences,),
        format_func=lambda i: f"{i + 1} · {visible(sentences[i])}" if i < len(sentences) else "",
        placeholder=t("Choose one here, or mark its row"),
    )
    if picked is not None:
        right.page_link("pages/explorar.py", label=t("Explore it"), width="stretch")


def _index(sentences: Sequence[str], shared: str) -> int | None:
    """Where the shared sentence stands: the picked place if it is there (a sentence may repeat), else the first."""
    picked = st.session_state.get(_PICK)
    if picked is not None and picked < len(sentences) and sentences[picked] == shared:
        return picked
    return sentences.index(shared) if shared in sentences else None


def _use(sentences: Sequence[str]) -> None:
    """Callback: the picked sentence becomes the shared one."""
    picked = st.session_state.get(_PICK)
    if picked is not None and picked < len(sentences):
        st.session_state[SENTENCE] = sentences[picked]


def _pick_row(sentences: Sequence[str]) -> None:
    """Callback: so does the sentence of a marked row."""
    rows = st.session_state[_TABLE].selection.rows
    if rows and rows[0] < len(sentences):
        st.session_state[_PICK] = rows[0]
        st.session_state[SENTENCE] = sentences[rows[0]]


def _set_running(running: bool) -> None:
    st.session_state[_RUNNING] = running


def _results(chosen: Chosen) -> dict[str, _SummaryOrRefusal]:
    """The session's results for this model and device; another model starts afresh."""
    key = chosen.key
    if st.session_state.get(_RESULTS, (None, {}))[0] != key:
        st.session_state[_RESULTS] = (key, {})
        st.session_state[_RUNNING] = False
    return st.session_state[_RESULTS][1]


def _run(todo: Sequence[str], total: int, chosen: Chosen, done: dict[str, _SummaryOrRefusal]) -> None:
    """Read the sentences of ``todo`` one by one into ``done``.

    Any click starts the page again (Streamlit): what was read stays, and the run goes on unless the click was on Stop.
    A model that cannot be loaded ends it with one message, not one per sentence.
    """
    stop, bar = st.empty(), st.empty()
    if len(todo) > _AT_ONCE:
        stop.button(t("Stop"), on_click=_set_running, args=(False,))
    try:
        cache.language_model(chosen)
        for number, sentence in enumerate(todo, total - len(todo)):
            bar.progress(number / total, text=t("{n} of {total} sentences read", n=number, total=total))
            done[sentence] = _summary(sentence, chosen)
    except MiranteError as error:
        st.error(plain(error_text(error)))
    st.session_state[_RUNNING] = False
    stop.empty()
    bar.empty()


def _summary(sentence: str, chosen: Chosen) -> _SummaryOrRefusal:
    """The summary, or why this sentence cannot be read; other errors concern all sentences and are raised."""
    try:
        return summarise(cache.trace(chosen, sentence))
    except (TooLong, BadInput) as refusal:
        return refusal


def _frame(sentence_file: SentenceFile, results: dict[str, _SummaryOrRefusal]) -> pd.DataFrame:
    """The table that is shown: the sentences alone until one of them has been read."""
    names = (t("Sentence"), t("Tokens"), t("Unknown"), t("Most focused head"), t("Focus"))
    frame = pd.DataFrame([_row(s, results.get(s)) for s in sentence_file.sentences], columns=names)
    return frame if any(s in results for s in sentence_file.sentences) else frame[[names[0]]]


def _row(sentence: str, result: _SummaryOrRefusal | None) -> tuple:
    if not isinstance(result, SentenceSummary):
        return visible(sentence), None, None, None, None
    return visible(sentence), result.tokens, result.unknown, _head(result), result.focus


def _head(result: SentenceSummary) -> str:
    if result.layer is None or result.head is None:
        return "—"
    return head_name(result.layer, result.head, t("L"))


def _cells(line: int, sentence: str, result: _SummaryOrRefusal | None) -> tuple:
    """A row of the download: text as `unguarded` gives it back, layers and heads counted from 1 as people read them."""
    if not isinstance(result, SentenceSummary):
        return line, guarded(sentence), None, None, None, None, None, None, error_text(result) if result else None
    layer, head = (None, None) if result.layer is None else (result.layer + 1, result.head + 1)
    focus = None if result.focus is None else round(result.focus, 6)
    return line, guarded(sentence), result.tokens, result.words, result.unknown, layer, head, focus, None


def _config() -> dict[str, object]:
    """Widths in pixels (they grow in proportion), formats and definitions."""
    config = st.column_config
    return {
        t("Sentence"): config.TextColumn(width=365),
        t("Tokens"): config.NumberColumn(width=70, help=t("Tokens that the model reads, special ones included")),
        t("Unknown"): config.NumberColumn(
            width=120, help=t("Tokens that stand for something the vocabulary does not have")
        ),
        t("Most focused head"): config.TextColumn(
            width=155,
            help=t("L4·7 is layer 4, head 7: the head whose rows have, on average, the largest top weight"),
        ),
        t("Focus"): share_bar(
            width=110,
            help=t("Mean over the words' tokens of the largest weight of the row, special tokens left out"),
        ),
    }


def _refused(sentence_file: SentenceFile, results: dict[str, _SummaryOrRefusal]) -> None:
    """Sentences that this model cannot read, with the reason."""
    bad = [
        (line, r)
        for line, s in zip(sentence_file.lines, sentence_file.sentences, strict=True)
        if isinstance(r := results.get(s), MiranteError)
    ]
    if not bad:
        return
    label = tn("{n} sentence this model cannot read", "{n} sentences this model cannot read", len(bad))
    with st.expander(label):
        rows = [{t("Line"): line, t("Reason"): error_text(error)} for line, error in bad]
        show_table(rows, title=label)
