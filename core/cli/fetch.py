"""``python -m core fetch``: says what a model costs and allows, asks, and brings it to the models folder.

What is fetched, checked and converted is in core/fetching. Messages and the question go to standard error, in the
language of whoever types; the folder goes to standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BadInput, Message, MiranteError
from .speech import megabytes, said, whole

if TYPE_CHECKING:
    from ..fetching.bringing import Brought
    from ..fetching.repository import FetchPlan
    from ..models.sources import Source

_KINDS = {
    "encoder": Message("encoder"),
    "decoder": Message("decoder"),
    "encoder-decoder": Message("encoder–decoder"),
    "vision": Message("a model of pictures"),
}
EXAMPLE = "neuralmind/bert-base-portuguese-cased"


def fetch(
    name: Annotated[
        str, typer.Argument(help=f"An id of the hub, such as {EXAMPLE}; or a folder.", metavar="ID|FOLDER")
    ],
    revision: Annotated[str | None, typer.Option(help="Branch, tag or commit; the main one when left out.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    into: Annotated[
        Path | None, typer.Option(help="The models folder: MIRANTE_MODELS, else ./models, when left out.")
    ] = None,
) -> None:
    """Bring a model of the hub, or of a folder, to the models folder; pickled weights become safetensors.

    Says size and licence first and asks. Stopped, the same command goes on from there. The hub, its cache, tokens and
    proxies are those of huggingface_hub: HF_ENDPOINT, HF_HOME, HF_TOKEN, HTTPS_PROXY. Code that comes with a model is
    neither fetched nor run.
    """
    from ..models.sources import default_root, locate

    root = into or default_root()
    source = locate(name)
    if source.origin == "bundled":
        raise BadInput("“{name}” comes with Mirante: there is nothing to fetch.", name=name)
    brought: Brought | None
    try:
        if source.origin == "folder" and not _is_of_the_hub(source):
            brought = _convert_folder(Path(source.location), root, yes)
        else:
            brought = _fetch_from_hub(source.name, revision, root, yes)
    except KeyboardInterrupt as stopped:
        raise MiranteError("Stopped. What is here is kept: the same command goes on from there.") from stopped
    if brought is not None:
        _tell(_closing(brought))
        typer.echo(str(brought.folder))


def _is_of_the_hub(source: Source) -> bool:
    """Whether a folder of the models folder is that of a hub id: fetched before, or nothing is in it."""
    from ..fetching.bringing import RECORD
    from ..models.sources import HUB_ID

    folder = Path(source.location)
    known = (folder / RECORD).is_file() or not (folder / "config.json").is_file()
    return known and HUB_ID.fullmatch(source.name) is not None


def _fetch_from_hub(name: str, revision: str | None, root: Path, yes: bool) -> Brought | None:
    """None: it is there already."""
    from ..fetching.bringing import bring, recorded_commit
    from ..fetching.repository import plan_fetch
    from ..models.folder_check import model_limit

    plan = plan_fetch(name, revision, model_limit())
    if recorded_commit(root / name) == plan.commit:
        _tell(Message("“{name}” is there already, as the hub has it.", name=name))
        typer.echo(str(root / name))
        return None
    _announce(plan, root)
    _ask(yes)
    with _bar(plan.bytes) as received:
        return bring(plan, root, received=received, tell=_step, limit_mb=model_limit() / 1e6)


def _convert_folder(folder: Path, root: Path, yes: bool) -> Brought:
    from ..fetching.bringing import bring_folder
    from ..models.folder_check import model_limit

    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    _tell(Message("Folder: {folder} ({size}). To: {root}", folder=str(folder), size=megabytes(size), root=str(root)))
    _ask(yes)
    return bring_folder(folder, root, tell=_step, limit_mb=model_limit() / 1e6)


def _announce(plan: FetchPlan, root: Path) -> None:
    """What it is, what it costs, what it allows."""
    _tell(Message("Model: {name}, commit {commit}", name=plan.name, commit=plan.commit[:12]))
    if plan.licence is None:
        _tell(Message("Licence: none is named on the hub. Without one nothing is allowed by default: ask its authors."))
    else:
        _tell(Message("Licence: {licence}", licence=plan.licence))
    _tell(Message("To fetch: {size} in {n} files", size=megabytes(plan.bytes), n=len(plan.files)))
    if plan.pickled:
        _tell(
            Message(
                "The weights are pickled: they are converted to safetensors here, in a process that runs no code, and "
                "the pickles are not kept ({size} of disk meanwhile).",
                size=megabytes(plan.disk_bytes),
            )
        )
    _tell(Message("To: {folder}", folder=str(root / plan.name)))


def _ask(yes: bool) -> None:
    """Go on, or end with status 1.

    Raises:
        BadInput: nobody can answer.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput("Nothing was fetched: this is no terminal where one could answer. Add --yes to agree.")
    letters = said(Message("y/n"))
    question = said(Message("Fetch it?"))
    answer = input(f"{question} [{letters}] ").strip().lower()
    if answer[:1] not in ("y", letters[0]):
        _tell(Message("Nothing was fetched."))
        raise typer.Exit(1)


def _step(step: str, what: str) -> None:
    steps = {
        "convert": Message("Converting {file} …", file=what),
        "try": Message("Trying {file}: loading it as the pages do …", file=what),
    }
    if step in steps:
        _tell(steps[step])


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, and a line for every tenth elsewhere; bytes are reported to what this yields."""
    done, shown = 0, -1

    def received(size: int) -> None:
        nonlocal done, shown
        done += size
        tenth = 10 * done // max(1, total)
        if sys.stderr.isatty():
            line = f"\r{100 * done // max(1, total):3d} %  {megabytes(done)} / {megabytes(total)}   "
            typer.echo(line, err=True, nl=done >= total)
        elif tenth > shown:
            shown = tenth
            typer.echo(f"{megabytes(done)} / {megabytes(total)}", err=True)

    yield received


def _closing(brought: Brought) -> Message:
    return Message(
        "“{name}” is in the models folder: {kind}, {layers} layers, {parameters} parameters; its attention was tried. "
        "Choose it in the model field by that name.",
        name=brought.name,
        kind=_KINDS[brought.kind],
        layers=brought.layers,
        parameters=whole(brought.parameters),
    )


def _tell(message: Message) -> None:
    typer.echo(said(message), err=True)
