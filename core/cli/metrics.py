"""``python -m core metrics``: the card of every number; and the help of each command, which names those that it makes.

Cards are read when somebody asks for them: the methods of Caminhos bring torch."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ..errors import Message
from .speech import said


class NumbersCommand(TyperCommand):
    """A command whose help ends with the names of its numbers."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with the numbers as its last lines."""
        from ..metrics.registry import cards_of_command

        if self.name and (cards := cards_of_command(self.name)):
            names = "; ".join(f"{said(card.name)} ({card.key})" for card in cards)
            self.epilog = said(
                Message(
                    "Its numbers: {names}. What each is: python -m core metrics NAME.", names=Message(names)
                )  # a plain field would be cut
            )
        super().format_help(ctx, formatter)


def metrics(
    name: Annotated[
        str | None, typer.Argument(help="A number, or part of its name; all are listed when left out.")
    ] = None,
) -> None:
    """What a number is: definition, formula, unit, null, source, and the command that makes it."""
    from ..metrics.registry import matching_cards, metric_cards

    if name is None:
        for card in metric_cards().values():
            typer.echo(f"{card.key}\t{said(card.name)}\t{said(card.definition)}")
        return
    for card in matching_cards(name):
        typer.echo(f"{said(card.name)} ({card.key})\n  {said(card.definition)}")
        for title, fact in card.facts():
            typer.echo(f"  {said(title)}: {said(fact) if isinstance(fact, Message) else fact}")
