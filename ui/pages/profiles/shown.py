"""The pictures of the page "Profiles": one metric of every head, the finder, the roles, the plane of heads."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from core.axes import Kind, head_name
from core.figures.grid import grid
from core.figures.spread import Group, plane, spread
from core.studies.profiles import METRICS, Profile
from core.studies.roles import ROLES, named
from core.tracing.trace import Trace

from ...explorer.metric_names import metric_names, metric_summary, role_names
from ...shell.charts import chart, look
from ...shell.locale import language, t, tn
from ...shell.numbers import exact
from ...shell.state import Chosen, publish, settle
from . import measured as computed
from .measured import Profiles

NAME = "behaviour"


def pick_name(found: Profiles) -> str:
    """A metric, or a role that some sentence could show."""
    known = {**metric_names(), **role_names()}
    options = tuple(name for name in (*METRICS, *ROLES) if not np.isnan(found.own.values[name]).all())
    settle(NAME, options, "entropy")
    name = st.pills(t("Heads by"), options, key=NAME, persist_state="session", format_func=known.get, required=True)
    publish(NAME, name, "entropy")
    return name


def show_metric(found: Profiles, name: str) -> None:
    """The map of one metric and its distribution beside the random twin's."""
    own = found.own.means(name)
    layers, heads = own.shape
    st.markdown(_say(found, name, own))
    st.caption(metric_summary(name))
    rows = [f"{t('L')}{i + 1}" for i in range(layers)]
    hover = [
        [f"{head_name(i, j, t('L'))}: {_text(found.own, name, i, j)}" for j in range(heads)] for i in range(layers)
    ]
    chart(
        grid(
            own,
            rows,
            [str(j + 1) for j in range(heads)],
            look=look(),
            hover=hover,
            below=t("Head"),
            reach=None if name == "distance" else max(1e-9, float(np.nanmax(own))),
        ),
        key="profile_map",
    )
    groups = [Group(t("this model"), own.ravel(), [text for row in hover for text in row])]
    if found.twin is not None:
        other = found.twin.means(name)
        groups.append(
            Group(
                t("random twin"),
                other.ravel(),
                [f"{head_name(i, j, t('L'))}: {_number(name, float(other[i, j]))}" for i, j in np.ndindex(other.shape)],
            )
        )
    chart(
        spread(groups, look=look(), title={**metric_names(), **role_names()}[name], percent=name != "distance"),
        key="profile_spread",
    )


def show_finder(chosen: Chosen, found: Profiles, name: str, kind: Kind) -> None:
    """Heads that …: every head as a row, the chosen metric first; each a link into Explore."""
    st.subheader(t("Heads that …"), anchor=False)
    known = {**metric_names(), **role_names()}
    names = [one for one in (*METRICS, *ROLES) if not np.isnan(found.own.values[one]).all()]
    order = [name, *(one for one in names if one != name)]
    places = sorted(np.ndindex(found.own.means(name).shape), key=lambda place: -_or(found.own.means(name)[place], -1))
    rows = []
    for layer, head in places:
        own = found.own.estimate(name, layer, head)
        interval = "—" if own.low is None else f"{_number(name, own.low)} – {_number(name, own.high)}"
        roles = ", ".join(role_names()[role] for role in named(found.own.roles(layer, head)))
        rows.append(
            [
                head_name(layer, head, t("L")),
                roles or "—",
                *(_value(one, float(found.own.means(one)[layer, head])) for one in order),
                interval,
                own.n,
                _link(chosen, layer, head, kind),
            ]
        )
    columns = [t("Head"), t("Roles"), *(known[one] for one in order), t("95% interval"), t("sentences"), t("See it")]
    config = {
        known[one]: st.column_config.NumberColumn(format="percent" if one != "distance" else "%.1f") for one in order
    }
    config[t("See it")] = st.column_config.LinkColumn(display_text=t("Explore"))
    st.dataframe(
        pd.DataFrame(rows, columns=columns), hide_index=True, alt=t("Every head with its metrics"), column_config=config
    )
    st.caption(
        t(
            "A role is named only from {rows} rows on, with a score of at least 50% and twice that of an "
            "even map. Rows that could show each role here: {counts}.",
            rows=5,
            counts="; ".join(f"{role_names()[role]} {n}" for role, n in found.own.rows.items()),
        )
    )


def show_plane(chosen: Chosen, trace: Trace, kind: Kind) -> None:
    """Heads that look alike on this sentence lie near each other."""
    st.subheader(t("Which heads look alike?"), anchor=False)
    found = computed.plane(chosen, trace, kind)
    if found is None:
        return
    places, held = found
    order = list(np.ndindex(trace.layers(kind), trace.heads(kind)))
    chart(
        plane(
            places,
            [head_name(*place, t("L")) for place in order],
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
            "them. Directions mean nothing.",
            share=exact(held, 0),
        )
    )


def _say(found: Profiles, name: str, own: np.ndarray) -> str:
    layer, head = np.unravel_index(int(np.nanargmax(own)), own.shape)
    known = {**metric_names(), **role_names()}
    n, best, value = (
        found.own.sentences,
        head_name(int(layer), int(head), t("L")),
        _text(found.own, name, int(layer), int(head)),
    )
    text = tn(
        "**{name}** over {n} sentence: highest in **{head}** ({value}).",
        "**{name}** over {n} sentences: highest in **{head}** ({value}).",
        n,
        name=known[name],
        head=best,
        value=value,
    )
    if found.twin is not None and not np.isnan(other := found.twin.means(name)).all():
        text += " " + t(
            "The random twin's heads lie between {low} and {high}.",
            low=_number(name, float(np.nanmin(other))),
            high=_number(name, float(np.nanmax(other))),
        )
    return text


def _text(profile: Profile, name: str, layer: int, head: int) -> str:
    own = profile.estimate(name, layer, head)
    if own.value is None:
        return "—"
    text = _number(name, own.value)
    return text if own.low is None else f"{text} ({_number(name, own.low)} – {_number(name, own.high)}, n = {own.n})"


def _number(name: str, value: float) -> str:
    return f"{value:.1f}".replace(".", look().decimal) if name == "distance" else exact(value, 1)


def _value(name: str, value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _or(value: float, otherwise: float) -> float:
    return otherwise if np.isnan(value) else float(value)


def _link(chosen: Chosen, layer: int, head: int, kind: Kind) -> str:
    return "/explorar?" + urlencode(
        {
            **({} if kind == "self" else {"kind": kind}),
            "model": chosen.model,
            "sentence": chosen.sentence,
            "layer": layer + 1,
            "head": head + 1,
            "lang": language(),
        }
    )
