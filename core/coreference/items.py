"""Items: sentences in pairs that differ in one word, with the nouns that this word may go with.

An item file is JSON: ``{"about", "licence", "seed", "items": [...]}``, one item as `Item` says. Places are character
spans, so that a word that stands twice is never mistaken. Inside: the format, reading, the checker. Not inside: how a
model is asked (probes.py), what a person writes in a table (pair_rows.py).

Container conditions (design: gender × meaning)::

    P0  gender AND meaning     … da jarra para o copo até que ficasse cheio / vazia
    P1  gender AGAINST meaning … da jarra para o copo até que ficasse vazio / cheia
    P2  meaning only, both masculine      P3  meaning only, both feminine
    P4  genders of the two places swapped P5  overt pronoun
    P6  no feminine person or liquid      P7  order swapped: encheu o copo com água da jarra
    P8  order swapped, both of one gender

Translation conditions (an English “it”, a French pronoun; the gender of a candidate is that of its French noun)::

    T0  the nouns differ in gender: il or elle tells which is meant      T2  they do not: the pronoun tells nothing
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, get_args

from ..assets import ASSETS
from ..errors import BadFile, Message
from ..text.vocabulary import Span

ITEMS_FOLDER = ASSETS / "coreference"
CONTAINERS = ("P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8")
TRANSLATIONS = ("T0", "T2")
MASK = "[MASK]"
Gender = Literal["m", "f", ""]
Number = Literal[1, 2]


@dataclass(frozen=True)
class Candidate:
    """A noun that the probe word may go with.

    text: as it stands in the sentence; span: its characters there; gender: "" is unknown; role: its part in the event.
    """

    text: str
    span: Span
    gender: Gender
    role: str
    number: Number = 1


@dataclass(frozen=True)
class Item:
    """One sentence of a pair.

    pair: the name that the two members share. probe: span of the word that is asked about (the adjective; in P5 the
    pronoun precedes it). candidates: two or more, in the order of the text. gold: the one that gender and meaning, or
    meaning alone, give; in P1, where they disagree, gold is what GENDER says and ``meaning`` the other. options: forms
    that compete in the place of the probe; right: those of them that are true. question, overt: the same sentence
    asked otherwise, with one [MASK] in place of the gold noun. unseen: for containers, the pair was held out of
    training (always); for families, both nouns were. target: for a translator, the true translation of text (which
    begins with its language token); target_probe: span of the pronoun in it; target_other: the same with the other
    pronoun and what agrees with it.
    """

    id: str
    pair: str
    condition: str
    text: str
    probe: Span
    candidates: tuple[Candidate, ...]
    gold: int
    meaning: int
    options: tuple[str, ...]
    right: tuple[str, ...]
    question: str | None = None
    overt: str | None = None
    unseen: bool = False
    target: str | None = None
    target_probe: Span | None = None
    target_other: str | None = None

    @property
    def word(self) -> str:
        """The probe word as it stands in the text."""
        return self.text[slice(*self.probe)]

    @property
    def same_gender(self) -> bool:
        """Whether gender and number are known to leave all candidates open."""
        forms = {(noun.gender, noun.number) for noun in self.candidates}
        return len(forms) == 1 and all(gender for gender, _ in forms)

    def with_word(self, word: str) -> str:
        """The text with another word in the place of the probe word."""
        start, end = self.probe
        return self.text[:start] + word + self.text[end:]


@cache
def bundled_items(name: str) -> tuple[Item, ...]:
    """The items of ``assets/coreference/<name>.json``: containers, families or translations."""
    return parse_items((ITEMS_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def parse_items(text: str) -> tuple[Item, ...]:
    """Items from the JSON of an item file.

    Raises:
        BadFile: no JSON, a field missing or of another type, or an item that the checker refuses, named by its id.
    """
    try:
        rows = json.loads(text)["items"]
        items = tuple(_item(row) for row in rows)
        faults = [(item.id, *fault) for item in items for fault in problems(item)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise BadFile("This is no file of items: {reason}.", reason=repr(error)[:200]) from error
    for name, field, problem in faults:
        raise BadFile("Item {id}, {field}: {problem}", id=name, field=field, problem=problem)
    return items


def as_rows(items: Iterable[Item]) -> list[dict[str, Any]]:
    """The same as JSON values; empty optional fields are left out."""
    return [_row(item) for item in items]


def problems(item: Item) -> list[tuple[str, Message]]:
    """(field, what is wrong) of an item; empty when it is sound.

    Checked: spans, one gold, agreement, one mask in each question, a translation with its pronoun.
    """
    return [
        *_of_spans(item),
        *_of_gold(item),
        *_of_options(item),
        *_of_target(item),
        *_of_template(item, "question", item.question),
        *_of_template(item, "overt", item.overt),
    ]


def _of_template(item: Item, field: str, text: str | None) -> list[tuple[str, Message]]:
    """What is wrong with a sentence that hides the noun."""
    faults: list[tuple[str, Message]] = []
    if text is None:
        return faults
    if text.count(MASK) != 1:
        faults.append((field, Message("“{text}” must hold [MASK] exactly once.", text=text)))
    start = item.text[: item.candidates[-1].span[1]] if item.candidates else ""
    if not text.startswith(start):
        message = Message("The question repeats its sentence first. It must begin with “{start}”.", start=start)
        faults.append((field, message))
    return faults


def _of_spans(item: Item) -> list[tuple[str, Message]]:
    """What is wrong with the characters that the probe word and the candidates cover."""
    faults = []
    spans = [("probe", item.probe), *(("candidates", noun.span) for noun in item.candidates)]
    for field, (start, end) in spans:
        if not 0 <= start < end <= len(item.text):
            message = Message("Characters {start} to {end} are not in the sentence.", start=start, end=end)
            faults.append((field, message))
    for noun in item.candidates:
        covered = item.text[slice(*noun.span)]
        if covered != noun.text:
            message = Message("“{text}” was expected where the sentence has “{there}”.", text=noun.text, there=covered)
            faults.append(("candidates", message))
    if [noun.span for noun in item.candidates] != sorted(noun.span for noun in item.candidates):
        faults.append(("candidates", Message("The candidates must stand in the order of the text.")))
    if any(noun.gender not in get_args(Gender) or noun.number not in get_args(Number) for noun in item.candidates):
        faults.append(("candidates", Message("A gender must be m, f or empty, and a number 1 or 2.")))
    ordered = sorted(span for _, span in spans)
    if any(before[1] > after[0] for before, after in zip(ordered, ordered[1:], strict=False)):
        faults.append(("candidates", Message("The probe word and the candidates overlap.")))
    return faults


def _of_gold(item: Item) -> list[tuple[str, Message]]:
    """What is wrong with the number of candidates, or with the ones that are called true."""
    n = len(item.candidates)
    if n < 2:
        return [("candidates", Message("Two or more candidates were expected, and there is {n}.", n=n))]
    outside = [field for field in ("gold", "meaning") if not 0 <= getattr(item, field) < n]
    return [(field, Message("There are {n} candidates, numbered 0 to {last}.", n=n, last=n - 1)) for field in outside]


def _of_options(item: Item) -> list[tuple[str, Message]]:
    """What is wrong with the forms that compete."""
    faults = []
    if item.word not in item.options:
        faults.append(("options", Message("The probe word “{word}” is not among the options.", word=item.word)))
    if not item.right or not set(item.right) <= set(item.options):
        faults.append(("right", Message("The right forms must be among the options, and there must be one.")))
    return faults


def _of_target(item: Item) -> list[tuple[str, Message]]:
    """What is wrong with the translation."""
    if item.target is None:
        extra = [field for field in ("target_probe", "target_other") if getattr(item, field) is not None]
        return [(field, Message("There is no translation that it could belong to.")) for field in extra]
    if item.target_probe is None:
        return [("target_probe", Message("Where the pronoun stands in the translation must be said."))]
    start, end = item.target_probe
    if not 0 <= start < end <= len(item.target):
        return [
            ("target_probe", Message("Characters {start} to {end} are not in the translation.", start=start, end=end))
        ]
    if item.target_other is not None and not _differs_from(item.target, item.target_other, start):
        return [
            (
                "target_other",
                Message("The other translation must be the same up to the pronoun, and another one after it."),
            )
        ]
    return []


def _differs_from(target: str, other: str, start: int) -> bool:
    """Whether two translations part at a character and not before it: qu'il and qu'elle part after qu'."""
    return target[:start] == other[:start] and target[start:] != other[start:]


def _row(item: Item) -> dict[str, Any]:
    row = {field.name: getattr(item, field.name) for field in fields(item)}
    row["candidates"] = [vars(noun) | {"span": list(noun.span)} for noun in item.candidates]
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in row.items() if value is not None
    }


def _item(row: dict[str, Any]) -> Item:
    values = {field.name: row[field.name] for field in fields(Item) if field.name in row}
    values["candidates"] = tuple(Candidate(**noun | {"span": _pair(noun["span"])}) for noun in row["candidates"])
    if values.get("target_probe") is not None:
        values["target_probe"] = _pair(values["target_probe"])
    return Item(
        **values | {"probe": _pair(row["probe"]), "options": tuple(row["options"]), "right": tuple(row["right"])}
    )


def _pair(values: Sequence[int]) -> Span:
    start, end = values
    return int(start), int(end)


def pair_nearest(items: Iterable[Item], condition: str, to: str) -> tuple[Item, Item]:
    """The pair of a condition whose first sentence shares most words with ``to``: the one to show beside it."""
    candidates = [item for item in items if item.condition == condition]
    wanted = set(to.lower().split())
    best = max(candidates, key=lambda item: len(wanted & set(item.text.lower().split())))
    first, second = (item for item in candidates if item.pair == best.pair)
    return first, second
