"""The command line: ``python -m core --help``. Thin: every command calls one public function; those of the analyses are
in commands.py.

Results go to standard output (JSON where asked), messages to standard error. Exit status: 0 done, 1 refused
with a message, 2 wrong usage.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .cli import analyses, looks
from .cli.classroom import classroom
from .cli.fetch import fetch
from .cli.inputs import SourceLanguage, TargetLanguage, given_text, say
from .cli.metrics import NumbersCommand, metrics
from .cli.speech import said
from .errors import MiranteError
from .languages import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from .tracing.trace import Trace

app = typer.Typer(
    help="Mirante: what attention does inside real transformers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _known_language(language: str) -> str:
    if language not in LANGUAGES:
        raise typer.BadParameter(f"“{language}” is none of {', '.join(LANGUAGES)}")
    return language


@app.command()
def capture(
    model: Annotated[str, typer.Option(help="Bundled name, hub id or folder.")],
    text: Annotated[str, typer.Option(help="The sentence; “-” reads it from standard input.")],
    out: Annotated[Path, typer.Option(help="The file to write: .safetensors, else NPZ.")],
    target: Annotated[
        str | None, typer.Option(help="Target text of an encoder–decoder; generated when left out.")
    ] = None,
    source_language: SourceLanguage = None,
    target_language: TargetLanguage = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Run a model on a sentence; save pieces, attention, queries, keys, values, provenance as NPZ or safetensors."""
    from .export import save
    from .models.loading import load
    from .models.translating import translating
    from .tracing.captures import capture as run

    _check_folder(out)
    trace = run(translating(load(model, device=device), source_language, target_language), given_text(text), target)
    save(trace, out)
    sizes = ", ".join(f"{kind} {trace.layers(kind)} × {trace.heads(kind)}" for kind in trace.kinds)
    typer.echo(f"{out}: {len(trace.tokens.pieces)} tokens, layers × heads: {sizes}", err=True)
    _say_caution(trace)


def _say_caution(trace: Trace) -> None:
    if trace.provenance.caution is not None:
        typer.echo(str(trace.provenance.caution), err=True)


def _check_folder(out: Path) -> None:
    if not out.parent.is_dir():
        raise typer.BadParameter(f"the folder {out.parent} does not exist", param_hint="--out")


@app.command()
def export(
    model: Annotated[str, typer.Option(help="Bundled name, hub id or folder.")],
    text: Annotated[str, typer.Option(help="The sentence; “-” reads it from standard input.")],
    layer: Annotated[int, typer.Option(min=1, help="Counted from 1, as on the page.")],
    head: Annotated[int, typer.Option(min=1, help="Counted from 1, as on the page.")],
    format: Annotated[Literal["csv", "json", "latex", "html"], typer.Option("--as", help="What to write.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    target: Annotated[
        str | None, typer.Option(help="Target text of an encoder–decoder; generated when left out.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="encoder, decoder or cross, where the model has more than one.")
    ] = None,
    pieces: Annotated[
        bool, typer.Option("--pieces", help="Pieces as the model reads them, instead of whole words.")
    ] = False,
    specials: Annotated[
        bool, typer.Option("--specials/--no-specials", help="Show or hide the tokens that the model adds.")
    ] = True,
    weight: Annotated[
        Literal["attention", "value_norm"], typer.Option(help="Of a cell: the attention, or times the value norm.")
    ] = "attention",
    language: Annotated[
        str, typer.Option(callback=_known_language, help=f"Of captions and of the HTML page: {', '.join(LANGUAGES)}.")
    ] = DEFAULT,
    source_language: SourceLanguage = None,
    target_language: TargetLanguage = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Write one head of a model on a sentence as CSV, JSON, a LaTeX table, or one HTML file for no network."""
    from .axes import from_one
    from .export import record, write_file
    from .export.files import file_bytes
    from .models.loading import load
    from .models.translating import translating
    from .tracing.captures import capture as run
    from .views.view import view

    _check_folder(out)
    trace = run(translating(load(model, device=device), source_language, target_language), given_text(text), target)
    summary = view(trace, trace.checked_kind(kind), words=not pieces, specials=specials, weight=weight)
    heads = [from_one(layer, head, summary.layers, summary.heads)]
    data = file_bytes(format, summary, heads, record(trace, summary, heads), language)
    write_file(out, data)
    typer.echo(f"{out}: {len(data):,} bytes", err=True)
    _say_caution(trace)


@app.command()
def coref(
    model: Annotated[str, typer.Option(help="Bundled name, hub id or folder.")],
    items: Annotated[
        str,
        typer.Option(
            help=(
                "containers, families, translations, a JSON file of items, a CSV of pairs, or the Portuguese "
                "Winograd schemas (.jsonl, .jsonl.gz)."
            )
        ),
    ] = "containers",
    probe: Annotated[
        list[str] | None,
        typer.Option(help="adjective, pronoun, question, overt, cross (translators); all when left out."),
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option(help="P0 … P8, a family's name, T0, T2, wsc or wsc_pt; all when left out.")
    ] = None,
    causal: Annotated[
        bool, typer.Option("--causal", help="Cut the edges to the nouns too, and see what falls.")
    ] = False,
    twin: Annotated[bool, typer.Option("--twin", help="The random twin of the model instead: the null.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Run the coreference bench: heads, choices, chance lines, rules, 95 % intervals."""
    from .cli.coreference import read_items, read_probes
    from .coreference import bench, conditions, learned, report
    from .models.devices import one_thread
    from .models.loading import load
    from .models.random_twin import twin as random_twin

    chosen, probes = (
        read_items(items, condition, tell=say),
        read_probes(probe),
    )
    one_thread()  # short sentences: a second thread costs more than it brings
    lm = load(model, device=device)
    if (note := learned.length_note(lm, chosen)) is not None:
        say(note)
    readable_items = learned.learned_items(lm, chosen)
    lm = random_twin(lm) if twin else lm
    results = [
        result
        for name in probes
        for result in conditions.condition_results(
            bench.run_bench(lm, readable_items, name, _progress(name), causal=causal), name
        )
    ]
    if as_json:
        typer.echo(json.dumps(report.document(lm, results), ensure_ascii=False, indent=1))
        return
    for row in report.rows(results):
        typer.echo(
            "\t".join(
                "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
                for value in row.values()
            )
        )


def _progress(name: str):
    """Counts on standard error, every hundred items."""

    def report(done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            typer.echo(f"{name}: {done} / {total}", err=True)

    return report


@app.command()
def models(as_json: Annotated[bool, typer.Option("--json", help="One JSON list on standard output.")] = False) -> None:
    """List the bundled models: name, kind, layers, heads, parameters, vocabulary."""
    from .models.catalog import entries

    rows = [entry.as_dict() for entry in entries()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for entry in rows:
        typer.echo(
            "{name}  {kind}  {layers} layers × {heads} heads  {parameters:,} parameters  {vocabulary:,} words".format(
                **entry
            )
        )


def main() -> None:
    """Entry point: an error of ours is one line on standard error and exit status 1."""
    try:
        app()
    except MiranteError as error:
        say(f"mirante: {said(error)}")
        raise SystemExit(1) from None


analyses.add(app)
looks.add_looks(app)
app.command()(fetch)
app.command()(metrics)
app.add_typer(classroom, name="classroom")
for _registered in app.registered_commands:
    _registered.cls = NumbersCommand


if __name__ == "__main__":
    main()
