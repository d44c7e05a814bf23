"""``gridworker roster``: ledgers in and out."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.app.files.keeping_files import keep_unless_asked
from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, asked_purpose, workspace
from gridworker.errors import Problem, RosterProblem, StoreProblem
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.ledger.preview_rows import RowPlan
    from gridworker.app.roster.rosters import Seen
    from gridworker.app.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="Read, import and export ledgers of residents.")

File = Annotated[Path, typer.Argument(help="A spreadsheet: .xlsx, .xls, .ods, .csv or .txt.")]

Map = Annotated[
    Path | None,
    typer.Option("--map", help="A file that says what the columns hold, as “roster columns --json” writes it."),
]

Purpose = Annotated[
    str,
    typer.Option("--purpose", help="visit, check, report, archive, request or inspection, or in words; put on record."),
]


LedgerName = Annotated[
    str,
    typer.Option(
        "--ledger",
        help="residents, households, visits, issues, disputes, needs, shops, requests, volunteering, shifts, "
        "trainings, posts or disclosures.",
    ),
]

Replace = Annotated[bool, typer.Option("--replace", help="Take the place of a table that stands there.")]


@commands.command()
def read(file: File, map_: Map = None, as_json: Json = False) -> None:
    """Show what an import would see. Touches no store."""
    from gridworker.app.roster.rosters import Rosters

    try:
        neutral = Rosters.read(file, mapping=Rosters.mapping(map_) if map_ else None)
    except RosterProblem as problem:
        if as_json:
            answer(Rosters.refused(problem), as_json=True)
        raise
    text = gettext("{residents} residents in {households} households, {problems} remarks.")
    counts = {name: len(found) for name, found in neutral.items()}
    answer(neutral, as_json=as_json, lines=[text.format(**counts)])


@commands.command()
def columns(file: File, map_: Map = None, as_json: Json = False) -> None:
    """Show what each column of a ledger is taken for; the JSON can be changed and given back with --map."""
    from gridworker.app.roster.rosters import Rosters

    found = Rosters.columns(file, mapping=Rosters.mapping(map_) if map_ else None)
    answer(found, as_json=as_json, lines=[f"{header}  {field}" for header, field in found["fields"].items()])


@commands.command("import")
def import_(
    file: File,
    grid: Annotated[str, typer.Option("--grid", help="The grid the ledger is of, by name or number.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare only; save nothing.")] = False,
    map_: Map = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(
            "--apart",
            help="A row taken for somebody who moved, if it is another person: its number or SHEET:ROW. May repeat.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write every row with its reason there: .xlsx or .csv; masked.")
    ] = None,
    purpose: Purpose = "",
    replace: Replace = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Import a ledger, of people or a filled-in form, in one step that can be undone as a whole.

    Columns given with --map are remembered for the next ledger with a header like it.
    """
    from gridworker.app.ledger.forms import FormPreview
    from gridworker.app.roster.report import counts_line

    with workspace(dir_, passphrase_file) as opened:
        where = opened.devices.grid(grid)
        why = _allowed_report(opened, report, purpose, replace=replace) if report is not None else ""
        preview = opened.rosters.look(file, where, mapping=opened.rosters.mapping(map_) if map_ else None)
        if apart:
            if isinstance(preview, FormPreview):
                raise Problem("Rows are told apart in ledgers of people; this is a form of another ledger.")
            preview = opened.rosters.told_apart(preview, apart)
        if not dry_run:
            opened.rosters.keep(preview)
        unwritten = _unreported(opened, preview, report, why, dry_run=dry_run)
        counts = {**preview.counts, "suspect": preview.suspect}
        if isinstance(preview, FormPreview):
            after = {"ledger": preview.ledger, "counts": counts, "rows": _rows(preview.rows)}
        else:
            after = opened.rosters.neutral(where) | {"problems": preview.roster.to_neutral()["problems"]}
            after["counts"] = counts
    rejected = [
        gettext("Row {row}: {reason}").format(row=row.row, reason=reason)
        for row in preview.rows
        for reason in row.reasons
    ]
    notices = [preview.title] if isinstance(preview, FormPreview) else []
    if not isinstance(preview, FormPreview) and preview.of_grid:
        said = gettext("By the books the people of this ledger live in {grid}. Is it a ledger of that grid?")
        rejected.insert(0, said.format(grid=preview.of_grid))
    answer(after, as_json=as_json, lines=[*notices, counts_line(preview), *preview.notices, *rejected])
    if unwritten is not None:
        raise Problem(
            "The ledger was taken in, but its report was not written: is there room for “{name}”, and may it be "
            "written there? Import it once more with another place: nobody is taken in twice.",
            name=report.name if report else "",
        ) from unwritten


def _allowed_report(opened: "Workspace", report: Path, purpose: str, *, replace: bool) -> str:
    """What it is for. Raises Problem where it could not be written: before anything is taken in."""
    from gridworker.app.words.purposes import checked_purpose

    keep_unless_asked(report, replace=replace)
    opened.rosters.check_report(report)
    return checked_purpose(asked_purpose(purpose))


def _unreported(
    opened: "Workspace", preview: "Seen", report: Path | None, why: str, *, dry_run: bool
) -> StoreProblem | None:
    """Write the report; why it could not be written. What the ledger brought is there by then, but in a dry run."""
    if report is None:
        return None
    try:
        opened.rosters.report(preview, report, purpose=why)
    except StoreProblem as fault:
        if dry_run:
            raise
        return fault
    return None


def _rows(rows: "Sequence[RowPlan]") -> list[dict[str, object]]:
    """What became of each row of a form, without what it says."""
    return [
        {"sheet": row.sheet, "row": row.row, "state": row.state.value, "reasons": list(row.reasons)} for row in rows
    ]


@commands.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: .xlsx or .csv.")],
    grid: Annotated[str | None, typer.Option("--grid", help="Only one grid, by name or number.")] = None,
    ledger: LedgerName = "",
    preset: Annotated[str, typer.Option("--preset", help="The form of one superior, by its name.")] = "",
    since: Annotated[str, typer.Option("--since", help="The first day, of ledgers that have days: 2026-03-01.")] = "",
    until: Annotated[str, typer.Option("--until", help="The last day, of ledgers that have days.")] = "",
    format_: Annotated[str, typer.Option("--format", help="xlsx or csv, where the name does not say it.")] = "",
    purpose: Purpose = "",
    minors: Annotated[
        bool, typer.Option("--minors", help="All that is known of under-14s; else only relation and year.")
    ] = False,
    approval: Annotated[
        str, typer.Option("--approval", help="The office's code, for more than a laptop exports.")
    ] = "",
    replace: Replace = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a ledger to a spreadsheet; numbers are masked, the export is put on record."""
    from gridworker.app.roster.export import ExportWish

    where_to = _named(file, format_)
    keep_unless_asked(where_to, replace=replace)
    with workspace(dir_, passphrase_file) as opened:
        where = opened.devices.grid(grid) if grid else None
        days = (_day(since), _day(until))
        wish = ExportWish(where_to, asked_purpose(purpose), where, minors, approval, ledger, preset, *days)
        count = opened.rosters.export(wish)
    name = "residents" if ledger in {"", "residents"} and not preset else "rows"
    answer({"file": str(where_to), name: count}, as_json=as_json, lines=[str(where_to)])


@commands.command()
def template(
    file: Annotated[Path, typer.Argument(help="Where to write: .xlsx or .csv.")],
    ledger: LedgerName = "residents",
    format_: Annotated[str, typer.Option("--format", help="xlsx or csv, where the name does not say it.")] = "",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Write a blank form of a ledger. Touches no store.

    Those of residents, households and the registers import again filled in; those of visits, issues, disputes and
    needs are for paper: what has a history is written in the window.
    """
    from gridworker.app.roster.rosters import Rosters

    where_to = _named(file, format_)
    keep_unless_asked(where_to, replace=replace)
    Rosters.template(where_to, ledger)
    answer({"file": str(where_to), "ledger": ledger}, as_json=as_json, lines=[str(where_to)])


def _day(text: str) -> date | None:
    """A day that was given. Raises Problem."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem("Write the date as year-month-day, like 2026-03-18.") from None


def _named(file: Path, format_: str) -> Path:
    """The file with the ending its format has."""
    suffix = f".{format_.lower().lstrip('.')}" if format_ else ""
    return file if not suffix or file.suffix.lower() == suffix else file.with_name(file.name + suffix)
