"""A person's own sentences on the page: pasted or sent, what was read and what was refused.

Inside: the two sources, the reading options, the report. What is kept: pasted text in the link
when short, else in the session; a sent file in the session (a browser never sends it again by
itself, so a reload asks for it). A refused file leaves the last good list where it was.
Not inside: reading itself (core.files.sentences), the models' numbers about a list (ui.pages.my_sentences.summaries).
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.errors import BadInput, MiranteError
from core.files import Options, SentenceFile, read_pasted, read_upload
from core.files.encodings import ENCODINGS
from core.files.records import DELIMITERS
from core.files.sentences import MAX_SENTENCES
from core.files.uploads import MAX_UPLOAD_BYTES

from ...explorer.sentence_lists import KEPT_LIST
from ...explorer.upload_field import upload_field
from ...serving.bounds import LONGEST_TEXT
from ...serving.kept_files import Kept
from ...serving.read_files import read_in_turn
from ...shell.frame import beside_title
from ...shell.locale import error_text, language, plain, t, tn
from ...shell.named_choice import pick_named
from ...shell.state import fits_link
from ...shell.tables import show_table
from ...top_bar.sentence import examples

_SOURCE, _LINES, _UPLOAD = "source", "lines", "upload"
_SENT_FILE = "_sent_file"
_TYPES = ("txt", "csv", "tsv", "tab", "jsonl", "ndjson", "srt", "vtt", "sbv")


def read_sentences() -> SentenceFile | None:
    """The list of this visit: from the chosen source, or the last good one when that source is refused."""
    labels = {"paste": t("Paste lines"), "file": t("Send a file")}
    with beside_title():
        source = pick_named(t("Source"), labels, key=_SOURCE, default="paste", hide_label=True)
    try:
        sentence_file = _from_file() if source == "file" else _from_lines(_paste())
    except MiranteError as refusal:
        st.error(plain(error_text(refusal)))
        sentence_file = st.session_state.get(KEPT_LIST)
        if sentence_file:
            st.caption(t("Your previous list is still below."))
        return sentence_file
    if sentence_file and sentence_file.sentences:
        st.session_state[KEPT_LIST] = sentence_file
    return sentence_file


def show_report(sentence_file: SentenceFile) -> None:
    """What was read, the remarks, and each refused line with its reason."""
    st.markdown(plain(" · ".join(_facts(sentence_file))))
    for note in sentence_file.notes:
        st.caption(plain(error_text(note)))
    if sentence_file.rejected:
        n = len(sentence_file.rejected)
        with st.expander(tn("{n} refused line, and why", "{n} refused lines, and why", n)):
            rows = [{t("Line"): r.line, t("Reason"): error_text(r)} for r in sentence_file.rejected]
            show_table(rows, title=t("Refused lines with their reasons"))


def _facts(sentence_file: SentenceFile) -> list[str]:
    n = len(sentence_file.sentences)
    facts = [tn("{n} sentence", "{n} sentences", n)]
    if sentence_file.encoding:
        facts.append(t("read as: {kind}", kind=sentence_file.made_by or _kinds()[sentence_file.kind]))
        facts.append(t("encoding: {encoding}", encoding=sentence_file.encoding))
    if sentence_file.kind in ("csv", "tsv"):
        facts.append(t("separator: {name}", name=_separator(sentence_file.delimiter or "")))
        facts.append(t("first row: names") if sentence_file.header else t("first row: a sentence"))
        if not sentence_file.quotes:
            facts.append(t("quotation marks: part of the text"))
    if sentence_file.column and len(sentence_file.columns) > 1:
        facts.append(t("column: {name}", name=sentence_file.column))
    return facts


def _kinds() -> dict[str, str]:
    """What a file may be, in words."""
    return {
        "txt": t("text, one sentence per line"),
        "csv": t("table"),
        "tsv": t("table with tabs"),
        "jsonl": t("JSON lines"),
        "subtitles": t("subtitles, one sentence each"),
        "chat": t("WhatsApp chat, one sentence per message"),
    }


def _paste() -> str:
    """The text area; a short text goes into the link, a long one stays in the session (as the sentence does)."""
    text = st.session_state.get(_LINES) or ""
    travels = fits_link(text)
    if travels and st.session_state.get("_lines_stayed"):
        st.session_state[_LINES] = text
    st.session_state["_lines_stayed"] = not travels
    start = "\n".join(example["text"] for example in examples(language())[:4])
    pasted = st.text_area(
        t("One sentence per line"),
        value=start,
        key=_LINES,
        height=140,
        bind="query-params" if travels else None,
        persist_state="session",
        help=t("Press Ctrl+Enter, or click outside the field, to read the lines."),
    )
    if not travels:
        st.caption(t("This list is too long for a link: it is kept until this tab is reloaded or closed."))
    return pasted or ""


def _from_lines(text: str) -> SentenceFile:
    """Raises BadInput where more was pasted than a page's message brings."""
    if len(text) > LONGEST_TEXT:
        template = "More than {limit} characters were pasted. Paste a part of them, or send them as a file."
        raise BadInput(template, limit=LONGEST_TEXT)
    return read_in_turn("pasted", text, lambda: read_pasted(text))


def _read(name: str, data: bytes, options: Options) -> SentenceFile:
    return read_in_turn("sentences", data, lambda: read_upload(data, name, options), name, options)


def _from_file() -> SentenceFile | None:
    """The sent file, read as detected or as chosen; None before there is one."""
    upload_field(
        t(
            "TXT with one sentence per line, CSV, TSV, JSONL, subtitles (SRT, VTT, SBV) or an exported WhatsApp chat: "
            "up to {mb} MB and {n} sentences",
            mb=MAX_UPLOAD_BYTES // 2**20,
            n=MAX_SENTENCES,
        ),
        types=_TYPES,
        most_bytes=MAX_UPLOAD_BYTES,
        key=_UPLOAD,
        on_change=_keep_file,
    )
    sent_file: Kept[tuple[str, bytes]] | None = st.session_state.get(_SENT_FILE)
    if sent_file is None:
        st.caption(t("The file is read here and is not stored: it is forgotten when this tab is reloaded or closed."))
        return None
    name, data = sent_file.item
    if st.session_state.get(_UPLOAD) is None:
        st.text(t("File: {name}", name=name))
    return _in_column(name, data, (options := _options()), _read(name, data, options))


def _keep_file() -> None:
    """Callback: the file outlives the uploader, which forgets it when another page is visited."""
    sent = st.session_state.get(_UPLOAD)
    st.session_state[_SENT_FILE] = Kept((sent.name, sent.getvalue()), sent.size) if sent else None


def _options() -> Options:
    """The person's own choices; the first entry of each list leaves it to detection."""
    with st.expander(t("Reading options")):
        columns = st.columns(3)
        kind = _choice(columns[0], t("Kind of file"), _kinds(), "kind")
        encoding = _choice(columns[1], t("Encoding"), {name: name for name in ENCODINGS}, "encoding")
        if kind not in (None, "csv", "tsv"):
            return Options(encoding=encoding, kind=kind)
        separators = {mark: _separator(mark) for mark in (*DELIMITERS, "")}
        delimiter = _choice(columns[2], t("Separator"), separators, "delimiter")
        rows = {"names": t("names of the columns"), "sentence": t("already a sentence")}
        first = _choice(columns[0], t("First row"), rows, "first_row")
        marks = {"around": t("around cells"), "text": t("part of the text")}
        quotes = _choice(columns[1], t("Quotation marks"), marks, "quotes")
    return Options(
        encoding,
        delimiter,
        None if first is None else first == "names",
        quotes=None if quotes is None else quotes == "around",
        kind=kind,
    )


def _choice(column, label: str, labels: dict[str, str], key: str) -> str | None:
    return column.selectbox(
        label,
        (None, *labels),
        format_func=lambda name: t("detect") if name is None else labels[name],
        key=f"reading_{key}",
        persist_state="session",
    )


def _in_column(name: str, data: bytes, options: Options, sentence_file: SentenceFile) -> SentenceFile:
    """``sentence_file`` read again from another column, if the person chose one."""
    if len(sentence_file.columns) < 2:
        return sentence_file
    column = st.selectbox(
        t("Column of the sentences"),
        sentence_file.columns,
        index=sentence_file.columns.index(sentence_file.column or sentence_file.columns[0]),
        key=f"column_{hash((name, sentence_file.columns))}",
        persist_state="session",
    )
    if column in (None, sentence_file.column):
        return sentence_file
    return _read(name, data, replace(options, column=column))


def _separator(mark: str) -> str:
    names = {
        "\t": t("tab"),
        ";": t("semicolon (;)"),
        ",": t("comma (,)"),
        "|": t("bar (|)"),
        "": t("none, one column"),
    }
    return names.get(mark, mark)
