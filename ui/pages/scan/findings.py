"""The list of the page "Scan": each finding as one sentence with its null, and a link to where it can be seen.

Not here: what is found (core/studies/scan.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import BoundedSemaphore

import streamlit as st

from core.axes import head_name
from core.errors import BadInput
from core.studies.scan import Scan, Surprise, scan, scan_document

from ...explorer.method_names import method_names
from ...serving import cache
from ...serving.bounds import SCANS_AT_ONCE
from ...serving.long_work import work
from ...shell.links import page_address
from ...shell.locale import error_text, language, percent, plain, t, tn
from ...shell.numbers import decimal
from ...shell.state import Chosen

_PLACES = BoundedSemaphore(SCANS_AT_ONCE)
SECONDS = 15.0  # of a bundled model and a sentence of ten words on one quiet thread, measured


def scanned(chosen: Chosen) -> Scan | None:
    """The scan of the sentence; None while nobody has agreed to what it costs."""
    model = cache.language_model(chosen)
    words = max(5, len(chosen.sentence.split()))
    return work(
        (chosen.model, chosen.device, chosen.precision, chosen.sentence),
        lambda progress: _one_of_few(lambda: scan(model, chosen.sentence, progress=progress)),
        seconds=SECONDS * words / 10 * max(0.5, model.parameters / 7e6),
        name="scan",
    )


def _one_of_few(make: Callable[[], Scan]) -> Scan:
    """As many at once as the server allows: each keeps some megabytes and takes turns with all pages.

    Raises:
        BadInput: as many are being computed.
    """
    if not _PLACES.acquire(blocking=False):
        raise BadInput(
            "This server computes {n} scans at once, and so many are being computed. Try again in a minute.",
            n=SCANS_AT_ONCE,
        )
    try:
        return make()
    finally:
        _PLACES.release()


def show_findings(result: Scan, chosen: Chosen) -> None:
    """At most ten sentences, the most surprising first; that there is nothing is said too."""
    with st.container(key="findings"):
        st.markdown(t("Asked of: “{text}”", text=plain(result.text)))
        if not result.surprises:
            st.info(
                t(
                    "Nothing about this sentence lies beyond its null: in all that was looked at, it is for this model "
                    "one like {n} others.",
                    n=result.references,
                )
            )
        for number, surprise in enumerate(result.surprises, 1):
            st.markdown(f"{number}. {_said(surprise, result)} [{t('See it')}]({_link(surprise, result, chosen)})")
    for reason in {str(message): message for message in result.missing.values()}.values():
        st.caption(plain(error_text(reason)))
    _caution(result)
    st.download_button(
        t("Download everything (JSON)"),
        json.dumps(scan_document(result), ensure_ascii=False, indent=1),
        "mirante-scan.json",
        "application/json",
        on_click="ignore",
    )


def _said(surprise: Surprise, result: Scan) -> str:
    if surprise.kind == "look":
        return t(
            "**{head}** looks from “{query}” to “{key}” with **{value}**. At this distance it gives {ordinary} on "
            "average; in {n} other sentences it went up to {extreme}. The largest look between two words in {twins} "
            "untrained models of this shape: {twin}.",
            head=head_name(surprise.layer, surprise.head, t("L")),
            query=plain(surprise.query or ""),
            key=plain(surprise.key or ""),
            value=percent(surprise.value),
            ordinary=percent(surprise.ordinary),
            n=result.references,
            extreme=percent(min(1.0, surprise.extreme)),
            twins=result.twins,
            twin=percent(result.twin_look or 0.0),
        )
    if surprise.kind == "cut":
        return t(
            "Where the position that answers may not look at **{key}**, the score of “{answer}” moves by **{value} "
            "nats**. The largest such move in {n} other sentences: {extreme}; on average the largest is {ordinary}.",
            key=plain(surprise.key or ""),
            answer=plain(result.answer or ""),
            value=_signed(surprise.value),
            n=result.references,
            extreme=decimal(surprise.extreme, 2),
            ordinary=decimal(surprise.ordinary, 2),
        )
    names = method_names() | {"knockout": t("Knockout (edges cut)")}
    first, second = surprise.methods or ("", "")
    return t(
        "**{first}** and **{second}** order the words of this sentence further apart than any two methods in any of "
        "{n} others: Spearman's ρ is **{value}** (these two in the others: {ordinary} on average, {extreme} at the "
        "lowest).",
        first=names[first],
        second=names[second],
        n=result.references,
        value=_signed(surprise.value),
        ordinary=_signed(surprise.ordinary),
        extreme=_signed(surprise.extreme),
    )


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + decimal(value, 2)


def _link(surprise: Surprise, result: Scan, chosen: Chosen) -> str:
    """Explore at the head and word, or the causes, or the paths, with the text as it was asked."""
    shared = {"model": chosen.model, "sentence": result.text, "lang": language()}
    if surprise.kind == "look":
        held = {
            "layer": surprise.layer + 1,
            "head": surprise.head + 1,
            "token": f"{surprise.query_position}:{surprise.query}",
        }
        return page_address("explorar", shared | held)
    return page_address("causa" if surprise.kind == "cut" else "caminhos", shared)


def _caution(result: Scan) -> None:
    """How many numbers were looked at, and what the list would hold by luck."""
    st.caption(
        tn(
            "Looked at: {looks} looks of heads, {cuts} cuts, {pairs} pair of methods. ",
            "Looked at: {looks} looks of heads, {cuts} cuts, {pairs} pairs of methods. ",
            result.tested["disagreement"],
            looks=result.tested["look"],
            cuts=result.tested["cut"],
            pairs=result.tested["disagreement"],
        )
        + t(
            "Each is measured in its own standard deviations and listed only beyond the largest of its whole kind in "
            "every other sentence: of sentences like the others, a kind lists anything in at most one of {n}. The "
            "other sentences are ordinary ones, joined or cut to as many words; a sentence of another sort (a "
            "question, rare words) may stand out for that alone.",
            n=result.references + 1,
        )
    )
