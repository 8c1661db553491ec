"""Patching: activations of this sentence put into the run of another one, everywhere in turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.patching import Patched, check_pair, patch
from core.axes import head_name
from core.errors import BadInput
from core.figures.grid import grid
from core.figures.theme import label
from core.predictions.masked import can_mask
from core.tracing.trace import Trace

from ...explorer.head_notation import head_notation
from ...explorer.numbers_file import offer_numbers
from ...explorer.question import Posed, number
from ...explorer.run_cost import run_seconds
from ...serving import cache
from ...serving.long_work import work
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from ...shell.state import Chosen
from ...shell.tables import show_table
from .link import pick_acts

_OTHER_SENTENCE = "other"


def show_patches(chosen: Chosen, posed: Posed) -> None:
    """The other sentence, and three maps of what is restored where."""
    with beside_title():
        kind = pick_acts(posed.trace, cross=False)
    other = _other(chosen, posed)
    if other is None:
        return
    n, layers, heads = posed.trace.record(0, kind).size[0], posed.trace.layers(kind), posed.trace.heads(kind)
    patched = work(
        (*posed.key, kind, other),
        lambda progress: patch(posed.model, posed.trace, other, posed.question, kind, progress=progress),
        seconds=run_seconds(posed.model, posed.trace) * layers * (2 * n + heads),
        name="patch",
    )
    if patched is None:
        return
    side = posed.trace.sides(kind)[0]
    pieces = [
        piece if piece == other_piece else f"{piece}/{other_piece}"
        for piece, other_piece in zip(side.pieces, (other.sides(kind)[0]).pieces, strict=True)
    ]
    picture, words = picture_beside_words()
    with picture:
        title = t("The stream after a layer, at one place")
        st.markdown(f"**{title}**")
        _map(patched.streams, pieces, key="patch_streams")
    with words:
        _say(patched, pieces)
    st.subheader(t("What the attention of a layer gives one place"), anchor=False)
    _map(patched.attention, pieces, key="patch_attention")
    st.subheader(t("One head, at every place"), anchor=False)
    _head_map(patched.heads, key="patch_heads")
    st.caption(
        t(
            "Each cell is one run of the other sentence with one activation of this one: 0% nothing is "
            "restored, 100% the whole difference, below 0 it moves away. "
            "High means that the difference passes through there, not that it is worked out there."
        )
        + " "
        + head_notation()
    )
    _table(patched, pieces)
    offer_numbers(
        posed,
        kind,
        "patch",
        {
            "clean_nats": patched.clean,
            "corrupted_nats": patched.corrupted,
            "tokens": pieces,
            "stream": patched.streams,
            "attention": patched.attention,
            "heads": patched.heads,
        },
        other_sentence=other.text,
    )


def _table(patched: Patched, pieces: list[str]) -> None:
    """Every cell of the three maps as a row, the largest share first."""
    title = t("Table: what every exchange restores")
    with st.expander(title):
        maps = {t("the stream"): patched.streams, t("attention's output"): patched.attention}
        rows = [
            (name, f"{t('L')}{layer + 1}", f"{place + 1} · {pieces[place]}", float(share))
            for name, shares in maps.items()
            for (layer, place), share in np.ndenumerate(shares)
        ] + [
            (t("one head"), head_name(layer, head, t("L")), t("everywhere"), float(share))
            for (layer, head), share in np.ndenumerate(patched.heads)
        ]
        rows.sort(key=lambda row: -row[3])
        columns = [t("What is exchanged"), t("Where"), t("Place"), t("share restored")]
        show_table(pd.DataFrame(rows, columns=columns), title=title, shares=columns[-1:])


def _map(shares: np.ndarray, pieces: list[str], *, key: str) -> None:
    """Shares of the difference that are restored, (layer, position), 0 … 1 or beyond."""
    names = [f"{t('L')}{layer + 1}" for layer in range(len(shares))]
    hover = [
        [f"{name} · {label(piece)}: {exact(float(share))}" for piece, share in zip(pieces, row, strict=True)]
        for name, row in zip(names, shares, strict=True)
    ]
    reach = max(1.0, float(np.abs(shares).max()))
    chart(grid(shares, names, pieces, look=look(), hover=hover, signed=True, reach=reach, percent=True), key=key)


def _head_map(shares: np.ndarray, *, key: str) -> None:
    """Shares of the difference that each head restores, (layer, head), 0 … 1 or beyond."""
    layers, heads = shares.shape
    hover = [[f"{head_name(i, j, t('L'))}: {exact(float(shares[i, j]))}" for j in range(heads)] for i in range(layers)]
    figure = grid(
        shares,
        [f"{t('L')}{layer + 1}" for layer in range(layers)],
        [str(head + 1) for head in range(heads)],
        look=look(),
        hover=hover,
        signed=True,
        reach=max(1.0, float(np.abs(shares).max())),
        percent=True,
        below=t("Head"),
    )
    chart(figure, key=key)


def _other(chosen: Chosen, posed: Posed) -> Trace | None:
    """The trace of the other sentence, asked in the same way; None before one is written."""
    text = st.text_input(
        t("The other sentence"),
        key=_OTHER_SENTENCE,
        bind="query-params",
        max_chars=1000,
        placeholder=t(
            "The same sentence with one word exchanged for another of as many tokens: jarra for garrafa, copo "
            "for balde."
        ),
    ).strip()
    if not text:
        st.caption(
            t(
                "This sentence: “{text}”. Write the other one; what differs should be one word.",
                text=plain(posed.trace.text),
            )
        )
        return None
    if posed.trace.target is not None:
        other = cache.trace(chosen, text, posed.trace.target.text)
        check_pair(posed.trace, other)
        return other
    if can_mask(posed.model):
        text = _hidden(text, posed)
    other = cache.trace(replace(chosen, sentence=text), text)
    check_pair(posed.trace, other)
    if can_mask(posed.model) and other.tokens.ids[posed.question.position] != posed.model.tokenizer.mask_token_id:
        raise BadInput(
            "In the other sentence the hidden word stands at another position: exchange words that make as many tokens."
        )
    return other


def _hidden(text: str, posed: Posed) -> str:
    """The other sentence with the word at the same place hidden too, unless a mask is written already.

    Raises:
        BadInput: the word does not stand there.
    """
    mask = posed.model.tokenizer.mask_token
    if mask in text or posed.word_index is None:
        return text
    from core.tracing.captures import read_tokens

    tokens = read_tokens(posed.model, text)
    if posed.word_index >= len(tokens.words) or tokens.words[posed.word_index] != posed.word:
        raise BadInput(
            "The word “{word}” does not stand at the same place in “{text}”: exchange another word, and "
            "keep this one where it is.",
            word=posed.word,
            text=text,
        )
    start, stop = tokens.word_spans[posed.word_index]
    return text[:start] + mask + text[stop:]


def _say(patched: Patched, pieces: list[str]) -> None:
    """Both scores, and where most of their difference is restored."""
    layer, head = np.unravel_index(int(patched.heads.argmax()), patched.heads.shape)
    st.markdown(
        t(
            "The score is **{clean}** nats here and **{corrupted}** in the other sentence. Of {n} heads, the one that "
            "restores most of that difference is **{head}** ({share}); half of them move it by less than {middle}.",
            clean=number(patched.clean),
            corrupted=number(patched.corrupted),
            n=patched.heads.size,
            head=head_name(int(layer), int(head), t("L")),
            share=percent(float(patched.heads[layer, head])),
            middle=exact(float(np.median(np.abs(patched.heads))), 1),
        )
    )
    where = np.unravel_index(int(patched.attention.argmax()), patched.attention.shape)
    st.markdown(
        t(
            "Of what attention gives, most of {n} places is restored in layer {layer} at **{token}** ({share}); half "
            "of them move it by less than {middle}. One pair of sentences is one case.",
            n=patched.attention.size,
            middle=exact(float(np.median(np.abs(patched.attention))), 1),
            layer=int(where[0]) + 1,
            token=plain(pieces[int(where[1])]),
            share=percent(float(patched.attention[where])),
        )
    )
