"""What can be taken away from Explore, and what every file says of where it comes from.

The picture itself is saved where it is drawn (assets/components/attention/files.js). Files are made when they are asked
for, not on every rerun; nothing here translates inside such a moment, when the visitor's language is out of reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import export
from core.export.latex import LARGEST
from core.studies.examples import dependencies
from core.tracing.trace import Trace
from core.views.view import View

from ..components.attention import Offer
from ..components.choices import PICTURES
from ..components.selection import Selection
from ..shell.locale import language, t
from ..shell.modes import link
from .selection_link import link_rules, said_of

TENSOR_LIMIT = 300_000_000  # bytes before compression: what one visitor may ask of the server's memory


def offer(
    trace: Trace, view: View, change: dict[str, Any] | None = None, first: tuple[int, int] | None = None
) -> Offer:
    """Pictures, files and changes that Explore offers; ``first``: the head that stays out of the link, on the page
    whose choices are written into the link by the browser.
    """
    return Offer(
        link=None if first is None else link_rules(view, first),
        waits=first is not None and (view.kind == "encoder" or trace.logits is None),
        pictures=PICTURES,
        files=True,
        change=change,
        dependencies=tuple(dependencies(trace, view)),
        record=source(trace, view),
        note=export.citation(export.record(trace, view), language()),
    )


def source(trace: Trace, view: View) -> dict[str, Any]:
    """Where the maps of a view come from.

    The date and the head are those of the saving, so that the packet stays as it is.
    """
    return {key: value for key, value in export.record(trace, view).items() if key != "date"}


def export_panel(trace: Trace, view: View, selection: Selection, start: tuple[int, int]) -> None:
    """Made once it is opened: numbers of the chosen heads, tensors of all, the page as one file, and a line to cite.

    ``start``: the window in view, as `attention_explorer` takes it.
    """
    panel = st.popover(t("Export"), key="exports", on_change="rerun")
    if not panel.open:
        return
    with panel:
        _panel(trace, view, selection, start)


def _panel(trace: Trace, view: View, selection: Selection, start: tuple[int, int]) -> None:
    heads = selection.chosen_heads
    record = export.record(trace, view, heads, link=link(said=said_of(selection)) or None)
    st.markdown(t("**The heads in view**, as numbers"))
    with st.container(horizontal=True):
        _file("CSV", lambda: export.csv_text(view, heads, record).encode("utf-8-sig"), "csv", "text/csv")
        _file("JSON", lambda: export.json_text(view, heads, record), "json", "application/json")
        _latex(view, heads, record)
    st.markdown(t("**All heads**, as a page that opens without the internet"))
    tongue = language()
    _file("HTML", lambda: export.html_page(view, heads, record, language=tongue, start=start), "html", "text/html")
    _tensors(trace)
    st.markdown(t("**To cite**"))
    st.code(export.citation(record, language()), language=None, wrap_lines=True)
    st.caption(
        t(
            "The picture itself (SVG, PNG) is saved under it. Every file says which model, sentence, "
            "options and versions it comes from."
        )
    )


def _latex(view: View, heads: list[tuple[int, int]], record: dict[str, Any]) -> None:
    tongue = language()
    small = max(len(view.query), len(view.key)) <= LARGEST
    _file(
        "LaTeX",
        lambda: export.latex_text(view, heads, record, language=tongue),
        "tex",
        "application/x-tex",
        disabled=not small,
        why=None if small else t("A table of up to {n} × {n} tokens fits a page; this one is larger.", n=LARGEST),
    )


def _tensors(trace: Trace) -> None:
    """Q, K, V and attention of every head and layer, where the memory allows."""
    size = tensor_bytes(trace)
    st.markdown(
        t(
            "**Q, K, V and attention** of every head, as tensors ({mb} MB before compression)",
            mb=max(1, round(size / 1e6)),
        )
    )
    fits = size <= TENSOR_LIMIT
    why = (
        None
        if fits
        else t(
            "More than {mb} MB: shorten the sentence, or use the command line: python -m core capture.",
            mb=TENSOR_LIMIT // 1_000_000,
        )
    )
    with st.container(horizontal=True):
        _file("NPZ", lambda: export.npz_bytes(trace), "npz", "application/octet-stream", disabled=not fits, why=why)
        _file(
            "safetensors",
            lambda: export.safetensors_bytes(trace),
            "safetensors",
            "application/octet-stream",
            disabled=not fits,
            why=why,
        )


def tensor_bytes(trace: Trace) -> int:
    """Bytes of every map, query, key and value as float32."""
    total = 0
    for kind in trace.kinds:
        query, key = (len(side) for side in trace.sides(kind))
        for layer in trace.attending(kind):
            record = trace.record(layer, kind)
            width = 0 if record.vectors is None else record.vectors.query.shape[-1]
            total += 4 * record.heads * (query * key + width * (query + 2 * key))
    return total


def _file(
    name: str,
    make: Callable[[], str | bytes],
    suffix: str,
    mime: str,
    *,
    disabled: bool = False,
    why: str | None = None,
) -> None:
    st.download_button(
        name, make, f"mirante.{suffix}", mime, key=f"export_{suffix}", on_click="ignore", disabled=disabled, help=why
    )
