"""The pictures of the page "Profiles": one metric of every head, the finder, the roles, the plane of heads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.axes import Kind, head_name
from core.figures.grid import grid
from core.figures.spread import Group, head_plane, spread
from core.studies.documents import shipped_document
from core.studies.profiles import METRICS, Profile
from core.studies.roles import ROLES, ROWS, named
from core.tracing.trace import Trace

from ...explorer.head_notation import head_notation
from ...explorer.metric_names import metric_names, metric_summary, role_names
from ...shell.charts import chart, look
from ...shell.frame import picture_beside_words
from ...shell.links import page_address
from ...shell.locale import language, t, tn
from ...shell.numbers import decimal, exact
from ...shell.state import Chosen, publish, settle
from ...shell.tables import show_table
from . import measured as computed
from .measured import Profiles

_NAME = "behaviour"


def pick_name(profiles: Profiles) -> str:
    """A metric, or a role that some sentence could show."""
    known = {**metric_names(), **role_names()}
    options = tuple(name for name in (*METRICS, *ROLES) if not np.isnan(profiles.model_profile.values[name]).all())
    settle(_NAME, options, "entropy")
    name = st.pills(t("Heads by"), options, key=_NAME, persist_state="session", format_func=known.get, required=True)
    publish(_NAME, name, "entropy")
    return name


def show_metric(chosen: Chosen, profiles: Profiles, name: str) -> None:
    """The map of one metric and its distribution beside the random twin's."""
    means = profiles.model_profile.means(name)
    layers, heads = means.shape
    picture, words = picture_beside_words()
    with words:
        st.markdown(_say(chosen, profiles, name, means))
        st.caption(metric_summary(name) + " " + head_notation())
    rows = [f"{t('L')}{i + 1}" for i in range(layers)]
    hover = [
        [f"{head_name(i, j, t('L'))}: {_text(profiles.model_profile, name, i, j)}" for j in range(heads)]
        for i in range(layers)
    ]
    with picture:
        chart(
            grid(
                means,
                rows,
                [str(j + 1) for j in range(heads)],
                look=look(),
                hover=hover,
                below=t("Head"),
                reach=None if name == "distance" else max(1e-9, float(np.nanmax(means))),
                percent=name != "distance",
            ),
            key="profile_map",
        )
    groups = [Group(t("this model"), means.ravel(), [text for row in hover for text in row])]
    if profiles.untrained is not None:
        untrained_means = profiles.untrained.means(name)
        groups.append(
            Group(
                t("random twin"),
                untrained_means.ravel(),
                [
                    f"{head_name(i, j, t('L'))}: {_number(name, float(untrained_means[i, j]))}"
                    for i, j in np.ndindex(untrained_means.shape)
                ],
            )
        )
    with picture:
        title = {**metric_names(), **role_names()}[name]
        chart(spread(groups, look=look(), title=title, percent=name != "distance"), key="profile_spread")


def show_finder(chosen: Chosen, profiles: Profiles, name: str, kind: Kind) -> None:
    """Heads that …: every head as a row, the chosen metric first; each a link into Explore."""
    st.subheader(t("Heads that …"), anchor=False)
    known = {**metric_names(), **role_names()}
    names = [metric for metric in (*METRICS, *ROLES) if not np.isnan(profiles.model_profile.values[metric]).all()]
    order = [name, *(metric for metric in names if metric != name)]
    ranked_heads = sorted(
        np.ndindex(profiles.model_profile.means(name).shape),
        key=lambda layer_head: -_or_else(profiles.model_profile.means(name)[layer_head], -1),
    )
    rows = []
    for layer, head in ranked_heads:
        estimate = profiles.model_profile.estimate(name, layer, head)
        interval = "—" if estimate.low is None else f"{_number(name, estimate.low)} – {_number(name, estimate.high)}"
        roles = ", ".join(role_names()[role] for role in named(profiles.model_profile.roles(layer, head)))
        rows.append(
            [
                head_name(layer, head, t("L")),
                roles or "—",
                *(_value(metric, float(profiles.model_profile.means(metric)[layer, head])) for metric in order),
                interval,
                estimate.n,
                _link(chosen, layer, head, kind),
            ]
        )
    columns = [
        t("Head"),
        t("Roles"),
        *(known[metric] for metric in order),
        t("95% interval"),
        t("sentences"),
        t("See it"),
    ]
    show_table(
        pd.DataFrame(rows, columns=columns),
        title=t("Every head with its metrics"),
        columns={t("See it"): st.column_config.LinkColumn(display_text=t("Explore"))},
        shares=[known[metric] for metric in order if metric != "distance"],
        digits=1,
    )
    st.caption(
        t(
            "A role is named only from {rows} rows on, with a score of at least 50% and twice that of an "
            "even map. Rows that could show each role here: {counts}.",
            rows=ROWS,
            counts="; ".join(f"{role_names()[role]} {n}" for role, n in profiles.model_profile.rows.items()),
        )
    )


def show_plane(chosen: Chosen, trace: Trace, kind: Kind) -> None:
    """Heads that look alike on this sentence lie near each other."""
    st.subheader(t("Which heads look alike?"), anchor=False)
    projection = computed.head_plane(chosen, trace, kind)
    if projection is None:
        return
    places, share = projection
    order = list(np.ndindex(trace.layers(kind), trace.heads(kind)))
    chart(
        head_plane(
            places,
            [head_name(*layer_head, t("L")) for layer_head in order],
            [layer for layer, _ in order],
            look=look(),
            prefix=t("L"),
        ),
        key="profile_plane",
    )
    st.caption(
        t(
            "Distances: Jensen–Shannon divergence of the heads' rows on this sentence, mean over rows "
            "(after Clark et al. 2019), brought into a plane by classical scaling, which holds {share} of "
            "them. Directions mean nothing. Heads are named where there is room; the others on hover.",
            share=exact(share, 0),
        )
    )


def _say(chosen: Chosen, profiles: Profiles, name: str, means: np.ndarray) -> str:
    """The highest head with its interval, beside the twin's; a role that too few rows could show names no head."""
    known = {**metric_names(), **role_names()}
    rows = profiles.model_profile.rows.get(name)
    layer, head = np.unravel_index(int(np.nanargmax(means)), means.shape)
    n = profiles.model_profile.estimate(name, int(layer), int(head)).n
    if rows is not None and rows < ROWS:
        return (
            tn(
                "**{name}**: {rows} rows of {n} sentence could show it, and {least} are needed: no head is named.",
                "**{name}**: {rows} rows of {n} sentences could show it, and {least} are needed: no head is named.",
                profiles.model_profile.sentences,
                name=known[name],
                rows=rows,
                least=ROWS,
            )
            + " "
            + _on_random_words(chosen, name)
        )
    text = tn(
        "**{name}** over {n} sentence{rows}: of {heads} heads, highest in **{head}** ({value}).",
        "**{name}** over {n} sentences{rows}: of {heads} heads, highest in **{head}** ({value}).",
        n,
        name=known[name],
        rows="" if rows is None else tn(" ({n} row)", " ({n} rows)", rows),
        heads=int((~np.isnan(means)).sum()),
        head=head_name(int(layer), int(head), t("L")),
        value=_text(profiles.model_profile, name, int(layer), int(head)),
    )
    if profiles.untrained is not None and not np.isnan(untrained_means := profiles.untrained.means(name)).all():
        text += " " + t(
            "The random twin's heads lie between {low} and {high}.",
            low=_number(name, float(np.nanmin(untrained_means))),
            high=_number(name, float(np.nanmax(untrained_means))),
        )
    return text + (" " + _on_random_words(chosen, name) if name in ROLES else "")


def _on_random_words(chosen: Chosen, role: str) -> str:
    """What the study that comes with the model found for a role; "" where there is none."""
    document = shipped_document(chosen.model, "roles")
    row = next((row for row in document["rows"] if row["role"] == role), None) if document else None
    if row is None:
        return ""
    score = row["score"]
    return t(
        "On random words said twice (Roles), **{head}** has {value} ({low} – {high}, n = {n}), and the best of the "
        "random twin {twin}.",
        head=head_name(row["layer"], row["head"], t("L")),
        value=exact(score["value"], 1),
        low=exact(score["low"], 1),
        high=exact(score["high"], 1),
        n=score["n"],
        twin=exact(row["twin"]["value"], 1),
    )


def _text(profile: Profile, name: str, layer: int, head: int) -> str:
    estimate = profile.estimate(name, layer, head)
    if estimate.value is None:
        return "—"
    text = _number(name, estimate.value)
    if estimate.low is None or estimate.high is None:
        return f"{text}, n = {estimate.n}"
    return f"{text} ({_number(name, estimate.low)} – {_number(name, estimate.high)}), n = {estimate.n}"


def _number(name: str, value: float) -> str:
    return decimal(value, 1) if name == "distance" else exact(value, 1)


def _value(name: str, value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _or_else(value: float, otherwise: float) -> float:
    return otherwise if np.isnan(value) else float(value)


def _link(chosen: Chosen, layer: int, head: int, kind: Kind) -> str:
    return page_address(
        "explorar",
        {
            **({} if kind == "self" else {"kind": kind}),
            "model": chosen.model,
            "sentence": chosen.sentence,
            "layer": layer + 1,
            "head": head + 1,
            "lang": language(),
        },
    )
