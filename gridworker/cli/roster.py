"""``gridworker roster``: ledgers in and out."""

from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, asked_purpose, workspace
from gridworker.text import gettext

commands = typer.Typer(no_args_is_help=True, help="Read, import and export ledgers of residents.")

File = Annotated[Path, typer.Argument(help="A spreadsheet: .xlsx, .xls, .ods, .csv or .txt.")]


@commands.command()
def read(file: File, as_json: Json = False) -> None:
    """Show what an import would see. Touches no store."""
    from gridworker.app.rosters import Rosters

    neutral = Rosters.read(file)
    text = gettext("{residents} residents in {households} households, {problems} remarks.")
    counts = {name: len(found) for name, found in neutral.items()}
    answer(neutral, as_json=as_json, lines=[text.format(**counts)])


@commands.command("import")
def import_(
    file: File,
    grid: Annotated[str, typer.Option("--grid", help="The grid the ledger is of, by name or number.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare only; save nothing.")] = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Import a ledger in one step that can be undone as a whole."""
    with workspace(dir_, passphrase_file) as opened:
        where = opened.devices.grid(grid)
        preview = opened.rosters.preview(file, where)
        if not dry_run:
            opened.rosters.save(preview)
        problems = preview.roster.to_neutral()["problems"]
        after = opened.rosters.neutral(where) | {"problems": problems, "counts": dict(preview.counts)}
    text = gettext("New {new}, changed {changed}, the same {same}, rejected {rejected}.")
    counts = {state: preview.counts.get(state, 0) for state in ("new", "changed", "same", "rejected")}
    rejected = [
        gettext("Row {row}: {reason}").format(row=row.row, reason=reason)
        for row in preview.rows
        for reason in row.reasons
    ]
    answer(after, as_json=as_json, lines=[text.format(**counts), *rejected])


@commands.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: .xlsx or .csv.")],
    grid: Annotated[str | None, typer.Option("--grid", help="Only one grid, by name or number.")] = None,
    ledger: Annotated[
        str, typer.Option("--ledger", help="residents, households, visits, issues, disputes or shops.")
    ] = "",
    preset: Annotated[str, typer.Option("--preset", help="The form of one superior, by its name.")] = "",
    format_: Annotated[str, typer.Option("--format", help="xlsx or csv, where the name does not say it.")] = "",
    purpose: Annotated[
        str, typer.Option("--purpose", help="visit, check, report, archive, request or inspection; put on record.")
    ] = "",
    minors: Annotated[
        bool, typer.Option("--minors", help="All that is known of under-14s; else only relation and year.")
    ] = False,
    approval: Annotated[
        str, typer.Option("--approval", help="The office's code, for more than a laptop exports.")
    ] = "",
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a ledger to a spreadsheet; numbers are masked, the export is put on record."""
    from gridworker.app.roster_export import ExportWish

    where_to = _named(file, format_)
    with workspace(dir_, passphrase_file) as opened:
        where = opened.devices.grid(grid) if grid else None
        wish = ExportWish(where_to, asked_purpose(purpose), where, minors, approval, ledger, preset)
        count = opened.rosters.export(wish)
    name = "residents" if ledger in {"", "residents"} and not preset else "rows"
    answer({"file": str(where_to), name: count}, as_json=as_json, lines=[str(where_to)])


@commands.command()
def template(
    file: Annotated[Path, typer.Argument(help="Where to write: .xlsx or .csv.")],
    ledger: Annotated[
        str, typer.Option("--ledger", help="residents, households, visits, issues, disputes or shops.")
    ] = "residents",
    format_: Annotated[str, typer.Option("--format", help="xlsx or csv, where the name does not say it.")] = "",
    as_json: Json = False,
) -> None:
    """Write a blank form of a ledger, to be filled in and imported. Touches no store."""
    from gridworker.app.rosters import Rosters

    where_to = _named(file, format_)
    Rosters.template(where_to, ledger)
    answer({"file": str(where_to), "ledger": ledger}, as_json=as_json, lines=[str(where_to)])


def _named(file: Path, format_: str) -> Path:
    """The file with the ending its format has."""
    suffix = f".{format_.lower().lstrip('.')}" if format_ else ""
    return file if not suffix or file.suffix.lower() == suffix else file.with_name(file.name + suffix)
