"""Where a number comes from: the record that every export carries, and one line to cite it by.

Inside: `record` (ready for JSON), `citation` (pt and en). Not inside: how a format carries them. The sentences of a
citation are kept here, both languages beside each other, because core writes them without a page and its translator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from ..attention.edits import Edit
from ..axes import head_name
from ..tracing.trace import Trace
from ..views.difference import Difference
from ..views.view import View

Language = Literal["pt", "en"]
SAID = {
    "pt": {
        "version": "Mirante {version}",
        "one": "camada {layer}, cabeça {head}",
        "mean": "média das cabeças {heads}",
        "model": "{model} (revisão {revision})",
        "kind": "atenção {kind}",
        "text": "frase “{text}”",
        "target": "alvo “{text}”",
        "less": "menos a frase “{text}”",
        "edited": "com intervenção",
        "renormalised": "linhas reescaladas a 100%",
        "value_norm": "pesos × norma do valor",
        "hidden": "sem {names}",
        "of": " de ",
    },
    "en": {
        "version": "Mirante {version}",
        "one": "layer {layer}, head {head}",
        "mean": "mean of heads {heads}",
        "model": "{model} (revision {revision})",
        "kind": "{kind} attention",
        "text": "sentence “{text}”",
        "target": "target “{text}”",
        "less": "minus the sentence “{text}”",
        "edited": "with an intervention",
        "renormalised": "rows rescaled to 100%",
        "value_norm": "weights × value norm",
        "hidden": "without {names}",
        "of": " of ",
    },
}
QUOTED = 300  # characters of a sentence that a citation holds
KIND_NAMES = {
    "pt": {"encoder": "do codificador", "decoder": "do decodificador", "cross": "cruzada"},
    "en": {"encoder": "encoder", "decoder": "decoder", "cross": "cross"},
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
    found = {
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
    return found | {name: value for name, value in more.items() if value}


def citation(record: dict[str, Any], language: Language = "pt") -> str:
    """One line to copy: ``Mirante 0.1.0, camada 4, cabeça 3 de mirante-encoder-pt (revisão …), frase “…”, 2026-11-21,
    LINK``.
    """
    said, options = SAID[language], record["options"]
    model = said["model"].format(model=record["model"], revision=record["revision"])
    parts = [
        said["version"].format(version=record["versions"]["mirante"]),
        *_which(options, said, KIND_NAMES[language], model),
        said["text"].format(text=_line(record["sentence"])),
        said["less"].format(text=_line(record["compared_with"])) if "compared_with" in record else "",
        said["target"].format(text=_line(record["target"])) if record["target"] else "",
        said["value_norm"] if options.get("weight") == "value_norm" else "",
        said["hidden"].format(names="/".join(options["hidden_names"])) if options.get("hidden_names") else "",
        said["renormalised"] if options.get("renormalised") else "",
        said["edited"] if options["edits"] else "",
        record["date"][:10],
        record.get("link", ""),
    ]
    return ", ".join(part for part in parts if part)


def _which(options: dict[str, Any], said: dict[str, str], kinds: dict[str, str], model: str) -> list[str]:
    """The heads and the model that they are of."""
    heads = options.get("heads", [])
    if not heads:
        return [model]
    names = ", ".join(head_name(head["layer"] - 1, head["head"] - 1, "") for head in heads)
    first = said["one"].format(**heads[0]) if len(heads) == 1 else said["mean"].format(heads=names)
    kind = said["kind"].format(kind=kinds[options["kind"]]) + ", " if options["kind"] in kinds else ""
    return [f"{kind}{first}{said['of']}{model}"]


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
    return list(dict.fromkeys(label for place, label in enumerate(labels) if place not in set(view.key.positions)))


def _edit(edit: Edit) -> dict[str, Any]:
    """An edit in JSON: its class and fields; None (everywhere) stays None, an array is told by its shape."""
    found: dict[str, Any] = {"edit": type(edit).__name__.lower()}
    for field in fields(edit):
        value = getattr(edit, field.name)
        found[field.name] = value + 1 if field.name in ("layer", "head") and value is not None else _plain(value)
    return found


def _plain(value: object) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": list(value.shape)}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (int, float, str, type(None))) else type(value).__name__
