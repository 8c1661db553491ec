"""Where a number comes from: the record that every export carries, and one line to cite it by.

Inside: `record` (ready for JSON), `citation` (in a language of core.languages). Not inside: how a format carries them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ..attention.edits import Edit
from ..axes import Kind, head_name
from ..languages import DEFAULT, Language, translate
from ..tracing.trace import Trace
from ..views.difference import Difference
from ..views.view import View

QUOTED = 300  # characters of a sentence that a citation holds

OF_KIND: dict[Kind, str] = {
    "self": "{heads} of {model}",
    "encoder": "encoder attention, {heads} of {model}",
    "decoder": "decoder attention, {heads} of {model}",
    "cross": "cross attention, {heads} of {model}",
}


def record(
    trace: Trace,
    view: View | None = None,
    heads: Sequence[tuple[int, int]] = (),
    *,
    other: Trace | None = None,
    link: str | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Model, sentence, options and date of an export, ready for JSON.

    ``view`` and ``heads`` ((layer, head) from 0): what is shown of the trace; without them, all of it. ``other``: the
    second sentence of a difference. Layers, heads and edits are written from 1, as people count; ``positions`` of every
    format count from 0."""
    entries = {
        "program": "Mirante",
        "sentence": trace.text,
        "target": trace.target.text if trace.target else None,
        "target_generated": trace.generated,
        **trace.provenance.as_dict(),
        "options": {**(_options(trace, view, heads) if view else {}), "edits": [_edit(edit) for edit in trace.edits]},
        "counted_from": {"layer": 1, "head": 1, "position": 0},
        "date": (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
    }
    more = {"compared_with": other.text if other else None, "link": link}
    return entries | {name: value for name, value in more.items() if value}


def citation(record: dict[str, Any], language: Language = DEFAULT) -> str:
    """One line to copy: ``Mirante 0.1.0, camada 4, cabeça 3 de mirante-encoder-pt (revisão …), frase “…”, 2026-11-21,
    LINK``.
    """
    options, parts = record["options"], [f"Mirante {record['versions']['mirante']}", _which(record, language)]
    parts.append(translate("sentence “{text}”", language, text=_line(record["sentence"])))
    if "compared_with" in record:
        parts.append(translate("minus the sentence “{text}”", language, text=_line(record["compared_with"])))
    if record["target"]:
        parts.append(translate("target “{text}”", language, text=_line(record["target"])))
    if options.get("weight") == "value_norm":
        parts.append(translate("weights × value norm", language))
    if options.get("hidden_names"):
        parts.append(translate("without {names}", language, names="/".join(options["hidden_names"])))
    if options.get("renormalised"):
        parts.append(translate("rows rescaled to 100%", language))
    if record["mixing"]["state"] == "some":
        parts.append(translate("words also mix outside attention", language))
    if options["edits"]:
        parts.append(translate("with an intervention", language))
    return ", ".join([*parts, record["date"][:10], *([record["link"]] if record.get("link") else [])])


def _which(record: dict[str, Any], language: Language) -> str:
    """The heads and the model that they are of."""
    options, heads = record["options"], record["options"].get("heads", [])
    model = translate("{model} (revision {revision})", language, model=record["model"], revision=record["revision"])
    if not heads:
        return model
    names = ", ".join(head_name(head["layer"] - 1, head["head"] - 1, "") for head in heads)
    if len(heads) == 1:
        name = translate("layer {layer}, head {head}", language, **heads[0])
    else:
        name = translate("mean of heads {heads}", language, heads=names)
    msgid = OF_KIND[options["kind"]]
    return translate(msgid, language, heads=name, model=model)


def _line(text: str) -> str:
    """A text as part of one line; the record has all of a long one."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[:QUOTED].rsplit(" ", 1)[0] + " …"


def _options(trace: Trace, view: View, heads: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {
        "kind": view.kind,
        "weight": view.weight,
        "unit": "words" if view.words else "pieces",
        "merge": "sum over the pieces of a key word, mean over those of a query word" if view.words else None,
        "special_tokens": "shown" if _shows_specials(trace, view) else "hidden",
        "special_names": list(
            dict.fromkeys(label for label, special in zip(view.key.labels, view.key.special, strict=True) if special)
        ),
        "hidden_names": _hidden_names(trace, view),
        "first_word": "shown" if _shows_first(view) else "hidden",
        "renormalised": view.renormalised,
        "rows": view.rows,
        "heads": [{"layer": layer + 1, "head": head + 1} for layer, head in heads],
    }


def _shows_specials(trace: Trace, view: View) -> bool:
    """Hidden means that the side that is looked at has some and that none of them is here."""
    return isinstance(view, Difference) or any(view.key.special) or not any(trace.sides(view.kind)[1].special)


def _shows_first(view: View) -> bool:
    return view.key.opening is None or view.key.opening in view.key.positions


def _hidden_names(trace: Trace, view: View) -> list[str]:
    """Tokens of the side that is looked at that the view leaves out, each name once; a difference names its own."""
    if isinstance(view, Difference):
        return []
    key = trace.sides(view.kind)[1]
    labels = key.words if view.words else key.pieces
    visible = set(view.key.positions)
    return list(dict.fromkeys(label for position, label in enumerate(labels) if position not in visible))


def _edit(edit: Edit) -> dict[str, Any]:
    """An edit in JSON: its class and fields; None (everywhere) stays None, an array is written as its shape."""
    entries: dict[str, Any] = {"edit": type(edit).__name__.lower()}
    for field in fields(edit):
        value = getattr(edit, field.name)
        entries[field.name] = value + 1 if field.name in ("layer", "head") and value is not None else _plain(value)
    return entries


def _plain(value: object) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": list(value.shape)}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    return value if isinstance(value, (int, float, str, type(None))) else type(value).__name__
