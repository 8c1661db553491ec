"""Every option of Explore, once: its name in the link, its values, its default and its texts.

``DRAWN`` are decided in the browser and change the picture: they are fields of `Selection` (selection.py), keys of
the packet and of the component's state, and of the link. ``SHOWN`` are decided by widgets and change what of a trace
is drawn: arguments of core.views.view.view. From these tables come the link (ui/explorer/selection_link.py), the
widgets (ui/explorer/view_options.py), the words of the explorer (texts.py), those of saved pages
(tools/standalone_texts.py) and the property tests (tests/ui/test_looking.py, tests/ui/test_choices.py). Not here:
held words and chosen heads, which are no options; what an option does (core/views/view.py, JavaScript).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from core.errors import Message
from core.metrics.heads import HEAD_CARDS
from core.views.head_metrics import HEAD_METRICS

if TYPE_CHECKING:
    from core.axes import Kind
    from core.tracing.trace import Trace

Picture = Literal["matrix", "lines", "arcs", "heads", "map"]
Cut = Literal["top", "least"]
PICTURES: tuple[Picture, ...] = get_args(Picture)


@dataclass(frozen=True)
class Choice:
    """One option. Its default stays out of the link.

    name: in the link, in the session, and of the field of `Selection` or the argument of a view. values: those that it
    may have. default_by: the name of what the default depends on, and the defaults that differ. title, help, names and
    about: what a person reads of it and of its values. replaces: value → words of the explorer that are others then.
    """

    name: str
    values: tuple[Any, ...]
    default: Any
    title: Message
    names: Mapping[Any, Message] = field(default_factory=dict)
    about: Mapping[Any, Message] = field(default_factory=dict)
    help: Message | None = None
    default_by: tuple[str, Mapping[Any, Any]] | None = None
    replaces: Mapping[Any, Mapping[str, Message]] = field(default_factory=dict)

    def default_in(self, context: Mapping[str, Any]) -> Any:
        """The default beside the other choices of ``context``."""
        if self.default_by is None:
            return self.default
        name, defaults = self.default_by
        return defaults.get(context[name], self.default)

    def from_link(self, text: str, context: Mapping[str, Any]) -> Any:
        """The value that a link asks for; the default for what is none of ours."""
        text = str(int(text)) if re.fullmatch(r"[0-9]{1,3}", text) else text
        known = {self.written(value): value for value in self.values}
        return known.get(text, self.default_in(context))

    def to_link(self, value: Any, context: Mapping[str, Any]) -> list[str]:
        """What the link says of a value: nothing of the default."""
        text = self.written(value)
        return [] if text == self.written(self.default_in(context)) else [text]

    def written(self, value: Any) -> str:
        """``lines``; ``true``; a share 0 … 1 in per cent, ``5``."""
        if isinstance(value, bool):
            return str(value).lower()
        return f"{round(100 * value)}" if isinstance(value, float) else str(value)

    def texts(self) -> dict[str, Message]:
        """The words of the explorer for it: {"metric": …, "metric_entropy": …, "about_entropy": …}."""
        return (
            {self.name: self.title}
            | {f"{self.name}_{value}": text for value, text in self.names.items()}
            | {f"about_{value}": text for value, text in self.about.items()}
        )


@dataclass(frozen=True)
class ShownChoice(Choice):
    """An option of what is shown of a trace. argument: of core.views.view.view, with ``means``: value → argument.

    applies: whether this trace and kind have it; ``otherwise``: its value where not. idle: whether it would change
    nothing beside the choices made before it.
    """

    argument: str = ""
    means: Mapping[Any, Any] = field(default_factory=dict)
    applies: Callable[[Trace, Kind], bool] = lambda trace, kind: True
    otherwise: Any = None
    idle: Callable[[Mapping[str, Any]], bool] = lambda choices: False


PICTURE = Choice(
    "picture",
    PICTURES,
    "matrix",
    Message("Picture"),
    names={
        "matrix": Message("Matrix"),
        "lines": Message("Lines"),
        "arcs": Message("Arcs"),
        "heads": Message("Heads"),
        "map": Message("Map"),
    },
    default_by=("scope", {"translate": "lines"}),
)
METRIC = Choice(
    "metric",
    HEAD_METRICS,
    HEAD_METRICS[0],
    Message("Colour of the map"),
    names={name: HEAD_CARDS[f"head_{name}"].name for name in HEAD_METRICS},
    about={name: HEAD_CARDS[f"head_{name}"].definition for name in HEAD_METRICS},
)
CUT = Choice(
    "cut",
    get_args(Cut),
    "top",
    Message("Which links are drawn"),
    names={"top": Message("strongest of each row, until they make up"), "least": Message("weights of at least")},
)
SHARE = Choice(
    "share",
    tuple(percent / 100 for percent in range(101)),
    0.6,
    Message("Threshold"),
    default_by=("cut", {"least": 0.05}),
)
SYNTAX = Choice("syntax", (False, True), False, Message("dependencies"))

DRAWN = (PICTURE, METRIC, CUT, SHARE, SYNTAX)
"""In the order in which their defaults depend on each other."""
OF_HEADS = (METRIC.name,)
"""Options that mean nothing where the heads of a picture are none of a model's."""

KIND = Choice(
    "kind",
    ("encoder", "decoder", "cross"),
    "cross",
    Message("Attention"),
    names={"encoder": Message("Encoder"), "decoder": Message("Decoder"), "cross": Message("Cross")},
)
STACK = Choice(
    "stack",
    ("encoder", "decoder"),
    "decoder",
    Message("Attention"),
    names={"encoder": Message("Encoder"), "decoder": Message("Decoder")},
)
UNIT = ShownChoice(
    "unit",
    ("words", "pieces"),
    "words",
    Message("Shown as"),
    names={"words": Message("Words"), "pieces": Message("Tokens")},
    help=Message(
        "A word of several tokens: what it receives is added up, what it gives is averaged. Rows still add up to 100%."
    ),
    argument="words",
    means={"words": True, "pieces": False},
)
ROWS = ShownChoice(
    "rows",
    ("written", "read"),
    "written",
    Message("A row is"),
    names={"written": Message("Word it writes"), "read": Message("Word just read")},
    help=Message(
        "A row of the decoder reads one word and writes the next. To see where a translation comes "
        "from, name the row by the word it writes."
    ),
    replaces={"written": {"looks": Message("is written"), "column_query": Message("is written")}},
    argument="rows",
    applies=lambda trace, kind: kind == "cross" and len(trace.target) >= 2,
    otherwise="read",
)
SPECIALS = ShownChoice(
    "specials",
    (True, False),
    True,
    Message("Show special tokens"),
    help=Message("Tokens that the model adds, such as [CLS] and [SEP]. What falls on them is always stated."),
    argument="specials",
)
FIRST = ShownChoice(
    "first",
    (True, False),
    True,
    Message("Show the first word"),
    help=Message(
        "Where much of a left-to-right model's attention rests, whatever the word. What falls on it is always stated."
    ),
    argument="first",
)
RESCALE = ShownChoice(
    "rescale",
    (False, True),
    False,
    Message("Rescale rows to 100% when they are hidden"),
    argument="renormalise",
    idle=lambda choices: choices["specials"] and choices["first"],
)
WEIGHT = ShownChoice(
    "weight",
    ("attention", "value_norm"),
    "attention",
    Message("Weight"),
    names={"attention": Message("Attention"), "value_norm": Message("× value norm")},
    help=Message(
        "A large weight on a small vector brings little. Times the norm of the value vector, as a share "
        "of the row: what the row takes from each word, by size."
    ),
    replaces={
        "value_norm": {
            "budget_mean": Message("budget of attention × value norm, mean of the rows:"),
            "budget_row": Message("budget of attention × value norm, {query}:"),
            "column_weight": Message("share by value norm"),
        }
    },
    argument="weight",
    applies=lambda trace, kind: trace.record(trace.attending(kind)[0], kind).vectors is not None,
    otherwise="attention",
)

SHOWN = (UNIT, ROWS, SPECIALS, FIRST, RESCALE, WEIGHT)
"""In the order of the widgets; all but the first are in the popover "Options"."""
