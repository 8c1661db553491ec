"""``python -m core classroom``: what a teacher does with lessons and answers outside of a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import BadInput, Message
from ..languages import DEFAULT, LANGUAGES
from .inputs import say

if TYPE_CHECKING:
    from ..classroom.answer_files import GivenAnswer
    from ..classroom.inventory import Inventory

classroom = typer.Typer(help="Lessons and answers of a class.", no_args_is_help=True)


@classroom.command()
def report(
    file: Annotated[Path, typer.Argument(help="Answers to the concept inventory: CSV or JSON.")],
    post: Annotated[Path | None, typer.Option(help="A second file: its answers are those after the lessons.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Difficulty, discrimination, Cronbach's alpha, normalised gain and misconceptions, with 95 % intervals."""
    from dataclasses import replace

    from ..classroom.inventory import bundled_inventory
    from ..classroom.inventory_report import FEW_FOR_ITEMS, inventory_report, report_rows

    inventory = bundled_inventory()
    answers = _answers(file, inventory)
    if post is not None:
        answers += [replace(answer, occasion="post") for answer in _answers(post, inventory)]
    document = inventory_report(answers, inventory)
    if min(part.persons for part in document.occasions.values()) < FEW_FOR_ITEMS:
        few = Message("Fewer than {n} persons: statistics of single items say little.", n=FEW_FOR_ITEMS)
        say(few)
    rows = report_rows(document, inventory)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    _table(rows)


@classroom.command()
def handout(
    lesson: Annotated[str, typer.Argument(help="A bundled lesson by name, or a lesson file (YAML).")],
    out: Annotated[Path | None, typer.Option(help="The HTML file to write; beside you, named as the lesson.")] = None,
    language: Annotated[str, typer.Option(help=f"Of the sheet: {', '.join(LANGUAGES)}.")] = DEFAULT,
    link: Annotated[str, typer.Option(help="An address to print with its QR code.")] = "",
) -> None:
    """One lesson on one sheet of A4, as an HTML file that needs no network: open it in a browser and print it."""
    from ..assets import ASSETS
    from ..classroom.lesson_file import read_lesson
    from ..export.handout import handout_page
    from ..files.local import local_bytes

    if language not in LANGUAGES:
        raise typer.BadParameter(f"“{language}” is none of {', '.join(LANGUAGES)}", param_hint="--language")
    bundled = {path.stem: path for path in sorted((ASSETS / "lessons").glob("*.yaml"))}
    path = bundled.get(lesson, Path(lesson))
    if lesson not in bundled and not path.is_file():
        known = ", ".join(bundled)
        raise BadInput(
            "There is no lesson “{name}”; those that come with Mirante are {known}.", name=lesson, known=known
        )
    page = handout_page(read_lesson(local_bytes(path), path.name), language, file=path.name, address=link)
    target = out or Path(f"{path.stem}-{language}.html")
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInput("The file “{path}” cannot be written: {detail}", path=target, detail=error.strerror) from error
    typer.echo(str(target))


def _answers(file: Path, inventory: Inventory) -> list[GivenAnswer]:
    from ..classroom.answer_files import read_answers
    from ..files.local import local_bytes

    content = read_answers(local_bytes(file), file.name, inventory)
    if content.passed:
        say(
            Message(
                "{name}: rows that are no answer to the inventory, passed over: {n}.", name=file.name, n=content.passed
            )
        )
    return list(content.answers)


def _table(rows: list[dict[str, Any]]) -> None:
    typer.echo("\t".join(rows[0]))
    for row in rows:
        cells = (
            "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
            for value in row.values()
        )
        typer.echo("\t".join(cells))
